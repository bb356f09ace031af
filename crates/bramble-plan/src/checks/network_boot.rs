//! `network-boot`: boards that are to boot from the network have to be able to.

use bramble_cluster::diagnostic::Severity;

use super::Check;
use super::placed::{Placed, tell};
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "network-boot",
    text: include_str!("network_boot.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let groups = Placed::all(site).filter(Placed::boots_from_network);
    groups.filter_map(|placed| of(&placed)).collect()
}

fn of(placed: &Placed<'_>) -> Option<Finding> {
    let board = placed.board();
    let without_port = board.ethernet.as_ref().and_then(|ethernet| ethernet.port) == Some(false);
    match board.network_boot {
        Some(false) => Some(cannot(placed, "cannot boot from the network")),
        _ if without_port => Some(cannot(placed, "has no Ethernet port to boot through")),
        Some(true) => None,
        None => Some(unknown(placed)),
    }
}

fn cannot(placed: &Placed<'_>, why: &str) -> Finding {
    let title = format!("the {} {why}", placed.board().name);
    placed
        .found(CHECK.id, Severity::Error, "board", title)
        .label("needs a card")
        .remedy("write `boot = \"card\"` in `[os]` and name a `card`, or choose another board")
}

fn unknown(placed: &Placed<'_>) -> Finding {
    let board = placed.board();
    let title = format!(
        "booting from the network cannot be checked: the catalogue does not know whether the {} can",
        board.name
    );
    let keys = "`network_boot = true` or `false`";
    placed
        .unknown(CHECK.id, "board", title)
        .remedy(tell(board, keys))
}

#[cfg(test)]
mod tests {
    use bramble_cluster::diagnostic::Severity;

    use super::super::fixture::{file, of};

    fn severities(boot: &str, rest: &str) -> Vec<Severity> {
        let nodes = format!("[[nodes]]\nnames = \"node[1-3]\"\n{rest}");
        let text = file(&format!("[os]\nboot = \"{boot}\"\n{nodes}"));
        of("network-boot", &text)
            .iter()
            .map(|finding| finding.severity)
            .collect()
    }

    #[test]
    fn a_board_that_cannot_is_an_error() {
        let cannot = "board = \"rpi3b\"\n[catalogue.boards.rpi3b]\nnetwork_boot = false";
        assert_eq!(severities("network", cannot), [Severity::Error]);
        assert_eq!(severities("card", cannot), []);
        assert_eq!(severities("network", "board = \"rpi3bplus\""), []);
    }

    #[test]
    fn without_a_port_there_is_no_network_to_boot_from() {
        assert_eq!(
            severities("network", "board = \"rpizero2w\""),
            [Severity::Error]
        );
    }

    #[test]
    fn what_is_not_known_is_said() {
        assert_eq!(
            severities("network", "board = \"vim3-basic\""),
            [Severity::Note]
        );
    }
}
