//! `dhcp-pool`: fixed addresses in a home network whose router gives out others.

use bramble_cluster::cluster::Access;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;
use ipnet::Ipv4Net;

use super::Check;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "dhcp-pool",
    text: include_str!("dhcp_pool.md"),
    find,
};

/// Networks that routers for homes come with, by the first three of their four
/// numbers.
const HOMES: &[[u8; 3]] = &[
    [192, 168, 0],
    [192, 168, 1],
    [192, 168, 2],
    [192, 168, 8],
    [192, 168, 50],
    [192, 168, 68],
    [192, 168, 86],
    [192, 168, 100],
    [192, 168, 178],
    [10, 0, 0],
    [10, 0, 1],
];

fn find(site: &Site<'_>) -> Vec<Finding> {
    let network = &site.cluster.network;
    let told = network.access != Access::Direct || network.dhcp.is_some();
    if told || !is_home(network.subnet) {
        return Vec::new();
    }
    let title = format!(
        "the router of {} may give the nodes' addresses to others",
        network.subnet
    );
    let finding = Finding::new(
        CHECK.id,
        Severity::Note,
        title,
        Table::Network.key("subnet"),
    )
    .label("a usual home network")
    .remedy(format!(
        "look in the router which addresses it gives out, and add them: `dhcp = \"{}\"`",
        example(network.subnet)
    ));
    vec![finding]
}

fn is_home(subnet: Ipv4Net) -> bool {
    let mut homes = HOMES
        .iter()
        .map(|[a, b, c]| Ipv4Net::new_assert([*a, *b, *c, 0].into(), 24));
    homes.any(|home| home.contains(&subnet) || subnet.contains(&home))
}

fn example(subnet: Ipv4Net) -> String {
    let [a, b, c, _] = subnet.network().octets();
    format!("{a}.{b}.{c}.100-{a}.{b}.{c}.199")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use crate::finding::Finding;

    fn network(keys: &str) -> Vec<Finding> {
        let text = file("").replace("subnet = \"10.55.0.0/16\"", keys);
        of("dhcp-pool", &text)
    }

    #[test]
    fn a_home_network_has_a_router_that_gives_out_addresses() {
        let found = network("subnet = \"192.168.1.0/24\"");
        assert!(
            found[0].remedy.contains("192.168.1.100-192.168.1.199"),
            "{}",
            found[0].remedy
        );
    }

    #[test]
    fn when_it_is_told_which_nothing_is_left_to_say() {
        let told = "subnet = \"192.168.1.0/24\"\ndhcp = \"192.168.1.100-192.168.1.199\"";
        assert!(network(told).is_empty());
    }

    #[test]
    fn a_network_of_its_own_is_nobody_elses() {
        assert!(network("subnet = \"10.55.0.0/24\"").is_empty());
        assert!(network("subnet = \"192.168.1.0/24\"\naccess = \"routed\"").is_empty());
    }

    #[test]
    fn a_part_of_a_home_network_and_more_than_one_count_as_well() {
        assert_eq!(network("subnet = \"192.168.1.128/25\"").len(), 1);
        assert_eq!(network("subnet = \"192.168.0.0/16\"").len(), 1);
    }
}
