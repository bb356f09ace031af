//! `network-boot`: boards that are to boot from the network have to be able to.

use bramble_cluster::NodeSet;
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
    groups
        .filter_map(|placed| of(&placed).or_else(|| nameless(&placed)))
        .collect()
}

/// Its loader says its hardware address and its serial number, and nothing else.
fn nameless(placed: &Placed<'_>) -> Option<Finding> {
    let members = placed.group.members(placed.site.cluster).iter();
    let nameless = members.filter(|node| node.mac.is_none());
    let nodes: NodeSet = nameless.map(|node| node.name.clone()).collect();
    let first = nodes.iter().next()?;
    let title = format!("network boot needs the MAC of {nodes}: that is what they ask with");
    let remedy = format!(
        "see which boards are on with `bramble discover`, then `bramble discover --assign \
         {first}=MAC`"
    );
    let finding = placed.found(CHECK.id, Severity::Warning, "names", title);
    Some(finding.label("not known yet").remedy(remedy))
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
        assert_eq!(severities("card", "board = \"rpi3bplus\""), []);
    }

    #[test]
    fn without_a_port_there_is_no_network_to_boot_from() {
        assert_eq!(
            severities("network", "board = \"rpizero2w\""),
            [Severity::Error]
        );
    }

    #[test]
    fn boards_of_which_nobody_knows_how_they_ask_are_named() {
        let board = "board = \"rpi3bplus\"\n";
        assert_eq!(severities("network", board), [Severity::Warning]);
        let known = |name: &str, last: u32| {
            format!("[identity.{name}]\nmac = \"dc:a6:32:01:02:0{last}\"\n")
        };
        let two = [known("node1", 1), known("node3", 3)].concat();
        assert_eq!(
            severities("network", &format!("{board}{two}")),
            [Severity::Warning]
        );
        let all = [two, known("node2", 2)].concat();
        assert_eq!(severities("network", &format!("{board}{all}")), []);
    }

    #[test]
    fn what_is_not_known_is_said() {
        assert_eq!(
            severities("network", "board = \"vim3-basic\""),
            [Severity::Note]
        );
    }
}
