//! Nodes, and stacks of equal nodes: what stands on each, and where its cables end.
//! Not in here: what it is made of (`lines`).

use bramble_cluster::NodeSet;

use super::fold::Fold;
use super::lines::lines;
use super::watts::Draws;
use super::{Button, End, Hub, Item, Socket, Strip};
use crate::site::Site;

/// All items, with no cable yet.
pub(super) fn items(site: &Site<'_>, fold: &Fold, draws: &Draws) -> Vec<Item> {
    let mut items: Vec<_> = fold
        .items
        .iter()
        .map(|nodes| item(site, nodes, draws))
        .collect();
    let without = [
        (&site.wiring.without_port, "switch port"),
        (&site.wiring.without_outlet, "outlet"),
    ];
    for (nodes, what) in without {
        lack(&mut items, fold, nodes, what);
    }
    items
}

fn item(site: &Site<'_>, nodes: &[usize], draws: &Draws) -> Item {
    // Proof: no item is without nodes.
    let first = nodes.first().copied().unwrap_or_default();
    let node = &site.cluster.nodes[first];
    Item {
        name: name(site, nodes),
        place: node.place,
        count: nodes.len(),
        address: address(site, nodes),
        lines: stack_lines(site, nodes, draws),
        lacks: Vec::new(),
        own_supply: None,
        port: None,
        outlet: None,
        poe: node.hardware.poe().is_some(),
        wired: false,
        findings: Vec::new(),
    }
}

fn name(site: &Site<'_>, nodes: &[usize]) -> String {
    let names = nodes
        .iter()
        .map(|&node| site.cluster.nodes[node].name.clone());
    match nodes {
        [node] => site.cluster.nodes[*node].name.to_string(),
        _ => names.collect::<NodeSet>().fold(),
    }
}

/// The address, or the first and the last of several.
fn address(site: &Site<'_>, nodes: &[usize]) -> String {
    let addresses = nodes.iter().map(|&node| site.cluster.nodes[node].address);
    match (addresses.clone().min(), addresses.max()) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(only), _) => only.to_string(),
        (None, _) => String::new(),
    }
}

/// What the nodes are made of: of equal ones, how many there are.
fn stack_lines(site: &Site<'_>, nodes: &[usize], draws: &Draws) -> Vec<String> {
    let (Some(&first), Some(&last)) = (nodes.first(), nodes.last()) else {
        return Vec::new();
    };
    if first == last {
        return lines(site, first, true, draws);
    }
    let hardware = |node: usize| &site.cluster.nodes[node].hardware;
    let same = nodes.iter().all(|&node| hardware(node) == hardware(first));
    if !same {
        return vec![format!("{} nodes of several kinds", nodes.len())];
    }
    let mut lines = lines(site, first, false, draws);
    lines[0] = format!("{} \u{d7} {}", nodes.len(), lines[0]);
    if let Some(size) = lines.get_mut(1) {
        size.push_str(" each");
    }
    lines
}

fn lack(items: &mut [Item], fold: &Fold, nodes: &[usize], what: &str) {
    let mut counts = vec![0_usize; items.len()];
    for &node in nodes {
        counts[fold.item_of[node]] += 1;
    }
    for (item, count) in items.iter_mut().zip(counts) {
        match count {
            0 => {}
            1 if item.count == 1 => item.lacks.push(format!("no {what} is left for it")),
            _ => item.lacks.push(format!("no {what} is left for {count}")),
        }
    }
}

/// Tells each item where its cables end.
pub(super) fn plug(items: &mut [Item], hubs: &[Hub], strips: &[Strip]) {
    for (at, hub) in hubs.iter().enumerate() {
        for (item, socket) in ends(&hub.sockets) {
            let named = number("port", (at, hubs.len()), socket);
            items[item].port = hub.named.then_some(named);
        }
    }
    for (at, strip) in strips.iter().enumerate() {
        for (item, socket) in ends(&strip.sockets) {
            items[item].outlet = Some(number("outlet", (at, strips.len()), socket));
        }
    }
}

fn ends(sockets: &[Socket]) -> impl Iterator<Item = (usize, &Socket)> {
    sockets.iter().flat_map(|socket| {
        let items = match &socket.end {
            End::Items(items) => items.as_slice(),
            _ => &[],
        };
        items.iter().map(move |&item| (item, socket))
    })
}

/// `port 2.4` is the fourth of the second; where there is only one, `port 4`; of a
/// stack it is told how many there are.
fn number(what: &str, (at, of): (usize, usize), socket: &Socket) -> String {
    let label = &socket.label;
    match label.strip_prefix('\u{d7}') {
        Some(count) => format!("{count} {what}s"),
        None if of == 1 || label.contains('.') => format!("{what} {label}"),
        None => format!("{what} {}.{label}", at + 1),
    }
}

/// The button, if there is one, with wires to the items.
pub(super) fn wire(site: &Site<'_>, fold: &Fold, items: &mut [Item]) -> Option<Button> {
    let button = site.cluster.power.button?;
    let nodes = site.cluster.nodes.len();
    let wires = button
        .wires
        .map_or(nodes, |wires| (wires as usize).min(nodes));
    let mut order: Vec<_> = (0..nodes).collect();
    // The file says how many boards have a wire, not which: those that a wire on
    // GPIO3 is known to wake come first, and those with no such pin last.
    order.sort_by_key(|&node| wakes(site, node));
    for &node in &order[..wires] {
        items[fold.item_of[node]].wired = true;
    }
    let boards = if wires == 1 { "board" } else { "boards" };
    Some(Button {
        detail: format!("GPIO {}, {wires} {boards}", button.gpio),
        findings: Vec::new(),
    })
}

fn wakes(site: &Site<'_>, node: usize) -> u8 {
    let board = &site.cluster.nodes[node].hardware.board;
    match board.wake.as_ref().and_then(|wake| wake.gpio3) {
        Some(true) => 0,
        Some(false) => 1,
        None => 2,
    }
}
