//! What a subnet must be by itself. Not in here: whether the nodes fit into it
//! (`addresses`).

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};
use toml::Spanned;

use crate::diagnostic::{Diagnostic, Label};
use crate::reader::{Report, Text};

/// Networks that programs a cluster may run take for themselves.
const TAKEN: &[(Ipv4Net, &str)] = &[
    (
        Ipv4Net::new_assert(Ipv4Addr::new(172, 17, 0, 0), 16),
        "Docker's bridge",
    ),
    (
        Ipv4Net::new_assert(Ipv4Addr::new(10, 42, 0, 0), 16),
        "the pods of k3s",
    ),
    (
        Ipv4Net::new_assert(Ipv4Addr::new(10, 43, 0, 0), 16),
        "the services of k3s",
    ),
];

/// A subnet that nothing else uses; a free one to propose.
const EXAMPLE: &str = "10.55.0.0/24";

/// The subnet. One that something else uses is told about, and still a subnet.
pub(super) fn read(text: &Text<'_>, report: &Report<'_>) -> Option<Spanned<Ipv4Net>> {
    let Ok(subnet) = text.value.parse::<Ipv4Net>() else {
        let title = format!("`{text}` is no subnet");
        return text.fail(
            "invalid-subnet",
            title,
            "not a subnet",
            parse_remedy(text.value),
        );
    };
    let network = subnet.trunc();
    if network != subnet {
        let title = format!("`{subnet}` is the address of a host, not of a subnet");
        let help = format!("write `{network}`");
        text.fail::<()>(
            "subnet-host-bits",
            title,
            "bits are set after the prefix",
            help,
        );
    }
    if let Some((taken, by)) = TAKEN.iter().find(|(taken, _)| overlap(*taken, network)) {
        let title = format!("`{network}` overlaps `{taken}`, which is for {by}");
        let help = format!("choose another, such as `{EXAMPLE}`");
        text.fail::<()>("subnet-taken", title, "in use by containers", help);
    } else if !(network.network().is_private() && network.broadcast().is_private()) {
        let label = Label::new(text.span.clone(), "not a private network");
        let title = format!("`{network}` has addresses that belong to others on the internet");
        let help = format!(
            "choose one from 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, such as `{EXAMPLE}`"
        );
        report.push(Diagnostic::warning("subnet-not-private", title, label).with_help(help));
    }
    Some(Spanned::new(text.span.clone(), network))
}

fn overlap(a: Ipv4Net, b: Ipv4Net) -> bool {
    a.contains(&b) || b.contains(&a)
}

fn parse_remedy(text: &str) -> String {
    if text.parse::<Ipv4Addr>().is_ok() {
        return format!("add the length of its prefix: `{text}/24`");
    }
    if text.parse::<Ipv6Net>().is_ok() || text.parse::<Ipv6Addr>().is_ok() {
        return format!(
            "write an IPv4 network, such as `{EXAMPLE}`; there is nothing to gain from IPv6 inside a cluster"
        );
    }
    format!("write a network and the length of its prefix, such as `{EXAMPLE}`")
}
