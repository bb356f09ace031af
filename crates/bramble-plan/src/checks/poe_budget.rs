//! `poe-budget`: what a switch has to reserve for the boards it feeds. Not in here:
//! whether it feeds any, and by which standard (`poe_switch`).

use std::collections::BTreeMap;
use std::sync::Arc;

use bramble_cluster::catalogue::Switch;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;
use bramble_cluster::unit::Power;

use super::{Check, enough};
use crate::consumption::Consumption;
use crate::finding::{Figure, Finding};
use crate::poe;
use crate::site::Site;
use crate::wiring::{self, Port, SwitchUnit};

pub(super) const CHECK: Check = Check {
    id: "poe-budget",
    text: include_str!("poe_budget.md"),
    find,
};

/// What one switch feeds.
struct Fed {
    nodes: Vec<usize>,
    reserved: Power,
    /// Of all that are known.
    measured: Power,
    /// How many switches feed just as many.
    switches: usize,
}

fn find(site: &Site<'_>) -> Vec<Finding> {
    let switch = site
        .cluster
        .network
        .switch
        .as_ref()
        .filter(|switch| poe::feeds(switch));
    let Some(switch) = switch.filter(|_| poe::groups(site).next().is_some()) else {
        return Vec::new();
    };
    let Some(budget) = switch.poe_budget else {
        return vec![unknown(switch)];
    };
    let groups = groups(switch, site);
    let mut over = cases(&site.wiring.switches, &groups, site);
    over.retain(|fed| fed.reserved > budget);
    let remedy = over.first().map(|_| remedy(switch, budget, &groups, site));
    let remedy = remedy.unwrap_or_default();
    over.iter()
        .map(|fed| finding(fed, switch, budget, site).remedy(&remedy))
        .collect()
}

fn unknown(switch: &Switch) -> Finding {
    let title = format!(
        "it is not known how much the {} can give to all boards together",
        switch.name
    );
    let remedy = format!("add `poe_budget` to `[catalogue.switches.{}]`", switch.id);
    Finding::new(
        CHECK.id,
        Severity::Note,
        title,
        Table::Network.key("switch"),
    )
    .label("budget not known")
    .remedy(remedy)
}

fn finding(fed: &Fed, switch: &Switch, budget: Power, site: &Site<'_>) -> Finding {
    let (reserved, boards) = (fed.reserved, fed.nodes.len() / fed.switches);
    let which = match fed.switches {
        1 => "the switch has".to_owned(),
        count => format!("{count} switches have each"),
    };
    let title =
        format!("{which} to reserve {reserved} for {boards} boards, with a budget of {budget}");
    Finding::new(
        CHECK.id,
        Severity::Error,
        title,
        Table::Network.key("switch"),
    )
    .label(format!("{budget} in total"))
    .figure(Figure::power("reserved by class", reserved))
    .figure(Figure::power("budget", budget).said_by(switch.source.as_deref()))
    .figure(Figure::power(
        "measured at most, of all that is known",
        fed.measured,
    ))
    .about_nodes(&fed.nodes, site)
}

/// What to do: another switch or more of this one, if any number of it is enough.
fn remedy(
    switch: &Arc<Switch>,
    budget: Power,
    groups: &[Option<(Power, Power)>],
    site: &Site<'_>,
) -> String {
    let better = "choose hats of a lower class, or a switch with a larger budget";
    let is_enough = |count: usize| {
        let (units, left) = wiring::in_a_row(site.cluster, switch, count);
        let dark = |unit: &SwitchUnit| {
            let plain = unit.ports.iter().skip(unit.powered().len());
            plain
                .clone()
                .any(|port| board(*port, groups, site).is_some())
        };
        left.is_empty()
            && !units.iter().any(dark)
            && cases(&units, groups, site)
                .iter()
                .all(|fed| fed.reserved <= budget)
    };
    // With a board on each, and what the first and the last need for links.
    let most = site.cluster.nodes.len() + 2;
    match enough::least(2, most, is_enough) {
        Some(count) => {
            format!("{count} of it are enough: write `switches = {count}` in `[network]`, {better}")
        }
        None => better.to_owned(),
    }
}

/// What is reserved for a node of each group, and what one was measured to draw.
fn groups(switch: &Switch, site: &Site<'_>) -> Vec<Option<(Power, Power)>> {
    let groups = site.cluster.groups.iter();
    groups.map(|group| per_node(group, switch, site)).collect()
}

/// What `units` feed, each different case once.
fn cases(units: &[SwitchUnit], groups: &[Option<(Power, Power)>], site: &Site<'_>) -> Vec<Fed> {
    let mut cases: BTreeMap<(Power, usize), Fed> = BTreeMap::new();
    for unit in units {
        let fed = fed(unit, groups, site);
        let case = cases.entry((fed.reserved, fed.nodes.len()));
        case.and_modify(|case| {
            case.nodes.extend(&fed.nodes);
            case.switches += 1;
        })
        .or_insert(fed);
    }
    cases.into_values().collect()
}

/// What is reserved for a node of `group` and what one was measured to draw, if a
/// switch feeds it.
fn per_node(
    group: &bramble_cluster::cluster::Group,
    switch: &Switch,
    site: &Site<'_>,
) -> Option<(Power, Power)> {
    let hardware = &group.hardware;
    let reserved = poe::reserved(hardware.poe()?, hardware, switch, site);
    let measured = Consumption::of(hardware, site.catalogue).most;
    Some((reserved, measured.unwrap_or_default()))
}

/// The board on `port` that wants to be fed, what is reserved for it and what one
/// was measured to draw.
fn board(
    port: Port,
    groups: &[Option<(Power, Power)>],
    site: &Site<'_>,
) -> Option<(usize, (Power, Power))> {
    let Port::Node(node) = port else {
        return None;
    };
    let all = &site.cluster.groups;
    let group = all.partition_point(|group| group.nodes.end <= node);
    Some((node, groups[group]?))
}

/// What `unit` feeds: nothing is reserved on ports that do not.
fn fed(unit: &SwitchUnit, groups: &[Option<(Power, Power)>], site: &Site<'_>) -> Fed {
    let powered = unit.powered().iter();
    let fed: Vec<_> = powered
        .filter_map(|port| board(*port, groups, site))
        .collect();
    Fed {
        nodes: fed.iter().map(|(node, _)| *node).collect(),
        reserved: fed.iter().map(|(_, (reserved, _))| *reserved).sum(),
        measured: fed.iter().map(|(_, (_, measured))| *measured).sum(),
        switches: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use super::*;

    fn found(switch: &str, hat: &str, count: u32) -> Vec<Finding> {
        let board = if hat.starts_with("rpi5") || hat.starts_with("52pi") {
            "rpi5"
        } else {
            "rpi4b"
        };
        let nodes = format!(
            "[[nodes]]\nnames = \"node[1-{count}]\"\nboard = \"{board}\"\nram = \"4GB\"\nhat = \"{hat}\""
        );
        of(CHECK.id, &file(&format!("switch = \"{switch}\"\n{nodes}")))
    }

    #[test]
    fn sixty_three_watts_feed_four_boards_of_class_3_or_two_of_class_4() {
        let tenda = "tenda-teg1105p-4-63w";
        assert_eq!(found(tenda, "rpi-poe-hat", 4), []);
        assert_eq!(found(tenda, "rpi-poe-plus-hat", 2), []);
        let three = found(tenda, "rpi-poe-plus-hat", 3);
        assert_eq!(three.len(), 1);
        assert_eq!(three[0].severity, Severity::Error);
        assert_eq!(
            three[0].title,
            "the switch has to reserve 90 W for 3 boards, with a budget of 63 W"
        );
        assert!(three[0].figures[2].line().ends_with(": 21.6 W"));
    }

    #[test]
    fn a_board_on_a_port_that_does_not_feed_is_not_counted() {
        let own = "switch = \"own\"\n[catalogue.switches.own]\nname = \"own\"\nports = 8\npoe_ports = 4\npoe_budget = \"63W\"";
        let nodes = "[[nodes]]\nnames = \"node[1-5]\"\nboard = \"rpi4b\"\nram = \"4GB\"\nhat = \"rpi-poe-plus-hat\"";
        let found = of(CHECK.id, &file(&format!("{own}\n{nodes}")));
        assert_eq!(
            found[0].title,
            "the switch has to reserve 120 W for 4 boards, with a budget of 63 W"
        );
        assert_eq!(found[0].nodes.to_string(), "node[1-4]");
    }

    /// Nine boards of class 4 on so many switches.
    fn nine(switches: u32) -> Vec<Finding> {
        let nodes = "[[nodes]]\nnames = \"node[1-9]\"\nboard = \"rpi4b\"\nram = \"4GB\"\nhat = \"rpi-poe-plus-hat\"";
        let switch = format!("switch = \"tenda-teg1105p-4-63w\"\nswitches = {switches}");
        of(CHECK.id, &file(&format!("{switch}\n{nodes}")))
    }

    #[test]
    fn as_many_switches_as_the_remedy_names_are_enough() {
        assert!(
            nine(3)[0].remedy.starts_with("5 of it are enough"),
            "{}",
            nine(3)[0].remedy
        );
        assert_eq!(nine(4).len(), 1);
        assert_eq!(nine(5), []);
        let small = "switch = \"own\"\n[catalogue.switches.own]\nname = \"own\"\nports = 8\npoe_ports = 4\npoe_budget = \"20W\"";
        let nodes = "[[nodes]]\nnames = \"node[1-2]\"\nboard = \"rpi4b\"\nram = \"4GB\"\nhat = \"rpi-poe-plus-hat\"";
        let found = of(CHECK.id, &file(&format!("{small}\n{nodes}")));
        assert!(
            found[0].remedy.starts_with("choose hats"),
            "{}",
            found[0].remedy
        );
    }

    #[test]
    fn forty_watts_feed_two_boards_of_class_3() {
        assert_eq!(found("tplink-tl-sg1005lp", "rpi-poe-hat", 2), []);
        assert_eq!(found("tplink-tl-sg1005lp", "rpi-poe-hat", 3).len(), 1);
        assert_eq!(found("tplink-tl-sg1005lp", "rpi5-poe-plus", 2).len(), 1);
    }

    #[test]
    fn a_hat_that_tells_neither_class_nor_standard_is_judged_by_what_it_gives() {
        let three = found("tenda-teg1105p-4-63w", "52pi-ep0238", 3);
        assert_eq!(three[0].figures[0].line(), "reserved by class: 90 W");
    }

    #[test]
    fn a_hat_of_which_nothing_is_known_counts_as_class_0() {
        let own = "[catalogue.hats.own]\nname = \"own\"\nfits = [\"rpi4b\"]";
        let nodes =
            "[[nodes]]\nnames = \"node[1-3]\"\nboard = \"rpi4b\"\nram = \"4GB\"\nhat = \"own\"";
        let found = of(
            CHECK.id,
            &file(&format!("switch = \"tplink-tl-sg1005lp\"\n{nodes}\n{own}")),
        );
        assert_eq!(found[0].figures[0].line(), "reserved by class: 46.2 W");
    }

    #[test]
    fn an_unknown_budget_is_said_once_and_a_switch_without_poe_has_none() {
        let own =
            "switch = \"own\"\n[catalogue.switches.own]\nname = \"own\"\nports = 8\npoe_ports = 8";
        let nodes = "[[nodes]]\nnames = \"node[1-3]\"\nboard = \"rpi4b\"\nram = \"4GB\"\nhat = \"rpi-poe-hat\"";
        let noted = of(CHECK.id, &file(&format!("{own}\n{nodes}")));
        assert_eq!((noted.len(), noted[0].severity), (1, Severity::Note));
        assert_eq!(found("netgear-8-port", "rpi-poe-hat", 3), []);
    }

    #[test]
    fn equal_switches_are_told_of_once() {
        let nodes = "[[nodes]]\nnames = \"node[1-6]\"\nboard = \"rpi4b\"\nram = \"4GB\"\nhat = \"rpi-poe-plus-hat\"";
        let own = "switch = \"own\"\nswitches = 2\n[catalogue.switches.own]\nname = \"own\"\nports = 5\npoe_ports = 3\npoe_budget = \"63W\"";
        let found = of(CHECK.id, &file(&format!("{own}\n{nodes}")));
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].title,
            "2 switches have each to reserve 90 W for 3 boards, with a budget of 63 W"
        );
        assert_eq!(found[0].nodes.to_string(), "node[1-6]");
    }

    #[test]
    fn a_switch_reserves_no_more_than_its_own_standard_has() {
        let own = "switch = \"own\"\n[catalogue.switches.own]\nname = \"own\"\nports = 5\npoe_ports = 4\npoe_budget = \"30W\"\npoe_standard = \"802.3af\"";
        let nodes = "[[nodes]]\nnames = \"node[1-2]\"\nboard = \"rpi4b\"\nram = \"4GB\"\nhat = \"rpi-poe-plus-hat\"";
        let found = of(CHECK.id, &file(&format!("{own}\n{nodes}")));
        assert_eq!(found[0].figures[0].line(), "reserved by class: 30.8 W");
    }
}
