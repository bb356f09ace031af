//! `[network]`: how the nodes are wired and reached. Not in here: the subnet's
//! own rules (`subnet`) and who gets which address (`addresses`).

use std::net::Ipv4Addr;
use std::sync::Arc;

use ipnet::Ipv4Net;
use toml::Spanned;

use super::known::Known;
use super::{dhcp, host, nodes, subnet};
use crate::catalogue::Switch;
use crate::cluster::{Access, AddressRange, Internet};
use crate::reader::{Key, Kind, Section, Value, names};

const ACCESS: &[(&str, Access)] = &[
    ("direct", Access::Direct),
    ("routed", Access::Routed),
    ("gateway", Access::Gateway),
];

const INTERNET: &[(&str, Internet)] = &[
    ("always", Internet::Always),
    ("on-demand", Internet::OnDemand),
    ("never", Internet::Never),
];

/// The keys of `[network]`.
pub(super) const KEYS: &[Key] = &[
    Key::new("subnet", Kind::Text, r#""10.55.0.0/24""#, "the nodes' own; may not overlap what Docker (172.17.0.0/16) or k3s (10.42.0.0/16, 10.43.0.0/16) use").required(),
    Key::new("access", Kind::Choice(|| names(ACCESS)), r#""gateway""#, "how the nodes are reached: the head by its uplink and all others through it, or every node by its own address").or("\"gateway\" if the head has an uplink, else \"direct\""),
    Key::new("internet", Kind::Choice(|| names(INTERNET)), r#""on-demand""#, "when workers reach the internet; on demand is after `bramble internet on`").or("\"on-demand\""),
    Key::new("domain", Kind::Text, r#""garden.lan""#, "of the nodes' full names").or("\"NAME.lan\""),
    Key::new("router", Kind::Text, r#""192.168.1.1""#, "the router of the subnet, for nodes that are not behind a gateway"),
    Key::new("dhcp", Kind::Text, r#""192.168.1.100-192.168.1.199""#, "addresses of the subnet that another DHCP server gives out; no node gets one of them"),
    Key::new("switch", Kind::Text, r#""netgear-8-port""#, "a switch of the catalogue"),
    Key::new("switches", Kind::Count, "2", "how many of it, linked to each other").or("1"),
];

/// `[network]` as it is written.
#[derive(Debug)]
pub(super) struct NetworkTable {
    pub(super) subnet: Option<Spanned<Ipv4Net>>,
    /// As it is given; else it follows from whether the head has an uplink.
    pub(super) access: Option<Spanned<Access>>,
    pub(super) router: Option<Spanned<Ipv4Addr>>,
    pub(super) dhcp: Option<Spanned<AddressRange>>,
    pub(super) switch: Option<Arc<Switch>>,
    pub(super) switches: u32,
    pub(super) internet: Internet,
    pub(super) domain: Option<String>,
}

impl Default for NetworkTable {
    fn default() -> Self {
        Self {
            subnet: None,
            access: None,
            router: None,
            dhcp: None,
            switch: None,
            switches: 1,
            internet: Internet::OnDemand,
            domain: None,
        }
    }
}

/// Reads `[network]`.
pub(super) fn read(mut section: Section<'_>, known: &Known<'_>) -> NetworkTable {
    let default = NetworkTable::default();
    let subnet = section.get("subnet");
    let subnet = subnet.and_then(|value| subnet::read(&value.text()?, section.report()));
    let access = section.get("access");
    let access = access.and_then(|value| {
        let text = value.text()?;
        Some(Spanned::new(text.span.clone(), text.choice(ACCESS)?))
    });
    let router = section.get("router");
    let router = router.and_then(|value| nodes::address(&value.text()?));
    let dhcp = section.get("dhcp");
    let dhcp = dhcp.and_then(|value| dhcp::read(&value.text()?, subnet.as_ref()));
    let internet = section.choice("internet", INTERNET);
    let domain = section.get("domain");
    let domain = domain.and_then(|value| host::domain(&value.text()?));
    let switch = section.get("switch");
    let switch = switch.and_then(|value| known.switches.find(&value.text()?));
    let switches = section.get("switches");
    let switches = switches.and_then(|value| number_of(value, switch.as_deref()));
    let switches = switches.unwrap_or(default.switches);
    section.finish();
    NetworkTable {
        subnet,
        access,
        router,
        internet: internet.unwrap_or(default.internet),
        domain,
        dhcp,
        switch,
        switches,
    }
}

/// Most ports of all switches together: more than any cluster has cables.
const MOST_PORTS: u32 = 1_000_000;

/// How many of `switch`, with no more ports than that.
fn number_of(value: Value<'_>, switch: Option<&Switch>) -> Option<u32> {
    let ports = switch.map_or(1, |switch| switch.ports.max(1));
    value.count_to((MOST_PORTS / ports).max(1))
}
