//! `network-config`: fixed addresses, known before the first boot.

use bramble_cluster::cluster::Medium;
use bramble_cluster::{Cluster, Node, Secret};

use super::Outside;
use super::yaml::quoted;

pub(super) fn network_config(cluster: &Cluster, node: &Node, outside: &Outside) -> String {
    let prefix = cluster.network.subnet.prefix_len();
    let mut text = format!(
        "version: 2\nethernets:\n  eth0:\n    dhcp4: false\n    addresses: [{}/{prefix}]\n",
        node.address
    );
    text.push_str(&way_through(cluster, node));
    if let Some(uplink) = &node.uplink {
        text.push_str(&way_out(&uplink.medium, outside));
    }
    text
}

/// Nodes behind the gateway send everything to it, and ask it for names.
fn way_through(cluster: &Cluster, node: &Node) -> String {
    match cluster.provider("gateway") {
        Some(gateway) if gateway.name != node.name => format!(
            "    routes: [{{to: default, via: {via}}}]\n    \
             nameservers: {{addresses: [{via}], search: [{domain}]}}\n",
            via = gateway.address,
            domain = cluster.network.domain,
        ),
        _ => String::new(),
    }
}

/// `optional`, or a start would wait minutes for a network that is away.
fn way_out(medium: &Medium, outside: &Outside) -> String {
    match (medium, outside) {
        (medium, Outside::Virtual { node, gateway, dns }) => format!(
            "  {}:\n    dhcp4: false\n    addresses: [{node}]\n    \
             routes: [{{to: default, via: {gateway}}}]\n    \
             nameservers: {{addresses: [{dns}]}}\n",
            interface(medium),
        ),
        (Medium::Ethernet(name), Outside::Real { .. }) => {
            format!("  {name}:\n    dhcp4: true\n    optional: true\n")
        }
        (Medium::Wifi(ssid), Outside::Real { wifi_password }) => format!(
            "wifis:\n  wlan0:\n    dhcp4: true\n    optional: true\n    access-points:\n      \
             {}: {}\n",
            quoted(ssid),
            access(wifi_password.as_ref()),
        ),
    }
}

fn access(password: Option<&Secret<String>>) -> String {
    password.map_or_else(
        || "{}".to_owned(),
        |password| format!("{{password: {}}}", quoted(password.expose())),
    )
}

fn interface(medium: &Medium) -> &str {
    match medium {
        Medium::Wifi(_) => "wlan0",
        Medium::Ethernet(name) => name,
    }
}
