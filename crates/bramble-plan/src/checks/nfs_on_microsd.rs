//! `nfs-on-microsd`: what holds the files of all nodes, and what they travel by.

use std::collections::BTreeSet;

use bramble_cluster::catalogue::Medium;
use bramble_cluster::cluster::Share;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::Check;
use super::placed::Placed;
use super::sizes;
use super::slow_ethernet;
use crate::finding::{Figure, Finding};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "nfs-on-microsd",
    text: include_str!("nfs_on_microsd.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let shares = site.cluster.shares.iter().enumerate();
    let mut found = Vec::new();
    let mut served = BTreeSet::new();
    for (index, share) in shares {
        let Some(server) = server(site, share) else {
            continue;
        };
        found.extend(card(&server, index, share));
        if served.insert(&share.on) {
            found.extend(network(&server, index, share));
        }
    }
    found
}

/// The group of the node that has the share.
fn server<'a>(site: &'a Site<'a>, share: &Share) -> Option<Placed<'a>> {
    let nodes = &site.cluster.nodes;
    let node = nodes.iter().position(|node| node.name == share.on)?;
    Placed::all(site).find(|placed| placed.group.nodes.contains(&node))
}

fn card(server: &Placed<'_>, index: usize, share: &Share) -> Option<Finding> {
    let hardware = server.hardware();
    if share.device.is_some() {
        return None;
    }
    match hardware.boot_medium() {
        Some(Medium::Microsd) => Some(on_microsd(server, index, share)),
        // Other boards without a card are told about by `no-card`.
        None if hardware.adopt => Some(unknown(server, index, share)),
        _ => None,
    }
}

fn on_microsd(server: &Placed<'_>, index: usize, share: &Share) -> Finding {
    let title = format!(
        "all nodes write to {} on the microSD card that `{}` boots from",
        share.path, share.on
    );
    at(server, share, index, Severity::Warning, title)
        .label("on a microSD card")
        .remedy(format!(
            "put an SSD on `{}` (`drives = [...]` there) and add its `device = \"/dev/sda1\"` here, or boot `{}` from one",
            share.on, share.on
        ))
}

fn unknown(server: &Placed<'_>, index: usize, share: &Share) -> Finding {
    let title = format!(
        "how fast {} is and how it wears cannot be checked: nothing says what `{}` boots from",
        share.path, share.on
    );
    at(server, share, index, Severity::Note, title)
        .label("not known")
        .remedy(format!(
            "add `card = ` to `{}`, or `device = ` here",
            share.on
        ))
}

fn network(server: &Placed<'_>, index: usize, share: &Share) -> Option<Finding> {
    let ethernet = server.board().ethernet.as_ref()?;
    let (rated, real) = (ethernet.rated?, slow_ethernet::carried(ethernet)?);
    let others = u32::try_from(server.site.cluster.nodes.len() - 1).unwrap_or(u32::MAX);
    if others == 0 || !slow_ethernet::is_far_below(real, rated) {
        return None;
    }
    let title = format!(
        "`{}` serves files to {others} {} through {real}",
        share.on,
        if others == 1 { "node" } else { "nodes" }
    );
    let finding = at(server, share, index, Severity::Note, title)
        .label(format!("{real} for all together"))
        .figure(sizes::speed("carried", real).said_by(ethernet.source.as_deref()))
        .figure(Figure::new("nodes that share it", others, ""))
        .remedy("give this share to a node with faster Ethernet, or copy to the nodes what they read often");
    Some(finding)
}

fn at(
    server: &Placed<'_>,
    share: &Share,
    index: usize,
    severity: Severity,
    title: String,
) -> Finding {
    let node = server
        .site
        .cluster
        .nodes
        .iter()
        .position(|node| node.name == share.on);
    Finding::new(CHECK.id, severity, title, Table::Share(index).key("on"))
        .about_nodes(node.as_slice(), server.site)
}

#[cfg(test)]
mod tests {
    use bramble_cluster::diagnostic::Severity;

    use super::super::fixture::of;

    const SSD: &str = "[catalogue.cards.ssd]\nname = \"SSD\"\nkind = \"usb3\"";

    fn severities(head: &str, share: &str) -> Vec<Severity> {
        let text = format!(
            "[cluster]\nname = \"test\"\n[network]\nsubnet = \"10.55.0.0/24\"\n\
             [storage]\nshared = [{{ on = \"head\", path = \"/srv/home\", mount = \"/home/shared\"{share} }}]\n\
             [head]\nname = \"head\"\nram = \"1GB\"\n{head}\n\
             [[nodes]]\nnames = \"node[1-2]\"\nboard = \"rpi3b\"\n{SSD}"
        );
        let found = of("nfs-on-microsd", &text);
        found.iter().map(|finding| finding.severity).collect()
    }

    const CARD: &str = "board = \"rpi4b\"\ncard = \"sandisk-ultra-32GB\"";

    #[test]
    fn a_share_wears_out_the_card_that_the_head_boots_from() {
        assert_eq!(severities(CARD, ""), [Severity::Warning]);
    }

    #[test]
    fn a_device_of_its_own_spares_the_card() {
        assert_eq!(severities(CARD, ", device = \"/dev/sda1\""), []);
        assert_eq!(severities("board = \"rpi4b\"\ncard = \"ssd\"", ""), []);
    }

    #[test]
    fn a_slow_port_is_shared_by_all() {
        assert_eq!(
            severities("board = \"rpi3bplus\"\ncard = \"ssd\"", ""),
            [Severity::Note]
        );
    }

    #[test]
    fn a_machine_that_runs_already_may_have_anything() {
        assert_eq!(
            severities("board = \"rpi4b\"\nadopt = true", ""),
            [Severity::Note]
        );
    }
}
