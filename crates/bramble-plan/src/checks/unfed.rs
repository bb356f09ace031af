//! `unfed`: nodes of which nothing says what feeds them. Not in here: those that
//! are fed twice (`two_feeds`).

use bramble_cluster::cluster::Group;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::Check;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "unfed",
    text: include_str!("unfed.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let groups = site.cluster.groups.iter().enumerate();
    let unfed = groups.filter(|(_, group)| is_unfed(group));
    unfed
        .map(|(index, group)| finding(index, group, site))
        .collect()
}

/// A machine that is there and runs already is fed by something. Several of a kind
/// may share a charger, which is worth a look.
fn is_unfed(group: &Group) -> bool {
    let hardware = &group.hardware;
    let is_one_that_runs = hardware.adopt && group.count() == 1;
    hardware.supply.is_none() && hardware.poe().is_none() && !is_one_that_runs
}

fn finding(index: usize, group: &Group, site: &Site<'_>) -> Finding {
    let board = &group.hardware.board.name;
    let title = format!(
        "nothing says what feeds the {board}: its power and the cost of a supply are left out"
    );
    let remedy = "add `supply`, or a PoE `hat` for a board that a switch feeds";
    let runs = if group.count() == 1 {
        ", or `adopt = true` for a machine that runs already"
    } else {
        ""
    };
    Finding::new(
        CHECK.id,
        Severity::Note,
        title,
        Table::Group(index).key("board"),
    )
    .label("no `supply` and no PoE `hat`")
    .about(group, site)
    .remedy(format!("{remedy}{runs}"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use super::*;

    fn found(rest: &str) -> Vec<Finding> {
        of(
            CHECK.id,
            &file(&format!(
                "[[nodes]]\nnames = \"node[1-3]\"\nboard = \"rpi4b\"\nram = \"4GB\"\n{rest}"
            )),
        )
    }

    #[test]
    fn boards_without_any_feed_are_named_once() {
        let found = found("");
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].severity, found[0].nodes.to_string().as_str()),
            (Severity::Note, "node[1-3]")
        );
    }

    #[test]
    fn a_supply_a_hat_or_a_machine_that_runs_is_fed() {
        assert_eq!(found("supply = \"psu-15w\""), []);
        assert_eq!(found("hat = \"rpi-poe-hat\""), []);
        let one = "[[nodes]]\nnames = \"node1\"\nboard = \"rpi4b\"\nram = \"4GB\"\nadopt = true";
        assert_eq!(of(CHECK.id, &file(one)), []);
    }

    #[test]
    fn several_that_run_already_may_share_a_charger() {
        let found = found("adopt = true");
        assert_eq!((found.len(), found[0].severity), (1, Severity::Note));
    }
}
