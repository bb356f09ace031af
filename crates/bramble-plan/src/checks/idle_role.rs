//! `idle-role`: roles that come to nothing as they are given. Not in here:
//! roles that two nodes have, and workers that are missing, which the reader says.

use bramble_cluster::cluster::{Access, Internet};
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::Check;
use super::placed::Placed;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "idle-role",
    text: include_str!("idle_role.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let rules = [gateway, no_queue];
    rules.iter().filter_map(|rule| rule(site)).collect()
}

/// Only the head can have a way to the world of its own.
fn gateway(site: &Site<'_>) -> Option<Finding> {
    let network = &site.cluster.network;
    let misplaced = Placed::with_role(site, "gateway").find(|placed| placed.index > 0);
    if let Some(placed) = misplaced {
        let title = "only the head has an uplink, so no other node can be the gateway";
        let finding = placed
            .found(CHECK.id, Severity::Warning, "roles", title)
            .label("leads nowhere")
            .remedy("give the role `gateway` to the head");
        return Some(finding);
    }
    let wanted = network.access == Access::Gateway && network.internet != Internet::Never;
    (wanted && site.cluster.gateway().is_none()).then(|| {
        let title = "the nodes are to reach the world through the head, which has not the role `gateway`";
        Finding::new(CHECK.id, Severity::Warning, title, Table::Group(0).key("roles"))
            .label("no `gateway`")
            .remedy("add `gateway` to the roles of the head, or write `internet = \"never\"` in `[network]`")
    })
}

fn no_queue(site: &Site<'_>) -> Option<Finding> {
    let first = Placed::with_role(site, "worker").next()?;
    if site.cluster.provider("scheduler").is_some() {
        return None;
    }
    let title =
        "no node has the role `scheduler`: workers take no jobs, only commands of `bramble run`";
    let finding = Finding::new(CHECK.id, Severity::Note, title, first.key("roles"))
        .label("works for nobody")
        .remedy("add `scheduler` to the roles of the head, if jobs are to wait in a queue");
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::of;

    /// Titles of what is found: `head` and `network` with lines of their own.
    fn found(head: &str, network: &str, nodes: &str) -> Vec<String> {
        let text = format!(
            "[cluster]\nname = \"test\"\n[network]\nsubnet = \"10.55.0.0/24\"\n{network}\n\
             [storage]\nshared = [{{ on = \"head\", path = \"/srv/home\", mount = \"/home/shared\" }}]\n\
             [head]\nname = \"head\"\nboard = \"rpi3b\"\n{head}\n\
             [[nodes]]\nnames = \"node1\"\nboard = \"rpi3b\"\n{nodes}"
        );
        of("idle-role", &text)
            .into_iter()
            .map(|finding| finding.title)
            .collect()
    }

    const WIFI: &str = "uplink = { wifi = \"Home\" }";

    #[test]
    fn roles_as_they_are_without_being_told_go_together() {
        assert!(found("", "", "").is_empty());
        assert!(found(WIFI, "", "").is_empty());
    }

    #[test]
    fn another_node_cannot_be_the_gateway() {
        let head = "roles = [\"time\", \"scheduler\"]";
        let titles = found(head, "", "roles = [\"gateway\", \"worker\"]");
        assert!(
            titles[0].starts_with("only the head has an uplink"),
            "{titles:?}"
        );
    }

    #[test]
    fn a_head_that_is_the_way_out_has_the_role() {
        let head = format!("{WIFI}\nroles = [\"time\", \"scheduler\"]");
        assert!(found(&head, "", "")[0].contains("has not the role `gateway`"));
        assert!(found(&head, "internet = \"never\"", "").is_empty());
    }

    #[test]
    fn workers_without_a_queue_take_no_jobs() {
        let titles = found("roles = [\"gateway\", \"time\"]", "", "");
        assert!(
            titles[0].starts_with("no node has the role `scheduler`"),
            "{titles:?}"
        );
    }
}
