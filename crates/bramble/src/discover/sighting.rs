//! A machine that was seen, put together from what several saw of it. Not in here: who
//! saw it.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use bramble_cluster::catalogue::Reference;
use bramble_cluster::{Cluster, MacAddress, NodeName};
use bramble_view::safe_text::safe_line;
use ipnet::Ipv4Net;
use serde::Serialize;

/// What one table says of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sighting {
    pub(crate) address: Ipv4Addr,
    pub(crate) mac: Option<MacAddress>,
    pub(crate) name: Option<String>,
}

/// A machine, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Found {
    pub(crate) address: Ipv4Addr,
    pub(crate) mac: Option<MacAddress>,
    /// Whose boards have such addresses.
    pub(crate) maker: Option<String>,
    /// What it calls itself.
    pub(crate) name: Option<String>,
    /// Which node it is, by its hardware address in the cluster file.
    pub(crate) node: Option<NodeName>,
    /// The node that is to have the address, where that is all that is known.
    pub(crate) address_of: Option<NodeName>,
}

impl Sighting {
    pub(crate) fn of(address: Ipv4Addr) -> Self {
        Self {
            address,
            mac: None,
            name: None,
        }
    }

    pub(crate) fn with_mac(self, mac: MacAddress) -> Self {
        Self {
            mac: Some(mac),
            ..self
        }
    }

    /// Names come from the machines themselves.
    pub(crate) fn with_name(self, name: Option<&str>) -> Self {
        Self {
            name: name.map(safe_line),
            ..self
        }
    }
}

/// The machines of `net`, by address; what a later sighting says of one completes what
/// an earlier one said.
pub(crate) fn found(
    sightings: Vec<Sighting>,
    net: Ipv4Net,
    cluster: &Cluster,
    reference: &Reference,
) -> Vec<Found> {
    let mut seen: BTreeMap<Ipv4Addr, Sighting> = BTreeMap::new();
    for sighting in sightings
        .into_iter()
        .filter(|one| net.contains(&one.address))
    {
        let known = seen.entry(sighting.address);
        let known = known.or_insert_with(|| Sighting::of(sighting.address));
        known.mac = known.mac.or(sighting.mac);
        known.name = known.name.take().or(sighting.name);
    }
    let complete = |sighting: Sighting| {
        let nodes = &cluster.nodes;
        let by_mac = nodes
            .iter()
            .find(|node| node.mac.is_some() && node.mac == sighting.mac);
        let by_address = nodes.iter().find(|node| node.address == sighting.address);
        let by_address = by_address.filter(|_| by_mac.is_none());
        let maker = sighting.mac.and_then(|mac| reference.maker(mac));
        Found {
            address: sighting.address,
            mac: sighting.mac,
            maker: maker.map(str::to_owned),
            name: sighting.name,
            node: by_mac.map(|node| node.name.clone()),
            address_of: by_address.map(|node| node.name.clone()),
        }
    };
    seen.into_values().map(complete).collect()
}

#[cfg(test)]
mod tests {
    use bramble_testkit::{RECIPE, cluster};

    use super::*;

    #[test]
    fn what_several_saw_of_a_machine_is_put_together() {
        let cluster = cluster(&format!(
            "{RECIPE}\n[identity.node2]\nmac = \"dc:a6:32:01:02:03\"\n"
        ));
        let at = |address: &str| Sighting::of(address.parse().unwrap());
        let mac = |mac: &str| mac.parse().unwrap();
        let seen = vec![
            at("10.55.0.102").with_name(Some("raspberrypi\u{1b}[2J")),
            at("10.55.0.102").with_mac(mac("dc:a6:32:01:02:03")),
            at("10.55.0.4").with_mac(mac("c8:63:14:7a:00:01")),
            at("192.168.1.1").with_mac(mac("70:4f:57:00:00:01")),
        ];
        let net = cluster.network.subnet;
        let found = found(seen, net, &cluster, &Reference::builtin());
        let [first, second] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(first.maker.as_deref(), Some("Khadas"));
        assert_eq!(first.address_of.as_ref().unwrap().as_str(), "node3");
        assert_eq!(second.maker.as_deref(), Some("Raspberry Pi"));
        assert_eq!(second.node.as_ref().unwrap().as_str(), "node2");
        let name = second.name.as_deref().unwrap();
        assert!(
            name.starts_with("raspberrypi") && !name.contains('\u{1b}'),
            "{name}"
        );
    }
}
