//! `no-card`: nodes of which nothing says what they boot from.

use bramble_cluster::diagnostic::Severity;

use super::Check;
use super::placed::Placed;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "no-card",
    text: include_str!("no_card.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let untold = |placed: &Placed<'_>| {
        let hardware = placed.hardware();
        hardware.boot.is_none() && !hardware.adopt && !placed.boots_from_network()
    };
    Placed::all(site)
        .filter(untold)
        .map(|placed| note(&placed))
        .collect()
}

fn note(placed: &Placed<'_>) -> Finding {
    let title = format!(
        "nothing says what the {} boots from: its price, room and wear cannot be checked",
        placed.board().name
    );
    let emmc = if placed.board().emmc.is_empty() {
        ""
    } else {
        ", or `card = \"emmc\"`"
    };
    placed
        .found(CHECK.id, Severity::Note, "board", title)
        .label("no `card`")
        .remedy(format!(
            "add `card = \"sandisk-ultra-32GB\"` or another of the catalogue{emmc}; `adopt = true` if it runs a system already"
        ))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};

    fn about(keys: &str) -> Vec<String> {
        let text = file(&format!(
            "{keys}\n[[nodes]]\nnames = \"node[1-3]\"\nboard = \"rpi3b\""
        ));
        let text = text.replace(
            "name = \"head\"",
            "name = \"head\"\ncard = \"sandisk-ultra-32GB\"",
        );
        let found = of("no-card", &text);
        found
            .iter()
            .map(|finding| finding.nodes.to_string())
            .collect()
    }

    #[test]
    fn a_node_without_a_card_is_told_once_for_its_group() {
        assert_eq!(about(""), ["node[1-3]"]);
    }

    #[test]
    fn nodes_that_boot_from_the_network_need_none() {
        assert!(about("[os]\nboot = \"network\"").is_empty());
    }

    #[test]
    fn the_head_needs_one_even_then() {
        let text = file("[os]\nboot = \"network\"");
        assert_eq!(of("no-card", &text)[0].nodes.to_string(), "head");
    }

    #[test]
    fn neither_do_machines_that_run_already() {
        let text = file("").replace("name = \"head\"", "name = \"head\"\nadopt = true");
        assert!(of("no-card", &text).is_empty());
    }
}
