//! What is plugged where: nodes into supplies and switches, modules into carriers.
//! The file says what there is, and this who gets which port, in the order of the
//! file. Not in here: whether that is enough (`checks`).

use std::collections::BTreeMap;
use std::sync::Arc;

use bramble_cluster::Cluster;
use bramble_cluster::catalogue::{Carrier, Supply, Switch};
use serde::Serialize;

/// What is plugged where. Nodes are places in [`Cluster::nodes`].
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Wiring {
    /// Every supply there is, or would have to be.
    pub supplies: Vec<SupplyUnit>,
    /// Nodes for which no port is left on any supply of their kind.
    pub without_outlet: Vec<usize>,
    /// Every switch.
    pub switches: Vec<SwitchUnit>,
    /// Nodes for which no port is left on any switch.
    pub without_port: Vec<usize>,
    /// Every carrier.
    pub carriers: Vec<CarrierUnit>,
}

/// One supply and what it feeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SupplyUnit {
    /// What it is.
    pub supply: Arc<Supply>,
    /// The nodes it feeds: one on a port, or all on one carrier on a port.
    pub ports: Vec<Vec<usize>>,
}

/// One switch and what is on its ports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SwitchUnit {
    /// What it is.
    pub switch: Arc<Switch>,
    /// What is on each port, as many as it has.
    pub ports: Vec<Port>,
}

/// What is on a port of a switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Port {
    /// Nothing.
    Free,
    /// A node.
    Node(usize),
    /// Another switch, by its place.
    Switch(usize),
    /// The router of the network that the nodes are part of.
    Router,
}

/// One carrier and the modules in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CarrierUnit {
    /// What it is.
    pub carrier: Arc<Carrier>,
    /// The nodes in it.
    pub nodes: Vec<usize>,
}

impl Wiring {
    /// The wiring of `cluster`.
    pub fn of(cluster: &Cluster) -> Self {
        let carriers = carriers(cluster);
        let (supplies, without_outlet) = supplies(cluster, &carriers);
        let (switches, without_port) = switches(cluster);
        Self {
            supplies,
            without_outlet,
            switches,
            without_port,
            carriers,
        }
    }
}

impl SwitchUnit {
    /// The ports that feed what is on them. How many do may be unknown of a switch
    /// that has some: all are taken for such.
    pub(crate) fn powered(&self) -> &[Port] {
        let unknown = self.switch.poe_ports.is_none() && self.switch.poe_standard.is_some();
        let powered = match self.switch.poe_ports {
            _ if unknown => self.ports.len(),
            count => count.unwrap_or(0) as usize,
        };
        &self.ports[..powered.min(self.ports.len())]
    }
}

/// Carriers, each filled before the next is begun.
fn carriers(cluster: &Cluster) -> Vec<CarrierUnit> {
    let mut by_id: BTreeMap<&str, (&Arc<Carrier>, Vec<usize>)> = BTreeMap::new();
    for group in &cluster.groups {
        if let Some(carrier) = &group.hardware.carrier {
            let (_, nodes) = by_id.entry(&carrier.id).or_insert((carrier, Vec::new()));
            nodes.extend(group.nodes.clone());
        }
    }
    let filled = by_id.into_values().flat_map(|(carrier, nodes)| {
        let slots = carrier.slots.max(1) as usize;
        let unit = |nodes: &[usize]| CarrierUnit {
            carrier: Arc::clone(carrier),
            nodes: nodes.to_vec(),
        };
        nodes.chunks(slots).map(unit).collect::<Vec<_>>()
    });
    filled.collect()
}

/// Supplies with what they feed, and the nodes for which no port is left. One with
/// a single port is there once for each consumer; of others there are as many as
/// the file says.
fn supplies(cluster: &Cluster, carriers: &[CarrierUnit]) -> (Vec<SupplyUnit>, Vec<usize>) {
    let mut units = Vec::new();
    let mut left = Vec::new();
    for (supply, consumers) in consumers(cluster, carriers).into_values() {
        let count = match supply.ports.unwrap_or(1) {
            0 | 1 => consumers.len(),
            _ => cluster.power.supplies.get(&supply.id).copied().unwrap_or(1) as usize,
        };
        let (fed, rest) = spread(&consumers, supply, count);
        units.extend(fed.into_iter().map(|fed| SupplyUnit {
            supply: Arc::clone(supply),
            ports: fed.to_vec(),
        }));
        left.extend(rest.iter().flatten());
    }
    (units, left)
}

/// What each supply has to feed, by its id, in the order of the file.
pub(crate) fn consumers<'a>(
    cluster: &'a Cluster,
    carriers: &[CarrierUnit],
) -> BTreeMap<&'a str, (&'a Arc<Supply>, Vec<Vec<usize>>)> {
    let mut by_id = BTreeMap::new();
    for group in &cluster.groups {
        if let Some(supply) = &group.hardware.supply {
            let (_, consumers) = by_id
                .entry(supply.id.as_str())
                .or_insert((supply, Vec::new()));
            consumers.extend(consumers_of(
                group.nodes.clone(),
                carriers,
                group.hardware.carrier.is_some(),
            ));
        }
    }
    by_id
}

/// What each of `count` supplies feeds, and that for which no port is left. All of
/// them are used as evenly as neighbours stay together: what one supply gives in
/// total is the limit that is met first.
pub(crate) fn spread<'a>(
    consumers: &'a [Vec<usize>],
    supply: &Supply,
    count: usize,
) -> (Vec<&'a [Vec<usize>]>, &'a [Vec<usize>]) {
    let ports = supply.ports.unwrap_or(1).max(1) as usize;
    let mut rest = consumers;
    let mut fed = Vec::new();
    for taken in evenly(consumers.len(), &vec![ports; count.min(consumers.len())]) {
        let (these, others) = rest.split_at(taken);
        fed.push(these);
        rest = others;
    }
    (fed, rest)
}

/// How many of `count` go to each place, none over its room, and as many alike as
/// that allows. What is over has no place.
fn evenly(count: usize, room: &[usize]) -> Vec<usize> {
    let mut shares = vec![0; room.len()];
    let mut order: Vec<_> = (0..room.len()).collect();
    // The narrowest first: what does not fit there is shared among the others.
    order.sort_by_key(|&place| room[place]);
    let mut left = count;
    for (done, &place) in order.iter().enumerate() {
        let share = left.div_ceil(room.len() - done).min(room[place]);
        shares[place] = share;
        left -= share;
    }
    shares
}

/// What takes a port of a supply each: a node, or a carrier with all in it, which
/// counts where its first module is.
fn consumers_of(
    nodes: std::ops::Range<usize>,
    carriers: &[CarrierUnit],
    on_carrier: bool,
) -> Vec<Vec<usize>> {
    if !on_carrier {
        return nodes.map(|node| vec![node]).collect();
    }
    let units = carriers.iter().filter(|unit| {
        unit.nodes
            .first()
            .is_some_and(|first| nodes.contains(first))
    });
    units.map(|unit| unit.nodes.clone()).collect()
}

/// The switches of `cluster` with what is on their ports, and the nodes for which
/// none is left.
fn switches(cluster: &Cluster) -> (Vec<SwitchUnit>, Vec<usize>) {
    match &cluster.network.switch {
        Some(switch) => in_a_row(cluster, switch, cluster.network.switches.max(1) as usize),
        None => (Vec::new(), Vec::new()),
    }
}

/// `count` of `switch` in a row with what of `cluster` would be on their ports, and
/// the nodes for which none is left. Nodes that are fed by the switch get ports
/// that do, on all switches alike.
pub(crate) fn in_a_row(
    cluster: &Cluster,
    switch: &Arc<Switch>,
    count: usize,
) -> (Vec<SwitchUnit>, Vec<usize>) {
    let ports = vec![Port::Free; switch.ports as usize];
    let unit = SwitchUnit {
        switch: Arc::clone(switch),
        ports,
    };
    let mut units = vec![unit; count];
    link(&mut units);
    if let Some(first) = units
        .first_mut()
        .filter(|_| cluster.head().uplink.is_none())
    {
        put(first, Port::Router);
    }
    let poe = |node: &usize| cluster.nodes[*node].hardware.poe().is_some();
    let (fed, others): (Vec<_>, Vec<_>) = (0..cluster.nodes.len()).partition(poe);
    let dark = feed_all(&mut units, &fed);
    // A node that no port can feed takes one all the same: its cable is there.
    let mut left = plug_all(&mut units, dark);
    left.extend(plug_all(&mut units, &others));
    left.sort_unstable();
    (units, left)
}

/// Plugs `nodes` evenly into the ports that feed, and returns those for which there
/// is none.
fn feed_all<'a>(units: &mut [SwitchUnit], nodes: &'a [usize]) -> &'a [usize] {
    let free = |unit: &SwitchUnit| {
        let powered = unit.powered().iter();
        powered.filter(|port| **port == Port::Free).count()
    };
    let room: Vec<_> = units.iter().map(free).collect();
    let mut left = nodes;
    for (unit, share) in units.iter_mut().zip(evenly(nodes.len(), &room)) {
        let (these, others) = left.split_at(share);
        let powered = unit.powered().len();
        let ports = unit.ports.iter_mut().take(powered);
        let ports = ports.filter(|port| **port == Port::Free);
        for (port, node) in ports.zip(these) {
            *port = Port::Node(*node);
        }
        left = others;
    }
    left
}

/// Plugs each of `nodes` into the first switch with a free port, one switch after
/// the other, and returns those for which there is none.
fn plug_all(units: &mut [SwitchUnit], nodes: &[usize]) -> Vec<usize> {
    let mut left = Vec::new();
    let mut at = 0;
    for &node in nodes {
        let place = |unit: usize| Some((unit, any_port(units.get(unit)?)?));
        match (at..units.len()).find_map(place) {
            Some((unit, port)) => {
                units[unit].ports[port] = Port::Node(node);
                at = unit;
            }
            None => left.push(node),
        }
    }
    left
}

/// Links switches in a row, unless they are linked by air.
fn link(units: &mut [SwitchUnit]) {
    if units.first().is_some_and(|unit| unit.switch.mesh.is_some()) {
        return;
    }
    for first in 0..units.len().saturating_sub(1) {
        put(&mut units[first], Port::Switch(first + 1));
        put(&mut units[first + 1], Port::Switch(first));
    }
}

/// Plugs in what needs no power, if there is a port left.
fn put(unit: &mut SwitchUnit, what: Port) {
    if let Some(port) = any_port(unit) {
        unit.ports[port] = what;
    }
}

/// A free port, first of those that feed nothing, then from the last on.
fn any_port(unit: &SwitchUnit) -> Option<usize> {
    let powered = unit.switch.poe_ports.unwrap_or(0) as usize;
    let free = |port: &Port| *port == Port::Free;
    let plain = unit.ports.iter().skip(powered).position(free);
    plain
        .map(|at| at + powered)
        .or_else(|| unit.ports.iter().rposition(free))
}

#[cfg(test)]
mod tests {
    use bramble_testkit::cluster;

    use super::*;

    fn switches(network: &str, nodes: &str) -> Wiring {
        let text = format!(
            "[cluster]\nname = \"c\"\n[network]\nsubnet = \"10.55.0.0/24\"\n{network}\n\
             [head]\nname = \"head\"\nboard = \"rpi3b\"\nuplink = {{ wifi = \"w\" }}\n{nodes}"
        );
        Wiring::of(&cluster(&text))
    }

    const POE: &str = "switch = \"tenda-teg1105p-4-63w\"\nswitches = 2";

    #[test]
    fn nodes_that_the_switch_feeds_get_ports_that_feed() {
        let fed = "[[nodes]]\nnames = \"n[1-8]\"\nboard = \"rpi4b\"\nram = \"2GB\"\nhat = \"rpi-poe-hat\"\n";
        let wiring = switches(POE, fed);
        for unit in &wiring.switches {
            let powered = unit.powered();
            assert_eq!(powered.len(), 4);
            assert!(
                powered.iter().all(|port| matches!(port, Port::Node(1..))),
                "{powered:?}"
            );
        }
        assert_eq!(
            wiring.without_port,
            [0],
            "eight cables, a link with two ends, and the head"
        );
    }

    #[test]
    fn other_nodes_leave_the_ports_that_feed_free_as_long_as_they_can() {
        let wiring = switches(POE, "[[nodes]]\nnames = \"n\"\nboard = \"rpi3b\"\n");
        let links = wiring.switches.iter().map(|unit| unit.ports[4]);
        assert_eq!(
            links.collect::<Vec<_>>(),
            [Port::Switch(1), Port::Switch(0)]
        );
        assert_eq!(wiring.switches[0].ports[..2], [Port::Free, Port::Free]);
        assert_eq!(wiring.without_port, [0; 0]);
    }

    #[test]
    fn a_charger_feeds_as_many_as_it_has_ports() {
        let nodes = "[[nodes]]\nnames = \"n[1-8]\"\nboard = \"rpi3b\"\nsupply = \"anker-60w-6\"\n";
        let one = switches("", nodes);
        assert_eq!(
            (one.supplies.len(), one.without_outlet.as_slice()),
            (1, &[7, 8][..])
        );
        let two = switches(
            "",
            &format!("{nodes}[power]\nsupplies = {{ anker-60w-6 = 2 }}\n"),
        );
        assert_eq!((two.supplies.len(), two.without_outlet.len()), (2, 0));
        assert_eq!(two.supplies[1].ports, [[5], [6], [7], [8]]);
    }

    /// How many each of so many chargers feeds.
    fn fed(nodes: u32, chargers: u32) -> Vec<usize> {
        let nodes = format!(
            "[[nodes]]\nnames = \"n[1-{nodes}]\"\nboard = \"rpi3b\"\nsupply = \"anker-60w-6\"\n\
             [power]\nsupplies = {{ anker-60w-6 = {chargers} }}\n"
        );
        let units = switches("", &nodes).supplies;
        units.iter().map(|unit| unit.ports.len()).collect()
    }

    #[test]
    fn every_charger_there_is_takes_its_share() {
        assert_eq!(fed(20, 5), [4; 5]);
        assert_eq!(fed(8, 3), [3, 3, 2]);
        assert_eq!(fed(2, 3), [1, 1], "one is left in the drawer");
        assert_eq!(fed(20, 3), [6; 3]);
    }

    #[test]
    fn boards_that_are_fed_are_spread_over_the_switches() {
        let fed = "[[nodes]]\nnames = \"n[1-4]\"\nboard = \"rpi4b\"\nram = \"2GB\"\nhat = \"rpi-poe-hat\"\n";
        let wiring = switches(POE, fed);
        let nodes = |port: &&Port| matches!(port, Port::Node(1..));
        let counts = wiring.switches.iter();
        let counts = counts.map(|unit| unit.powered().iter().filter(nodes).count());
        assert_eq!(counts.collect::<Vec<_>>(), [2, 2]);
    }

    #[test]
    fn a_place_with_little_room_leaves_its_share_to_the_others() {
        assert_eq!(evenly(7, &[4, 4]), [4, 3]);
        assert_eq!(evenly(6, &[4, 1, 4]), [3, 1, 2]);
        assert_eq!(evenly(9, &[2, 1]), [2, 1]);
        assert_eq!(evenly(3, &[]), [0; 0]);
    }
}
