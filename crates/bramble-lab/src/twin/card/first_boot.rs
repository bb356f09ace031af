//! What a card's first boot says that matters before it happens: whose it is, and
//! which network it looks for. Not in here: reading it, and writing such files.
//!
//! Only cloud-init's files. A virtual node starts without kernel and boot loader, so
//! nothing carries out what Raspberry Pi OS reads from `cmdline.txt` until bookworm, and
//! it has no partition whose label could be looked for.

/// The names of cloud-init's files.
pub(super) const USER: &str = "user-data";
pub(super) const META: &str = "meta-data";
pub(super) const NETWORK: &str = "network-config";

/// The host name that cloud-init gives: up to its first dot, and by `user-data` where
/// both files have one (cloud-init's `get_hostname_fqdn`).
pub(super) fn host_name(user_data: &str, meta_data: &str) -> Option<String> {
    let name = value(user_data, "hostname")
        .or_else(|| value(user_data, "fqdn"))
        .or_else(|| value(meta_data, "local-hostname"))?;
    name.split('.').next().map(ToOwned::to_owned)
}

/// Why a node would not find the network that its card says, if so.
pub(super) fn not_here(network_config: &str, has_uplink: bool) -> Option<&'static str> {
    let says = |word: &str| lines(network_config).any(|line| line.contains(word));
    if !has_uplink {
        return says("macaddress:")
            .then_some("its network is the twin's: its card looks for a board's hardware address");
    }
    Some(if says("wifis:") {
        "its way out is the twin's: its card's Wi-Fi finds no network here"
    } else if says("dhcp4: true") {
        "its way out is the twin's: its card's DHCP finds no server here"
    } else {
        "its way out is the twin's"
    })
}

/// What stands behind a key of the outermost level.
fn value<'a>(yaml: &'a str, key: &str) -> Option<&'a str> {
    let of = |line: &'a str| line.strip_prefix(key)?.strip_prefix(':');
    let found = lines(yaml).find_map(of)?;
    let plain = found.split(" #").next().unwrap_or_default();
    let bare = plain.trim().trim_matches(['"', '\'']);
    (!bare.is_empty()).then_some(bare)
}

/// Comments of whole lines left out: images come with examples in them.
fn lines(yaml: &str) -> impl Iterator<Item = &str> {
    let is_said = |line: &&str| !line.trim_start().starts_with('#');
    yaml.lines().filter(is_said)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIFI: &str = "version: 2\nethernets:\n  eth0:\n    dhcp4: false\nwifis:\n  wlan0:\n    \
                        dhcp4: true\n";
    const FIXED: &str = "version: 2\nethernets:\n  eth0:\n    addresses: [10.55.0.2/24]\n";

    #[test]
    fn the_name_is_the_one_that_cloud_init_would_give() {
        let meta = "instance-id: bramble-garden-node2-0-0123456789ab\nlocal-hostname: node2\n";
        let named = |user: &str, meta: &str| host_name(user, meta);
        let is = |name: &str| Some(name.to_owned());
        assert_eq!(named("#cloud-config\nhostname: node1\n", meta), is("node1"));
        assert_eq!(named("#cloud-config\n", meta), is("node2"));
        assert_eq!(
            named("hostname: \"node1\"  # the first\r\n", ""),
            is("node1")
        );
        assert_eq!(named("fqdn: node1.garden.lan\n", meta), is("node1"));
    }

    #[test]
    fn an_example_in_a_comment_and_a_key_further_in_name_nobody() {
        let untouched = "#cloud-config\n#hostname: node1\nhostname:\n";
        assert_eq!(host_name(untouched, "instance-id: debian-image\n"), None);
        let further_in = "write_files:\n  - content: |\n      hostname: node1\n";
        assert_eq!(host_name(further_in, ""), None);
        assert_eq!(host_name("hostname_old: node1\n", ""), None);
    }

    #[test]
    fn only_a_network_that_the_twin_has_not_is_replaced() {
        assert_eq!(not_here(FIXED, false), None);
        assert_eq!(not_here("#    macaddress: ...\n", false), None);
        let wifi = not_here(WIFI, true).unwrap();
        assert!(wifi.contains("Wi-Fi"), "{wifi}");
        let dhcp = format!("{FIXED}  eth1:\n    dhcp4: true\n");
        let dhcp = not_here(&dhcp, true).unwrap();
        assert!(dhcp.contains("DHCP"), "{dhcp}");
        assert!(not_here(FIXED, true).is_some());
        let board = "ethernets:\n  eth0:\n    match: {macaddress: \"dc:a6:32:01:02:03\"}\n";
        let board = not_here(board, false).unwrap();
        assert!(board.contains("hardware address"), "{board}");
    }
}
