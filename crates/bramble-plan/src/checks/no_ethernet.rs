//! `no-ethernet`: boards without a port for the cable.

use bramble_cluster::catalogue::Ethernet;
use bramble_cluster::diagnostic::Severity;

use super::Check;
use super::placed::{Placed, tell};
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "no-ethernet",
    text: include_str!("no_ethernet.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    if site.cluster.nodes.len() < 2 {
        return Vec::new();
    }
    Placed::all(site)
        .filter_map(|placed| without(&placed))
        .collect()
}

/// Whether the board has a port: as told, else yes if anything is known of it.
fn has_port(ethernet: Option<&Ethernet>) -> Option<bool> {
    let ethernet = ethernet?;
    let speed = ethernet.rated.or(ethernet.measured).or(ethernet.limit);
    ethernet.port.or_else(|| speed.map(|_| true))
}

fn without(placed: &Placed<'_>) -> Option<Finding> {
    match has_port(placed.board().ethernet.as_ref()) {
        Some(true) => None,
        Some(false) if placed.hardware().usb.is_empty() => Some(no_port(placed)),
        Some(false) => Some(adapter(placed)),
        None => Some(unknown(placed)),
    }
}

fn no_port(placed: &Placed<'_>) -> Finding {
    let name = &placed.board().name;
    let title = format!("the {name} has no Ethernet port, and the nodes are joined by a switch");
    placed
        .found(CHECK.id, Severity::Error, "board", title)
        .label("no port for a cable")
        .remedy("choose a board with Ethernet, or list an adapter: `usb = [{ name = \"Ethernet adapter\" }]`")
}

fn adapter(placed: &Placed<'_>) -> Finding {
    let name = &placed.board().name;
    let title =
        format!("the {name} has no Ethernet port: one of its USB devices has to be an adapter");
    placed
        .found(CHECK.id, Severity::Note, "usb", title)
        .label("is one of these an adapter?")
        .remedy("keep an adapter among its USB devices; its speed is that of USB 2.0 at most on old boards")
}

fn unknown(placed: &Placed<'_>) -> Finding {
    let board = placed.board();
    let title = format!(
        "whether the {} can be plugged into a switch cannot be checked: the catalogue does not know its Ethernet",
        board.name
    );
    let keys = "`ethernet = { rated = \"1Gb/s\" }`, or `{ port = false }` if it has none";
    placed
        .unknown(CHECK.id, "board", title)
        .remedy(tell(board, keys))
}

#[cfg(test)]
mod tests {
    use bramble_cluster::diagnostic::Severity;

    use super::super::fixture::{file, of};

    fn severities(nodes: &str) -> Vec<Severity> {
        let text = file(&format!("[[nodes]]\nnames = \"node[1-3]\"\n{nodes}"));
        of("no-ethernet", &text)
            .iter()
            .map(|finding| finding.severity)
            .collect()
    }

    #[test]
    fn a_board_without_a_port_cannot_be_joined() {
        assert_eq!(severities("board = \"rpizero2w\""), [Severity::Error]);
        assert_eq!(severities("board = \"rpi3b\""), []);
    }

    #[test]
    fn with_an_adapter_it_can() {
        let adapter = "board = \"rpizero2w\"\nusb = [{ name = \"Ethernet adapter\" }]";
        assert_eq!(severities(adapter), [Severity::Note]);
    }

    #[test]
    fn an_unknown_port_is_said() {
        assert_eq!(
            severities(
                "board = \"orangepi5plus\"\nram = \"8GB\"\n[catalogue.boards.orangepi5plus]\ncores = 8"
            ),
            [Severity::Note]
        );
    }

    #[test]
    fn a_board_alone_needs_no_port() {
        let alone = file("").replace(
            "board = \"rpi4b\"\n        ram = \"4GB\"",
            "board = \"rpizero2w\"",
        );
        assert!(of("no-ethernet", &alone).is_empty());
    }
}
