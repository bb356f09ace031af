//! Names of hosts beyond the cluster: the domain, and where the head is reached.
//! Not in here: nodes' own names (`name`).

use std::net::IpAddr;

use crate::name::NodeName;
use crate::reader::Text;

/// Most characters of a host name with its domain.
const LONGEST: usize = 253;

/// A domain: lower-case labels joined by dots.
pub(super) fn domain(text: &Text<'_>) -> Option<String> {
    if is_host_name(text.value) {
        return Some(text.value.to_owned());
    }
    let title = format!("`{text}` is no domain");
    let help = "write lower-case names joined by dots, such as `garden.lan`";
    text.fail("invalid-domain", title, "not a domain", help)
}

/// A host name or an address.
pub(super) fn reach(text: &Text<'_>) -> Option<String> {
    if text.value.parse::<IpAddr>().is_ok() || is_host_name(&text.value.to_lowercase()) {
        return Some(text.value.to_owned());
    }
    let title = format!("`{text}` is neither a host name nor an address");
    let help = "write where your machine finds the head, such as `192.168.1.40` or `head.local`";
    text.fail("invalid-reach", title, "not a host name", help)
}

fn is_host_name(text: &str) -> bool {
    // Room for the longest node name and its dot.
    text.len() < LONGEST - 63
        && text
            .split('.')
            .all(|label| label.parse::<NodeName>().is_ok())
}
