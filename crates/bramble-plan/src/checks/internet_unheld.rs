//! `internet-unheld`: a wish about the internet that nobody carries out. Not in
//! here: who is the gateway (`idle_role`).

use bramble_cluster::cluster::{Access, Internet};
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::Check;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "internet-unheld",
    text: include_str!("internet_unheld.md"),
    find: |site| internet(site).into_iter().collect(),
};

/// The gateway holds nodes to `internet`; without one nobody does.
fn internet(site: &Site<'_>) -> Option<Finding> {
    let network = &site.cluster.network;
    if site.cluster.gateway().is_some() || network.access == Access::Gateway {
        return None;
    }
    let at = |severity, title: &str| {
        Finding::new(CHECK.id, severity, title, Table::Network.key("internet"))
    };
    match (network.internet, network.router) {
        (Internet::Never, Some(_)) => {
            let title = "workers reach the internet through the router all the same: only a gateway can hold them back";
            let remedy = "block the nodes' addresses in the router, or put the cluster behind the head with an `uplink`";
            let finding = at(Severity::Warning, title).label("nobody sees to it");
            Some(finding.remedy(remedy))
        }
        (Internet::OnDemand, Some(_)) => {
            let title = "workers reach the internet through the router at any time: only a gateway opens and closes it on demand";
            let remedy = "write `internet = \"always\"` in `[network]`, which is what happens, or put the cluster behind the head with an `uplink`";
            let finding = at(Severity::Note, title).label("nobody opens and closes it");
            Some(finding.remedy(remedy))
        }
        (Internet::Always, None) => {
            let title = "workers are to reach the internet always, and there is neither a gateway nor a router";
            let remedy = "add `router = ` to `[network]`, or `uplink = ` to `[head]`";
            let finding = at(Severity::Warning, title).label("no way there");
            Some(finding.remedy(remedy))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::of;

    fn found(network: &str) -> Vec<String> {
        let text = format!(
            "[cluster]\nname = \"test\"\n[network]\nsubnet = \"10.55.0.0/24\"\n{network}\n\
             [head]\nname = \"head\"\nboard = \"rpi3b\"\n\
             [[nodes]]\nnames = \"node1\"\nboard = \"rpi3b\"\n"
        );
        let found = of("internet-unheld", &text).into_iter();
        found.map(|finding| finding.title).collect()
    }

    #[test]
    fn nobody_holds_nodes_behind_a_router_back() {
        let router = "router = \"10.55.0.1\"";
        assert_eq!(found(&format!("{router}\ninternet = \"never\"")).len(), 1);
        assert!(found(&format!("{router}\ninternet = \"always\"")).is_empty());
        assert_eq!(found("internet = \"always\"").len(), 1);
    }

    #[test]
    fn on_demand_is_no_more_than_a_wish_there_even_if_not_written() {
        let router = "router = \"10.55.0.1\"";
        let said = found(&format!("{router}\ninternet = \"on-demand\""));
        assert_eq!(said.len(), 1);
        assert_eq!(found(router), said);
        assert!(found("").is_empty(), "without a router nobody gets there");
    }
}
