//! `NetworkManager`'s connections, as files. Format: nm-settings-keyfile(5). Not in here:
//! netplan's, of which the seed makes use (`seed`).

use bramble_cluster::cluster::{Medium, Uplink};

use crate::order::Order;

/// The names and contents of the files that set up the node's networks.
pub(super) fn connections(order: &Order<'_>) -> Vec<(String, String)> {
    let mut files = vec![file("eth0", &switch(order))];
    if let Some((ssid, _)) = order.wifi() {
        files.push(file("wlan0", &radio(ssid, order.wifi_password())));
    } else if let Some(Uplink {
        medium: Medium::Ethernet(name),
        ..
    }) = &order.node.uplink
    {
        files.push(file(name, &cable(name)));
    }
    files
}

fn file(interface: &str, content: &str) -> (String, String) {
    let folder = "/etc/NetworkManager/system-connections";
    let path = format!("{folder}/bramble-{interface}.nmconnection");
    (path, content.to_owned())
}

/// The cluster's own network: a fixed address.
fn switch(order: &Order<'_>) -> String {
    let (cluster, node) = (order.cluster, order.node);
    let which = order.mac().map_or_else(
        || "interface-name=eth0\n\n[ethernet]\n".to_owned(),
        |mac| {
            format!(
                "\n[ethernet]\nmac-address={}\n",
                mac.to_string().to_uppercase()
            )
        },
    );
    let prefix = cluster.network.subnet.prefix_len();
    let way = match order.next_hop() {
        Some((router, dns)) => format!(
            "gateway={router}\ndns={dns};\ndns-search={};\n",
            cluster.network.domain
        ),
        None => "never-default=true\n".to_owned(),
    };
    format!(
        "[connection]\nid=bramble-eth0\ntype=ethernet\nautoconnect-priority=1\n{which}\n\
         [ipv4]\nmethod=manual\naddress1={}/{prefix}\n{way}\n[ipv6]\nmethod=auto\n",
        node.address
    )
}

/// A second cable: whatever is found there.
fn cable(interface: &str) -> String {
    format!(
        "[connection]\nid=bramble-{interface}\ntype=ethernet\nautoconnect-priority=1\n\
         interface-name={interface}\n\n[ipv4]\nmethod=auto\n\n[ipv6]\nmethod=auto\n"
    )
}

fn radio(ssid: &str, password: Option<&str>) -> String {
    // Its bytes one by one: a text could be taken for a list.
    let byte = |byte: u8| format!("{byte};");
    let name: String = ssid.bytes().map(byte).collect();
    let security = password.map_or_else(String::new, |password| {
        let phrase = escaped(password);
        format!("[wifi-security]\nkey-mgmt=wpa-psk\npsk={phrase}\n\n")
    });
    format!(
        "[connection]\nid=bramble-wlan0\ntype=wifi\nautoconnect-priority=1\n\
         interface-name=wlan0\n\n[wifi]\nmode=infrastructure\nssid={name}\n\n{security}\
         [ipv4]\nmethod=auto\n\n[ipv6]\nmethod=auto\n"
    )
}

/// As `GLib` reads values: spaces at the beginning would be lost, and a backslash begins
/// something else.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\");
    let rest = text.trim_start_matches(' ');
    "\\s".repeat(text.len() - rest.len()) + rest
}
