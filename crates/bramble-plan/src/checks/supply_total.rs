//! `supply-total`: what a supply with several ports gives in total, and what all it
//! feeds asks together. Not in here: what one port gives (`supply_port`).

use std::sync::Arc;

use bramble_cluster::catalogue::Supply;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;
use bramble_cluster::unit::Power;

use super::Check;
use super::demand::Demand;
use super::enough;
use super::feeding::{self, Feeding, Sums};
use crate::finding::{Figure, Finding};
use crate::site::Site;
use crate::wiring;

pub(super) const CHECK: Check = Check {
    id: "supply-total",
    text: include_str!("supply_total.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let demands = feeding::demands(site);
    let supplies = feeding::supplies(site);
    // With one port the total is what the port gives, and looked at there.
    let shared = supplies
        .iter()
        .filter(|feeding| feeding.supply.ports.unwrap_or(1) > 1);
    shared
        .filter_map(|feeding| judge(feeding, &demands, site))
        .collect()
}

fn judge(feeding: &Feeding<'_>, demands: &[Demand], site: &Site<'_>) -> Option<Finding> {
    let sums = feeding.sums(demands);
    let name = &feeding.supply.name;
    let Some(total) = feeding.supply.power else {
        let title = format!("it is not known what the {name} gives in total");
        let remedy = format!(
            "add `power` to `[catalogue.supplies.{}]`",
            feeding.supply.id
        );
        return Some(
            begin(feeding, Severity::Note, title, site)
                .label("total not known")
                .remedy(remedy),
        );
    };
    let boards = boards(feeding);
    let (severity, title) = if sums.measured > total {
        let drawn = sums.measured;
        (
            Severity::Error,
            format!("{boards} were measured to draw {drawn}, and the {name} gives {total}"),
        )
    } else if sums.least > total {
        let least = sums.least;
        (
            Severity::Error,
            format!("{boards} start, by their makers, from {least}, and the {name} gives {total}"),
        )
    } else if sums.asked > total {
        let asked = sums.asked;
        (
            Severity::Warning,
            format!("{asked} are asked for {boards}, and the {name} gives {total}"),
        )
    } else if sums.asked_of_all {
        return None;
    } else {
        return Some(unknown(feeding, demands, total, site));
    };
    let finding = begin(feeding, severity, title, site).label(format!("{total} in total"));
    Some(
        with_figures(finding, feeding, demands, &sums).remedy(remedy(
            feeding,
            severity,
            enough(feeding.supply, demands, site),
        )),
    )
}

/// What one supply feeds, and on how many it is the same.
fn boards(feeding: &Feeding<'_>) -> String {
    match (feeding.count(), feeding.times) {
        (boards, 1) => format!("{boards} boards"),
        (boards, times) => format!("{boards} boards on each of {times} supplies"),
    }
}

/// How many of `supply` would do, more than one, if any number does: with a port for
/// each board, and none giving more than it can.
pub(super) fn enough(supply: &Arc<Supply>, demands: &[Demand], site: &Site<'_>) -> Option<usize> {
    let total = supply.power?;
    let consumers = wiring::consumers(site.cluster, &site.wiring.carriers);
    let (_, consumers) = consumers.get(supply.id.as_str())?;
    let is_fed = |nodes: &[Vec<usize>]| {
        let sums = feeding::together(supply, nodes.concat(), site).sums(demands);
        sums.asked.max(sums.measured) <= total
    };
    let is_enough = |count: usize| {
        let (fed, left) = wiring::spread(consumers, supply, count);
        left.is_empty() && fed.into_iter().all(is_fed)
    };
    enough::least(2, consumers.len(), is_enough)
}

/// Says which board's figures are missing.
fn unknown(feeding: &Feeding<'_>, demands: &[Demand], total: Power, site: &Site<'_>) -> Finding {
    let groups = feeding.members.iter().map(|(group, _)| *group);
    let mut unknown = groups.filter(|group| demands[*group].asked.is_none());
    let group = unknown.next().unwrap_or_default();
    let board = &site.cluster.groups[group].hardware.board;
    let title = format!(
        "whether the {} is enough cannot be checked: it is not known what the maker of the {} asks",
        feeding.supply.name, board.name
    );
    let remedy = format!(
        "add `voltage` and `current` to `[catalogue.boards.{}.intake]`",
        board.id
    );
    let finding = begin(feeding, Severity::Note, title, site).label(format!("{total} in total"));
    with_figures(finding, feeding, demands, &feeding.sums(demands)).remedy(remedy)
}

fn begin(feeding: &Feeding<'_>, severity: Severity, title: String, site: &Site<'_>) -> Finding {
    let place = Table::Group(feeding.group()).key("supply");
    feeding.about(Finding::new(CHECK.id, severity, title, place), site)
}

fn with_figures(
    finding: Finding,
    feeding: &Feeding<'_>,
    demands: &[Demand],
    sums: &Sums,
) -> Finding {
    let supply = feeding.supply;
    let asked = format!("asked by the makers for {} boards", feeding.count());
    let measured = format!("measured at most, {} boards together", feeding.count());
    let asked = demands[feeding.group()].asked_figure(&asked, sums.asked);
    let given = supply.power.unwrap_or_default();
    let share = Figure::new(
        "for each board",
        given.as_f64() / f64::from(feeding.count().max(1)),
        "W",
    );
    let sum = Figure::power(measured, sums.measured);
    let each = feeding.measured_figures(demands);
    let finding = finding
        .figure(Figure::power("given in total", given).said_by(supply.source.as_deref()))
        .figure(share);
    let asked = Some(asked).filter(|_| sums.asked_of_all);
    let sum = Some(sum).filter(|_| sums.measured_of_all);
    asked
        .into_iter()
        .chain(sum)
        .chain(each)
        .fold(finding, Finding::figure)
}

fn remedy(feeding: &Feeding<'_>, severity: Severity, enough: Option<usize>) -> String {
    let id = &feeding.supply.id;
    let better = match enough {
        Some(count) => format!(
            "{count} of it are enough: write `supplies = {{ \"{id}\" = {count} }}` in `[power]`, or choose a supply that gives more"
        ),
        None => "choose a supply that gives more: of this one no number is enough".to_owned(),
    };
    if severity == Severity::Error {
        return better;
    }
    format!(
        "{better}; until then attach no drives, and look out for boards that restart over and over"
    )
}

#[cfg(test)]
mod tests {
    use bramble_cluster::diagnostic::Severity::{Error, Note, Warning};

    use super::super::fixture::{file, of};
    use super::*;

    fn one(nodes: &str) -> Vec<Finding> {
        of(
            CHECK.id,
            &file(&format!("[[nodes]]\nnames = \"node[1-6]\"\n{nodes}")),
        )
    }

    #[test]
    fn six_vim3_ask_for_more_than_twice_the_charger_and_were_measured_far_below() {
        let found = one("board = \"vim3-basic\"\nsupply = \"hds-hdd10t-60w\"");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Warning);
        assert_eq!(
            found[0].title,
            "144 W are asked for 6 boards, and the 6-port 60 W charger (HDS-HDD10T) gives 60 W"
        );
        let figures: Vec<_> = found[0].figures.iter().map(|figure| figure.value).collect();
        assert_eq!(figures, [60.0, 10.0, 144.0, 24.6, 4.1]);
    }

    #[test]
    fn what_was_measured_counts_where_it_is_more() {
        let charger = "[catalogue.supplies.small]\nname = \"small\"\nports = 6\npower = \"20W\"\nvoltage = \"5V\"";
        let found = one(&format!(
            "board = \"rpi3bplus\"\nsupply = \"small\"\n{charger}"
        ));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Error);
        assert_eq!(
            found[0].title,
            "6 boards were measured to draw 33.6 W, and the small gives 20 W"
        );
    }

    /// Twenty boards on so many chargers.
    fn twenty(chargers: u32) -> Vec<Finding> {
        let nodes = "[[nodes]]\nnames = \"node[1-20]\"\nboard = \"vim3-basic\"\nsupply = \"hds-hdd10t-60w\"";
        let power = format!("[power]\nsupplies = {{ hds-hdd10t-60w = {chargers} }}");
        of(CHECK.id, &file(&format!("{nodes}\n{power}")))
    }

    #[test]
    fn as_many_chargers_as_the_remedy_names_are_enough() {
        let found = twenty(5);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].title,
            "96 W are asked for 4 boards on each of 5 supplies, and the 6-port 60 W charger (HDS-HDD10T) gives 60 W"
        );
        assert!(
            found[0].remedy.starts_with("10 of it are enough"),
            "{}",
            found[0].remedy
        );
        assert_eq!(twenty(9).len(), 1);
        assert_eq!(twenty(10), []);
    }

    #[test]
    fn a_charger_is_about_the_boards_that_it_feeds() {
        let charger = "[catalogue.supplies.small]\nname = \"small\"\nports = 6\npower = \"25W\"\nvoltage = \"5V\"\n[power]\nsupplies = { small = 2 }";
        let nodes = "[[nodes]]\nnames = \"node[1-9]\"\nboard = \"rpi3bplus\"\nsupply = \"small\"";
        let found = of(CHECK.id, &file(&format!("{nodes}\n{charger}")));
        let of_each: Vec<_> = found
            .iter()
            .map(|finding| (finding.severity, finding.nodes.to_string()))
            .collect();
        assert_eq!(
            of_each,
            [
                (Error, "node[1-5]".to_owned()),
                (Warning, "node[6-9]".to_owned())
            ]
        );
        assert_eq!(
            found[0].remedy.split(':').next(),
            Some("3 of it are enough")
        );
    }

    #[test]
    fn no_number_helps_where_one_board_asks_for_more_than_the_total() {
        let charger = "[catalogue.supplies.small]\nname = \"small\"\nports = 6\npower = \"20W\"\nvoltage = \"5V\"";
        let found = one(&format!(
            "board = \"vim3-basic\"\nsupply = \"small\"\n{charger}"
        ));
        assert!(
            found[0]
                .remedy
                .starts_with("choose a supply that gives more"),
            "{}",
            found[0].remedy
        );
    }

    #[test]
    fn five_3b_plus_are_well_fed_by_sixty_watts() {
        assert_eq!(one("board = \"rpi3bplus\"\nsupply = \"anker-60w-6\""), []);
    }

    #[test]
    fn an_unknown_total_or_demand_is_said_once() {
        let charger = "[catalogue.supplies.odd]\nname = \"odd\"\nports = 2\nvoltage = \"5V\"\nport_current = \"3A\"";
        let power = "[power]\nsupplies = { odd = 3 }";
        let found = one(&format!(
            "board = \"rpi4b\"\nram = \"2GB\"\nsupply = \"odd\"\n{charger}\n{power}"
        ));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Note);
        let found = one("board = \"orangepi5\"\nram = \"4GB\"\nsupply = \"hds-hdd10t-60w\"");
        assert_eq!((found.len(), found[0].severity), (1, Error));
        let found = one(
            "board = \"bpi-cm4\"\nram = \"4GB\"\nsupply = \"hds-hdd10t-60w\"\n[catalogue.boards.bpi-cm4]\ncores = 6",
        );
        assert_eq!((found.len(), found[0].severity), (1, Note));
    }
}
