//! The twin's network: a namespace that is the world to the cluster, with the
//! switch in it, and one for every node. Nothing of this machine's own network
//! is changed. Not in here: addresses of nodes, which they give themselves.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use bramble_cluster::NodeName;
use bramble_cluster::unit::BitRate;

use super::group::Group;
use super::launch::launch;
use super::mounts;
use super::names::{NAMESPACES, Names};
use crate::LabError;
use crate::error::at;
use crate::layout::{Layout, VirtualNode};
use crate::program::{Program, last_lines};

const WIRING: &str = "run `bramble lab down`, then try again";

/// The world and its switch, without nodes. `group` is where its programs run, here
/// and below.
pub(super) fn build(names: &Names, layout: &Layout, group: &Group) -> Result<(), LabError> {
    let world = names.whole();
    add_namespaces([world.clone()], group)?;
    Program::inside(&world, "sh")
        .args(["-s"])
        .input(include_str!("outside.sh"))
        .within(group.directories())
        .remedy(WIRING)
        .run()?;
    batch("ip", &world, switch(layout), group)
}

/// Connects nodes, by their index in the layout, to the switch.
pub(super) fn plug(
    names: &Names,
    nodes: &[(usize, &VirtualNode)],
    layout: &Layout,
    group: &Group,
) -> Result<(), LabError> {
    let world = names.whole();
    let networks = nodes.iter().map(|(_, node)| names.node_network(&node.name));
    add_namespaces(networks, group)?;
    let wires = nodes
        .iter()
        .map(|(index, node)| wires(names, *index, node, layout))
        .collect();
    batch("ip", &world, wires, group)?;
    let shapes: String = nodes
        .iter()
        .map(|(index, node)| shape(&port(*index), node))
        .collect();
    batch("tc", &world, shapes, group)?;
    for (_, node) in nodes {
        let network = names.node_network(&node.name);
        batch("tc", &network, shape("eth0", node), group)?;
    }
    Ok(())
}

fn add_namespaces(
    networks: impl IntoIterator<Item = String>,
    group: &Group,
) -> Result<(), LabError> {
    let mut commands = String::new();
    for network in networks {
        line(&mut commands, format_args!("netns add {network}"));
    }
    Program::new("ip")
        .args(["-batch", "-"])
        .input(commands)
        .within(group.directories())
        .remedy(WIRING)
        .run()
        .map(drop)
}

/// Pulls a node's cables, at the node: what it still says is not heard.
pub(super) fn pull_cables(names: &Names, node: &NodeName, group: &Group) -> Result<(), LabError> {
    let network = names.node_network(node);
    if !left(names).contains(&network) {
        return Ok(());
    }
    let down = "link set group default down\n".to_owned();
    batch("ip", &network, down, group)
}

/// Pulls what is left of a node's wires, before they are plugged in anew: its
/// namespace may be gone already while the kernel still clears it up.
pub(super) fn unplug(names: &Names, index: usize, node: &VirtualNode, group: &Group) {
    let uplink = node.uplink.as_ref().map(|_| "uplink0".to_owned());
    for interface in [port(index)].into_iter().chain(uplink) {
        let delete = format!("link delete {interface}\n");
        // Mostly not there, which is what is wanted.
        batch("ip", &names.whole(), delete, group).ok();
    }
}

/// Starts the way to the internet: address translation in user space.
pub(super) fn open_exit(names: &Names, layout: &Layout, group: &Group) -> Result<(), LabError> {
    let command = [
        "slirp4netns".to_owned(),
        "--configure".to_owned(),
        // What listens on this machine only must not be reached from a node.
        "--disable-host-loopback".to_owned(),
        format!("--cidr={}", layout.world().exit),
        "--netns-type=path".to_owned(),
        format!("{NAMESPACES}/{}", names.whole()),
        "tap0".to_owned(),
    ];
    launch(group, &exit_log(names), &[], &command)
}

fn exit_log(names: &Names) -> std::path::PathBuf {
    names.state().join("exit.log")
}

/// Waits until the way to the internet is open.
pub(super) fn exit_is_open(names: &Names, group: &Group) -> Result<(), LabError> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(5) {
        let route = Program::new("ip")
            .args([
                "-n",
                &names.whole(),
                "route",
                "show",
                "default",
                "dev",
                "tap0",
            ])
            .run();
        if route.is_ok_and(|route| !route.is_empty()) {
            return Ok(());
        }
        if !group.is_populated() {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    let log = fs::read_to_string(exit_log(names)).unwrap_or_default();
    Err(LabError::Program {
        command: "slirp4netns".to_owned(),
        status: "the way to the internet is not open".to_owned(),
        complaint: last_lines(&log),
        remedy: "see that /dev/net/tun can be opened, then try again",
    })
}

/// Removes the names of the twin's namespaces; the kernel clears up what is in
/// them when no process is left inside.
pub(super) fn remove(names: &Names) -> Result<(), LabError> {
    for name in left(names) {
        remove_namespace(&name)?;
    }
    Ok(())
}

/// As `ip netns delete`, which stops at a name without a namespace: such a name
/// is what a process killed while it made one leaves.
pub(super) fn remove_namespace(name: &str) -> Result<(), LabError> {
    let path = Path::new(NAMESPACES).join(name);
    if mounts::all().iter().any(|mount| mount.point == path) {
        rustix::mount::unmount(&path, rustix::mount::UnmountFlags::DETACH)
            .map_err(|error| at("unmount", &path)(error.into()))?;
    }
    fs::remove_file(&path).map_err(at("remove", &path))
}

/// The names of the twin's namespaces that are there.
pub(super) fn left(names: &Names) -> Vec<String> {
    let entries = fs::read_dir(NAMESPACES).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| names.owns_network(name))
        .collect();
    found.sort();
    found
}

fn batch(program: &str, network: &str, commands: String, group: &Group) -> Result<(), LabError> {
    if commands.is_empty() {
        return Ok(());
    }
    Program::new(program)
        .args(["-n", network, "-batch", "-"])
        .input(commands)
        .within(group.directories())
        .remedy(WIRING)
        .run()
        .map(drop)
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    writeln!(text, "{line}").ok();
}

fn port(index: usize) -> String {
    format!("port{index}")
}

fn switch(layout: &Layout) -> String {
    let mut text = String::new();
    line(&mut text, format_args!("link set lo up"));
    line(&mut text, format_args!("link add switch0 type bridge"));
    if let Some(address) = layout.on_switch {
        let prefix = layout.subnet.prefix_len();
        line(
            &mut text,
            format_args!("address add {address}/{prefix} dev switch0"),
        );
    }
    line(&mut text, format_args!("link set switch0 up"));
    text
}

fn wires(names: &Names, index: usize, node: &VirtualNode, layout: &Layout) -> String {
    let (port, network) = (port(index), names.node_network(&node.name));
    let mut text = String::new();
    line(
        &mut text,
        format_args!("link add {port} type veth peer name eth0 netns {network}"),
    );
    line(&mut text, format_args!("link set {port} master switch0 up"));
    if let Some(uplink) = &node.uplink {
        let world = layout.world();
        let (router, prefix) = (world.router(), world.uplink.prefix_len());
        let peer = format!("peer name {uplink} netns {network}");
        line(&mut text, format_args!("link add uplink0 type veth {peer}"));
        line(
            &mut text,
            format_args!("address add {router}/{prefix} dev uplink0"),
        );
        line(&mut text, format_args!("link set uplink0 up"));
        // With the head's power its wire goes, and its address must not lead to
        // the internet then.
        line(
            &mut text,
            format_args!("route replace unreachable {} metric 4096", world.uplink),
        );
    }
    text
}

/// Limits what leaves by `interface` to the speed of the node's Ethernet. 20 ms of
/// queue are what one TCP connection takes to reach that, and what a plain switch
/// has.
fn shape(interface: &str, node: &VirtualNode) -> String {
    node.ethernet.map_or_else(String::new, |carried| {
        let bits = on_the_wire(carried);
        let burst = burst(bits);
        format!("qdisc add dev {interface} root tbf rate {bits}bit burst {burst}b latency 20ms\n")
    })
}

/// The catalogue has what one TCP connection carries; of every frame of 1,514
/// bytes that is 1,448.
fn on_the_wire(carried: BitRate) -> u64 {
    carried.bits_per_second() / 1448 * 1514
}

/// Bytes that may leave at once: what the link carries in 4 ms, the longest tick
/// of a kernel's clock, but never less than the 64 KB that the kernel hands over
/// in one piece.
fn burst(bits: u64) -> u64 {
    (bits / 8 / 250).max(65_536)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::tests::{behind_a_gateway, on_the_lan};

    fn all_wires(layout: &Layout) -> String {
        let mut names = Names::of(Path::new("/nowhere"), &"garden".parse().unwrap());
        names.id = "garden-0123abcd".to_owned();
        let wires = |(index, node)| wires(&names, index, node, layout);
        switch(layout)
            + &layout
                .nodes
                .iter()
                .enumerate()
                .map(wires)
                .collect::<String>()
    }

    #[test]
    fn behind_a_gateway_the_switch_has_no_address_and_the_head_two_wires() {
        insta::assert_snapshot!(all_wires(&behind_a_gateway()), @r"
        link set lo up
        link add switch0 type bridge
        link set switch0 up
        link add port0 type veth peer name eth0 netns bramble-garden-0123abcd.head
        link set port0 master switch0 up
        link add uplink0 type veth peer name wlan0 netns bramble-garden-0123abcd.head
        address add 100.64.0.1/30 dev uplink0
        link set uplink0 up
        route replace unreachable 100.64.0.0/30 metric 4096
        link add port1 type veth peer name eth0 netns bramble-garden-0123abcd.node1
        link set port1 master switch0 up
        ");
    }

    #[test]
    fn on_a_lan_this_machine_is_on_the_switch() {
        insta::assert_snapshot!(all_wires(&on_the_lan()), @r"
        link set lo up
        link add switch0 type bridge
        address add 10.55.0.254/24 dev switch0
        link set switch0 up
        link add port0 type veth peer name eth0 netns bramble-garden-0123abcd.head
        link set port0 master switch0 up
        link add port1 type veth peer name eth0 netns bramble-garden-0123abcd.node1
        link set port1 master switch0 up
        ");
    }

    #[test]
    fn a_link_is_as_fast_as_the_boards() {
        let shapes = on_the_lan()
            .nodes
            .iter()
            .map(|node| shape("eth0", node))
            .collect::<String>();
        insta::assert_snapshot!(shapes, @r"
        qdisc add dev eth0 root tbf rate 981798720bit burst 490899b latency 20ms
        qdisc add dev eth0 root tbf rate 264530622bit burst 132265b latency 20ms
        ");
    }
}
