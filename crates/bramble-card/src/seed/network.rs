//! `network-config`: fixed addresses, known before the first boot.

use std::fmt::Write as _;

use bramble_cluster::Secret;
use bramble_cluster::cluster::{Medium, Uplink};

use super::Renderer;
use super::yaml::quoted;
use crate::order::{Order, Outside};

pub(super) fn network_config(order: &Order<'_>, renderer: Renderer) -> String {
    let (cluster, node, outside) = (order.cluster, order.node, order.outside);
    let prefix = cluster.network.subnet.prefix_len();
    let mut text = String::from("version: 2\n");
    if renderer == Renderer::Networkd {
        text.push_str("renderer: networkd\n");
    }
    text.push_str("ethernets:\n  eth0:\n");
    if let Some(mac) = order.mac() {
        let mac = quoted(&mac.to_string());
        // Writing to a string cannot fail.
        write!(
            text,
            "    match: {{macaddress: {mac}}}\n    set-name: eth0\n"
        )
        .ok();
    }
    write!(
        text,
        "    dhcp4: false\n    addresses: [{}/{prefix}]\n",
        node.address
    )
    .ok();
    text.push_str(&way_through(order));
    if let Some(uplink) = &node.uplink {
        text.push_str(&way_out(uplink, outside));
    }
    text
}

/// What a node sends everything to over the switch, and asks for names.
fn way_through(order: &Order<'_>) -> String {
    order.next_hop().map_or_else(String::new, |(router, dns)| {
        format!(
            "    routes: [{{to: default, via: {router}}}]\n    \
                 nameservers: {{addresses: [{dns}], search: [{}]}}\n",
            order.cluster.network.domain,
        )
    })
}

/// `optional`, or a start would wait minutes for a network that is away.
fn way_out(uplink: &Uplink, outside: &Outside) -> String {
    match (&uplink.medium, outside) {
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
            "wifis:\n  wlan0:\n    dhcp4: true\n    optional: true\n{}    access-points:\n      \
             {}: {}\n",
            allowed(uplink.country.as_deref()),
            quoted(ssid),
            access(wifi_password.as_ref()),
        ),
    }
}

/// What the radio may do where it is.
fn allowed(country: Option<&str>) -> String {
    country.map_or_else(String::new, |country| {
        format!("    regulatory-domain: {}\n", quoted(country))
    })
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
