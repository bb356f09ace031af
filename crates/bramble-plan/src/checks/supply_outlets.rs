//! `supply-outlets`: whether there is a port for each board. Not in here: what a
//! port gives (`supply_port`).

use std::collections::BTreeMap;
use std::sync::Arc;

use bramble_cluster::catalogue::Supply;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::{Check, feeding, supply_total};
use crate::finding::{Figure, Finding};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "supply-outlets",
    text: include_str!("supply_outlets.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let mut left: BTreeMap<&str, (&Arc<Supply>, Vec<usize>)> = BTreeMap::new();
    for &node in &site.wiring.without_outlet {
        if let Some(supply) = &site.cluster.nodes[node].hardware.supply {
            let (_, nodes) = left.entry(&supply.id).or_insert((supply, Vec::new()));
            nodes.push(node);
        }
    }
    let short = left.into_values();
    short
        .map(|(supply, nodes)| finding(supply, &nodes, site))
        .collect()
}

fn finding(supply: &Arc<Supply>, left: &[usize], site: &Site<'_>) -> Finding {
    let units = site.wiring.supplies.iter();
    let units = units.filter(|unit| unit.supply.id == supply.id).count();
    let ports = supply.ports.unwrap_or(1).max(1) as usize;
    let (plugs, there) = (plugs(supply, site), units * ports);
    let title = format!(
        "{plugs} ports of the {} are needed, and there are {there}",
        supply.name
    );
    // Two rules that name different numbers for one key would help nobody.
    let needed = supply_total::enough(supply, &feeding::demands(site), site);
    let needed = needed.unwrap_or_else(|| plugs.div_ceil(ports));
    let first = left.first().copied().unwrap_or_default();
    let group = site
        .cluster
        .groups
        .partition_point(|group| group.nodes.end <= first);
    Finding::new(
        CHECK.id,
        Severity::Error,
        title,
        Table::Group(group).key("supply"),
    )
    .label(format!("no port left for {}", left.len()))
    .figure(count("supplies there are", units))
    .figure(count("ports of one", ports).said_by(supply.source.as_deref()))
    .figure(count("ports needed", plugs))
    .about_nodes(left, site)
    .remedy(format!(
        "write `supplies = {{ \"{}\" = {needed} }}` in `[power]`, if you have that many",
        supply.id
    ))
}

/// How many plugs want a port of `supply`: one for each board, and one for each
/// carrier with all that is in it.
fn plugs(supply: &Supply, site: &Site<'_>) -> usize {
    let fed = |node: usize| {
        site.cluster.nodes[node]
            .hardware
            .supply
            .as_ref()
            .is_some_and(|its| its.id == supply.id)
    };
    let carriers = site
        .wiring
        .carriers
        .iter()
        .filter(|unit| unit.nodes.first().is_some_and(|node| fed(*node)));
    let alone = site
        .cluster
        .groups
        .iter()
        .filter(|group| group.hardware.carrier.is_none());
    let alone = alone
        .filter(|group| fed(group.nodes.start))
        .map(|group| group.nodes.len());
    carriers.count() + alone.sum::<usize>()
}

#[expect(clippy::cast_precision_loss, reason = "a cluster has few boards")]
fn count(what: &str, count: usize) -> Figure {
    Figure::new(what, count as f64, "")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use super::*;

    fn found(count: u32, rest: &str) -> Vec<Finding> {
        let nodes = format!(
            "[[nodes]]\nnames = \"node[1-{count}]\"\nboard = \"rpi3bplus\"\nsupply = \"anker-60w-6\"\n{rest}"
        );
        of(CHECK.id, &file(&nodes))
    }

    #[test]
    fn six_boards_fit_on_six_ports() {
        assert_eq!(found(6, ""), []);
        assert_eq!(found(12, "[power]\nsupplies = { anker-60w-6 = 2 }"), []);
    }

    #[test]
    fn a_board_too_many_needs_another_charger() {
        let found = found(13, "[power]\nsupplies = { anker-60w-6 = 2 }");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Error);
        assert_eq!(found[0].nodes.to_string(), "node13");
        assert_eq!(
            found[0].remedy,
            "write `supplies = { \"anker-60w-6\" = 3 }` in `[power]`, if you have that many"
        );
        let title = "13 ports of the Anker PowerPort 6, 60 W are needed, and there are 12";
        assert_eq!(found[0].title, title);
    }

    #[test]
    fn the_number_it_names_is_enough_in_total_too() {
        let nodes = "[[nodes]]\nnames = \"node[1-13]\"\nboard = \"vim3-basic\"\nsupply = \"hds-hdd10t-60w\"";
        let found = of(CHECK.id, &file(nodes));
        assert!(found[0].remedy.contains("= 7"), "{}", found[0].remedy);
    }

    #[test]
    fn modules_in_one_carrier_need_one_port() {
        let nodes = "[[nodes]]\nnames = \"node[1-28]\"\nboard = \"cm5\"\nram = \"8GB\"\ncarrier = \"deskpi-super4c\"\nsupply = \"anker-60w-6\"";
        let found = of(CHECK.id, &file(nodes));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].nodes.to_string(), "node[25-28]");
        assert_eq!(found[0].figures[2].line(), "ports needed: 7");
    }
}
