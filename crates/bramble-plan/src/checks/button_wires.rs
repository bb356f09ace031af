//! `button-wires`: how many boards the wires of the common button go to, and how
//! many there are to wire. Not in here: whether it starts them (`button_wake`).

use bramble_cluster::catalogue::Board;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::Check;
use crate::finding::{Figure, Finding};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "button-wires",
    text: include_str!("button_wires.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let wires = site.cluster.power.button.and_then(|button| button.wires);
    wires
        .and_then(|wires| judge(wires, site))
        .into_iter()
        .collect()
}

fn judge(wires: u32, site: &Site<'_>) -> Option<Finding> {
    let count = |takes: fn(&Board) -> bool| -> u32 {
        let groups = site
            .cluster
            .groups
            .iter()
            .filter(|group| takes(&group.hardware.board));
        groups.map(bramble_cluster::cluster::Group::count).sum()
    };
    let (boards, perhaps) = (count(takes_a_button), count(may_take_a_button));
    if wires == boards {
        return None;
    }
    let others = count(|_| true) - boards - perhaps;
    let (severity, title) = if (boards..=boards + perhaps).contains(&wires) {
        (
            Severity::Note,
            format!(
                "the button's wires go to {wires} boards, of which {} may or may not take one",
                wires - boards
            ),
        )
    } else {
        (
            Severity::Warning,
            format!(
                "the button's wires go to {wires} boards, and there are {boards} that take one"
            ),
        )
    };
    let not_known = Figure::new("boards of which it is not known", perhaps, "");
    let finding = Finding::new(CHECK.id, severity, title, Table::Power.key("button_wires"))
        .label(format!("{boards} boards take a button"))
        .figure(Figure::new("wired to the button", wires, ""))
        .figure(Figure::new("boards that take a button", boards, ""))
        .figure(Figure::new("other machines", others, ""))
        .remedy("count the boards again; if one takes a button and the catalogue does not know, add `gpio3` or `power_button` to its `[catalogue.boards.ID.wake]`");
    Some(if perhaps > 0 {
        finding.figure(not_known)
    } else {
        finding
    })
}

/// Whether it is known how a button acts on it; no Mac mini has pins for one.
fn takes_a_button(board: &Board) -> bool {
    board
        .wake
        .as_ref()
        .is_some_and(|wake| wake.gpio3.is_some() || wake.power_button.is_some())
}

/// Boards of which something about waking is known, and this is not.
fn may_take_a_button(board: &Board) -> bool {
    board.wake.is_some() && !takes_a_button(board)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::of;
    use super::*;

    /// Six Raspberry Pi 5 and a Pi 4 behind a Mac mini.
    fn found(wires: &str, rest: &str) -> Vec<Finding> {
        let text = format!(
            "[cluster]\nname = \"test\"\n[network]\nsubnet = \"10.0.0.0/24\"\n[power]\nbutton = true\n{wires}
            [head]\nname = \"mac\"\nboard = \"macmini-late2012-i5\"\nram = \"4GB\"\nadopt = true
            [[nodes]]\nnames = \"node[1-6]\"\nboard = \"rpi5\"\nram = \"8GB\"
            [[nodes]]\nnames = \"aux\"\nboard = \"rpi4b\"\nram = \"4GB\"\n{rest}"
        );
        of(CHECK.id, &text)
    }

    #[test]
    fn a_wire_too_many_is_a_board_that_is_not_in_the_file() {
        let found = found("button_wires = 8", "");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(
            found[0].title,
            "the button's wires go to 8 boards, and there are 7 that take one"
        );
    }

    #[test]
    fn seven_boards_take_seven_wires() {
        assert_eq!(found("button_wires = 7", ""), []);
        assert_eq!(found("", ""), []);
    }

    #[test]
    fn a_board_of_which_it_is_not_known_may_have_the_last_wire() {
        let zero = "[[nodes]]\nnames = \"small\"\nboard = \"rpizero2w\"";
        let found = found("button_wires = 8", zero);
        assert_eq!((found.len(), found[0].severity), (1, Severity::Note));
    }
}
