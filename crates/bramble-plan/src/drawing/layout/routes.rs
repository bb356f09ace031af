//! Which cables there are, and on which lanes they run. Not in here: their corners
//! (`cables`).

use super::across::Across;
use super::grid::Grid;
use super::lanes::{Net, lanes};
use super::size::{CARD, ENTRY};
use crate::drawing::scene::{End, Scene};

/// The cables in the three channels.
#[derive(Debug)]
pub(super) struct Routes {
    /// Above the switches: to the head, the router and other switches.
    pub(super) upper: Channel<Above>,
    /// Between switches and nodes: to which item.
    pub(super) lower: Channel<usize>,
    /// Between supplies and nodes: to which item.
    pub(super) power: Channel<usize>,
}

/// Cables that run along each other.
#[derive(Debug)]
pub(super) struct Channel<T> {
    pub(super) runs: Vec<Run<T>>,
    /// How many lanes they take.
    pub(super) count: usize,
}

/// A cable in a channel.
#[derive(Debug)]
pub(super) struct Run<T> {
    /// The switch or supply it comes from, and the socket there.
    pub(super) from: (usize, usize),
    pub(super) to: T,
    pub(super) net: Net,
    pub(super) lane: usize,
}

/// What is above a switch, or beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Above {
    Head,
    Router,
    /// Another switch, and the socket there.
    Hub(usize, usize),
}

impl Routes {
    pub(super) fn of(scene: &Scene, grid: &Grid, across: &Across) -> Self {
        Self {
            upper: channel(upper(scene, across)),
            lower: channel(lower(scene, grid, across)),
            power: channel(power(scene, grid, across)),
        }
    }
}

type Found<T> = ((usize, usize), T, Net);

fn channel<T>(found: Vec<Found<T>>) -> Channel<T> {
    let nets: Vec<_> = found.iter().map(|(_, _, net)| *net).collect();
    let (lanes, count) = lanes(&nets);
    let runs = found.into_iter().zip(lanes);
    let runs = runs.map(|((from, to, net), lane)| Run {
        from,
        to,
        net,
        lane,
    });
    Channel {
        runs: runs.collect(),
        count,
    }
}

fn upper(scene: &Scene, across: &Across) -> Vec<Found<Above>> {
    let mut found = Vec::new();
    for (hub, socket, end) in ends(scene) {
        let from = across.ports[hub][socket];
        let above = match end {
            End::Router => Some((Above::Router, across.router + ENTRY)),
            End::Items(items) if items.contains(&0) => {
                Some((Above::Head, across.items[0] + CARD - ENTRY))
            }
            // Every link is on two switches, and drawn from the first.
            End::Hub(other) if *other > hub => link(scene, hub, *other)
                .map(|socket| (Above::Hub(*other, socket), across.ports[*other][socket])),
            _ => None,
        };
        found.extend(above.map(|(above, to)| ((hub, socket), above, Net { from, to })));
    }
    found
}

/// All ports of all switches, with what is at the other end.
fn ends(scene: &Scene) -> impl Iterator<Item = (usize, usize, &End)> {
    scene.hubs.iter().enumerate().flat_map(|(hub, unit)| {
        let sockets = unit.sockets.iter().enumerate();
        sockets.map(move |(socket, port)| (hub, socket, &port.end))
    })
}

/// The socket of `other` that leads to `hub`.
fn link(scene: &Scene, hub: usize, other: usize) -> Option<usize> {
    let sockets = &scene.hubs.get(other)?.sockets;
    sockets
        .iter()
        .position(|socket| socket.end == End::Hub(hub))
}

fn lower(scene: &Scene, grid: &Grid, across: &Across) -> Vec<Found<usize>> {
    let mut found = Vec::new();
    for (hub, socket, end) in ends(scene) {
        let from = across.ports[hub][socket];
        for &item in end.items().iter().filter(|&&item| item != 0) {
            let to = across.network_entry(item, grid);
            found.push(((hub, socket), item, Net { from, to }));
        }
    }
    found
}

fn power(scene: &Scene, grid: &Grid, across: &Across) -> Vec<Found<usize>> {
    let mut found = Vec::new();
    for (strip, unit) in scene.strips.iter().enumerate() {
        for (socket, outlet) in unit.sockets.iter().enumerate() {
            let from = across.outlets[strip][socket];
            for &item in outlet.end.items() {
                let to = across.power_entry(item, grid);
                found.push(((strip, socket), item, Net { from, to }));
            }
        }
    }
    found
}
