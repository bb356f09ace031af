//! `wake-on-lan`: boards that a packet on the network is to turn on. Not in here:
//! those that a button is to turn on (`button_wake`).

use bramble_cluster::cluster::{Group, TurnOn};
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::Check;
use crate::finding::{Figure, Finding};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "wake-on-lan",
    text: include_str!("wake_on_lan.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    if site.cluster.power.turn_on != Some(TurnOn::WakeOnLan) {
        return Vec::new();
    }
    site.cluster
        .groups
        .iter()
        .filter_map(|group| judge(group, site))
        .collect()
}

fn judge(group: &Group, site: &Site<'_>) -> Option<Finding> {
    let (board, wake) = (&group.hardware.board, group.hardware.board.wake.as_ref());
    let begin = |severity, title: String| {
        Finding::new(CHECK.id, severity, title, Table::Power.key("wake")).about(group, site)
    };
    match wake.and_then(|wake| wake.lan) {
        Some(true) => None,
        Some(false) => {
            let title = format!(
                "no packet can turn the {} on: it has no Wake-on-LAN",
                board.name
            );
            let started = Figure::new("of these boards, a packet starts", 0, "");
            let started = started.said_by(wake.and_then(|wake| wake.source.as_deref()));
            let finding = begin(Severity::Error, title).label("not by every board");
            Some(finding.figure(started).remedy(
                "write `wake = \"supply\"`, with a switch or socket that can cut and restore power",
            ))
        }
        None => {
            let title = format!(
                "it is not known whether a packet can turn the {} on",
                board.name
            );
            let remedy = format!(
                "try it, and add `lan` to `[catalogue.boards.{}.wake]`",
                board.id
            );
            Some(
                begin(Severity::Note, title)
                    .label("not known of every board")
                    .remedy(remedy),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use super::*;

    fn found(wake: &str, nodes: &str) -> Vec<Finding> {
        let text = file(&format!(
            "[power]\nwake = \"{wake}\"\n[[nodes]]\nnames = \"node[1-2]\"\n{nodes}"
        ));
        let mut found = of(CHECK.id, &text);
        found.retain(|finding| finding.nodes.to_string() != "head");
        found
    }

    #[test]
    fn no_raspberry_pi_is_turned_on_by_a_packet() {
        let found = found("wake-on-lan", "board = \"rpi5\"\nram = \"8GB\"");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Error);
        let source = found[0].figures[0].line();
        assert!(source.contains("rpi-eeprom issue 160"), "{source}");
    }

    #[test]
    fn other_ways_to_turn_boards_on_are_not_looked_at() {
        assert_eq!(found("supply", "board = \"rpi5\"\nram = \"8GB\""), []);
    }

    #[test]
    fn a_board_that_can_or_of_which_nobody_knows_is_no_error() {
        let unknown = found("wake-on-lan", "board = \"vim3-basic\"");
        assert_eq!((unknown.len(), unknown[0].severity), (1, Severity::Note));
        let can = "board = \"vim3-basic\"\n[catalogue.boards.vim3-basic.wake]\nlan = true";
        assert_eq!(found("wake-on-lan", can), []);
    }
}
