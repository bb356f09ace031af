//! `unknown-speed`: boards for computing whose speed nobody measured.

use std::collections::BTreeMap;

use bramble_cluster::cluster::Purpose;
use bramble_cluster::diagnostic::Severity;

use super::Check;
use super::placed::{Placed, tell};
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "unknown-speed",
    text: include_str!("unknown_speed.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    if !site.cluster.purpose.contains(&Purpose::Parallel) {
        return Vec::new();
    }
    let unknown: Vec<_> = Placed::with_role(site, "worker")
        .filter(is_unknown)
        .collect();
    let Some(first) = unknown.first() else {
        return Vec::new();
    };
    let names: BTreeMap<_, _> = unknown
        .iter()
        .map(|placed| (placed.board().id.as_str(), placed.board().name.as_str()))
        .collect();
    let names: Vec<_> = names.into_values().collect();
    let title = format!(
        "how fast the cluster computes cannot be told: nobody measured the {} with HPL",
        names.join(" and the ")
    );
    let nodes: Vec<_> = unknown
        .iter()
        .flat_map(|placed| placed.group.nodes.clone())
        .collect();
    let finding = Finding::new(CHECK.id, Severity::Note, title, first.key("board"))
        .label("not known")
        .about_nodes(&nodes, site)
        .remedy(tell(
            first.board(),
            "`speed = { hpl = \"1.2Gflop/s\" }` once you measured one",
        ));
    vec![finding]
}

fn is_unknown(placed: &Placed<'_>) -> bool {
    let memory = placed.hardware().memory;
    let speed = placed.board().speed.as_ref();
    speed.and_then(|speed| speed.hpl(memory)).is_none()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use crate::finding::Finding;

    fn nodes(purpose: &str, groups: &str) -> Vec<Finding> {
        let text = file(groups).replace(
            "[cluster]",
            &format!("[cluster]\npurpose = [\"{purpose}\"]"),
        );
        of("unknown-speed", &text)
    }

    const TWO: &str = "
        [[nodes]]
        names = \"node[1-3]\"
        board = \"vim3-basic\"
        [[nodes]]
        names = \"pi[1-2]\"
        board = \"rpi3bplus\"
    ";

    #[test]
    fn boards_that_nobody_measured_are_named_in_one_note() {
        let found = nodes("parallel", TWO);
        assert_eq!(found.len(), 1);
        assert!(
            found[0]
                .title
                .contains("the Raspberry Pi 3 Model B+ and the Khadas VIM3 Basic"),
            "{}",
            found[0].title
        );
        assert_eq!(found[0].nodes.to_string(), "node[1-3],pi[1-2]");
    }

    #[test]
    fn it_does_not_matter_for_other_purposes() {
        assert!(nodes("services", TWO).is_empty());
    }

    #[test]
    fn boards_that_were_measured_are_no_matter() {
        assert!(
            nodes(
                "parallel",
                "[[nodes]]\nnames = \"node[1-3]\"\nboard = \"rpi5\"\nram = \"8GB\""
            )
            .is_empty()
        );
    }
}
