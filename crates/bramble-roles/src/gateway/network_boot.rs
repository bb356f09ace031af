//! Boards without cards: where their loader finds its files, and where their root is.
//! Not in here: what is in them, which the owner copies (`docs/network-boot.md`).
//!
//! What Raspberry Pi's boot loader asks for: Raspberry Pi documentation, "Boot flow" and
//! "Network boot"; the kernel's `ip=` and `nfsroot=`: Linux,
//! `Documentation/admin-guide/nfs/nfsroot.rst`.

use bramble_cluster::cluster::Boot;
use bramble_cluster::{MacAddress, Node, NodeName, NodeSet};
use bramble_converge::Key;
use bramble_converge::resource::{Directory, File, Link, Packages, Service};

use crate::context::{Context, Wants};
use crate::template::fill;

/// Where all of it is on the node that the others boot from.
const PLACE: &str = "/srv/netboot";

/// Said where a kernel has no NFS, as on the twin's nodes.
const NO_NFS: &str = "this kernel has no NFS: no board can boot from here";

/// What boards are told to look for. The 3B's first firmware compares it with the three
/// blanks.
const MENU: &str = "Raspberry Pi Boot";
const OLD_MENU: &str = "Raspberry Pi Boot   ";

/// Adds what boards need that boot from this node. Gives what dnsmasq reads of it.
pub(super) fn wants(context: &Context<'_>, wants: &mut Wants) -> Option<Key> {
    let boards: Vec<_> = boards(context).collect();
    if boards.is_empty() {
        return None;
    }
    if context.own_facts().is_some_and(|facts| !facts.nfs_server) {
        wants.note(NO_NFS);
        return None;
    }
    let folder = format!("{PLACE}/tftp");
    wants.add(Directory::new(folder, 0o755, "root:root"));
    for board in &boards {
        own_files(context, board, wants);
    }
    let unknown: NodeSet = boards
        .iter()
        .filter(|board| !is_known(context, board))
        .map(|board| board.name.clone())
        .collect();
    if let Some(first) = unknown.iter().next() {
        wants.note(needed(context, &unknown, &first));
    }
    // A 3B looks for it before it has said which one it is.
    let first = boards.first().map(|board| firmware(board));
    if let Some(first) = first {
        let target = format!("../{first}/bootcode.bin");
        wants.add(Link::new(format!("{PLACE}/tftp/bootcode.bin"), target));
    }
    roots(context, &boards, wants);
    let answers = answers(context, &boards);
    Some(wants.add(File::new(
        "/etc/dnsmasq.d/bramble-network-boot.conf",
        answers,
    )))
}

/// The same where nothing else needs dnsmasq, which then answers no questions for names.
pub(super) fn alone(context: &Context<'_>, wants: &mut Wants) {
    if let Some(answers) = self::wants(context, wants) {
        wants.add(Packages::new(["dnsmasq"]));
        wants.add(Service::running("dnsmasq.service").reads([answers]));
    }
}

/// All but the head, which the others boot from, and machines that run a system of their
/// own.
fn boards<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Node> {
    let (cluster, own) = (context.cluster, &context.node.name);
    let nodes = cluster.nodes.iter();
    let boots = cluster.boot == Boot::Network;
    nodes.filter(move |node| boots && node.name != *own && !node.hardware.adopt)
}

/// Whether somebody else gives out addresses in the subnet.
fn others_give_addresses(context: &Context<'_>) -> bool {
    context.cluster.network.dhcp.is_some() || context.cluster.gateway().is_none()
}

/// Whether the board can be told from others when it asks.
fn is_known(context: &Context<'_>, board: &Node) -> bool {
    let has_folder = board.mac.is_some() || folder(board).is_some();
    has_folder && (board.mac.is_some() || others_give_addresses(context))
}

fn needed(context: &Context<'_>, boards: &NodeSet, first: &NodeName) -> String {
    let what = if others_give_addresses(context) {
        "serial number or the MAC"
    } else {
        "MAC"
    };
    format!("network boot needs the {what} of {boards}: `bramble discover --assign {first}=MAC`")
}

/// The folder in which a board looks by its serial number.
fn folder(board: &Node) -> Option<String> {
    board.serial.as_ref()?.boot_folder()
}

/// What is to be the board's boot partition, below [`PLACE`].
fn firmware(board: &Node) -> String {
    format!("nodes/{}/boot/firmware", board.name)
}

/// What is particular about one board: how its kernel finds its root, what it mounts,
/// and the names under which its loader looks for all of it.
fn own_files(context: &Context<'_>, board: &Node, wants: &mut Wants) {
    let root = format!("{PLACE}/nodes/{}", board.name);
    wants.add(File::new(
        format!("{PLACE}/{}/cmdline.txt", firmware(board)),
        command_line(context, board),
    ));
    let mounts = fill(
        include_str!("templates/network-boot.fstab"),
        &[("header", &context.header())],
    );
    wants.add(File::new(format!("{root}/etc/fstab"), mounts));
    let names = folder(board).into_iter();
    for name in names.chain(board.mac.map(MacAddress::dashed)) {
        let target = format!("../{}", firmware(board));
        wants.add(Link::new(format!("{PLACE}/tftp/{name}"), target));
    }
}

/// One line: the loader reads no further.
fn command_line(context: &Context<'_>, board: &Node) -> String {
    let network = &context.cluster.network;
    let (server, name, address) = (context.node.address, &board.name, board.address);
    let router = match context.cluster.gateway() {
        Some(gateway) => Some(gateway.address),
        None => network.router,
    };
    let router = router.map(|router| router.to_string()).unwrap_or_default();
    let mask = network.subnet.netmask();
    format!(
        "console=serial0,115200 console=tty1 root=/dev/nfs \
         nfsroot={server}:{PLACE}/nodes/{name},vers=3,tcp \
         ip={address}:{server}:{router}:{mask}:{name}::off rw rootwait \
         cgroup_enable=memory cgroup_memory=1\n"
    )
}

/// Each board's root, for that board alone. The server is started by a unit of its own,
/// since it may serve shares, too.
fn roots(context: &Context<'_>, boards: &[&Node], wants: &mut Wants) {
    wants.add(Packages::new(["nfs-kernel-server", "rpcbind"]));
    let line = |board: &&Node| {
        format!(
            "{PLACE}/nodes/{} {}(rw,sync,no_subtree_check,no_root_squash)\n",
            board.name, board.address
        )
    };
    let exports: String = boards.iter().map(line).collect();
    let exports = format!("# {}\n{exports}", context.header());
    let exports = wants.add(File::new(
        "/etc/exports.d/bramble-network-boot.exports",
        exports,
    ));
    let unit = fill(
        include_str!("templates/bramble-network-boot.service"),
        &[("header", &context.header())],
    );
    let unit = wants.add(File::new(
        "/etc/systemd/system/bramble-network-boot.service",
        unit,
    ));
    wants.add(Service::running("bramble-network-boot.service").reads([exports, unit]));
}

/// Without a gateway nobody asks this node for names.
fn names_elsewhere(context: &Context<'_>) -> String {
    if context.cluster.gateway().is_some() {
        return String::new();
    }
    let interface = context.cluster_interface();
    format!("port=0\ninterface={interface}\nbind-dynamic\n")
}

/// What dnsmasq answers to boards that ask where to boot from.
fn answers(context: &Context<'_>, boards: &[&Node]) -> String {
    let network = context.cluster.network.subnet.network().to_string();
    let mask = context.cluster.network.subnet.netmask().to_string();
    let server = context.node.address.to_string();
    let old = boards
        .iter()
        .any(|board| board.hardware.board.id == "rpi3b");
    let range = if others_give_addresses(context) {
        format!(
            "# Another server gives out addresses.\ndhcp-range={network},proxy,{mask}\n{}",
            names_elsewhere(context)
        )
    } else {
        let hosts = boards.iter().filter_map(|board| {
            let (mac, address, name) = (board.mac?, board.address, &board.name);
            Some(format!("dhcp-host={mac},{address},{name}\n"))
        });
        let hosts: String = hosts.collect();
        format!(
            "# Addresses for these boards, and for nobody else.\n\
             dhcp-range={network},static,{mask}\ndhcp-authoritative\n{hosts}"
        )
    };
    fill(
        include_str!("templates/network-boot.conf"),
        &[
            ("header", &context.header()),
            ("range", range.trim_end()),
            ("menu", if old { OLD_MENU } else { MENU }),
            ("server", &server),
            ("place", PLACE),
        ],
    )
}
