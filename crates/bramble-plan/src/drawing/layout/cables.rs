//! Where each cable turns. Not in here: which lane it runs on (`routes`).

use std::collections::BTreeMap;

use super::floor::Floor;
use super::part::{Cable, CableKind};
use super::routes::{Above, Run};
use super::size::{CARD, CLEAR, ENTRY, LANE, OWN_GAP, PORT, SIDE_ENTRY, SIGHT, WAYS};
use crate::drawing::geometry::{Point, at, int};
use crate::drawing::scene::Scene;

/// All cables.
pub(super) fn cables(scene: &Scene, floor: &Floor) -> Vec<Cable> {
    let mut cables = Vec::new();
    cables.extend(
        floor
            .routes
            .power
            .runs
            .iter()
            .map(|run| power(scene, floor, run)),
    );
    cables.extend(own_supplies(scene, floor));
    cables.extend(wires(scene, floor));
    cables.extend(
        floor
            .routes
            .lower
            .runs
            .iter()
            .map(|run| network(scene, floor, run)),
    );
    cables.extend(
        floor
            .routes
            .upper
            .runs
            .iter()
            .map(|run| above(scene, floor, run)),
    );
    cables.extend(mesh(scene, floor));
    cables.extend(world(scene, floor));
    cables
}

/// From a port of a switch down to a node.
fn network(scene: &Scene, floor: &Floor, run: &Run<usize>) -> Cable {
    let item = &scene.items[run.to];
    let card = floor.items[run.to];
    let hub = floor.hubs[run.from.0];
    let lane = hub.bottom() + CLEAR + LANE * int(run.lane);
    let mut points = vec![
        at(run.net.from, hub.y + i32::midpoint(hub.height, PORT)),
        at(run.net.from, lane),
        at(run.net.to, lane),
    ];
    if run.net.to < card.right() {
        points.push(at(run.net.to, card.y));
    } else {
        points.push(at(run.net.to, card.y + SIDE_ENTRY));
        points.push(at(card.right(), card.y + SIDE_ENTRY));
    }
    Cable {
        kind: network_kind(item.poe),
        points: corners(points),
        plugged: true,
        about: format!("{} to {}", scene.hubs[run.from.0].name, item.name),
    }
}

const fn network_kind(poe: bool) -> CableKind {
    if poe {
        CableKind::Poe
    } else {
        CableKind::Network
    }
}

/// From a port of a switch up to the head, the router or another switch.
fn above(scene: &Scene, floor: &Floor, run: &Run<Above>) -> Cable {
    let hub = floor.hubs[run.from.0];
    let start = hub.y + (hub.height - PORT) / 2;
    let lane = hub.y - CLEAR - LANE * int(run.lane);
    let mut points = vec![
        at(run.net.from, start),
        at(run.net.from, lane),
        at(run.net.to, lane),
    ];
    let (end, name, poe) = match run.to {
        Above::Head => (
            floor.items[0].bottom(),
            scene.items[0].name.as_str(),
            scene.items[0].poe,
        ),
        Above::Router => (floor.router.bottom(), scene.world.router.name, false),
        Above::Hub(other, _) => (start, scene.hubs[other].name.as_str(), false),
    };
    points.push(at(run.net.to, end));
    Cable {
        kind: network_kind(poe),
        points: corners(points),
        plugged: true,
        about: format!("{} to {name}", scene.hubs[run.from.0].name),
    }
}

/// From an outlet of a supply up to a node.
fn power(scene: &Scene, floor: &Floor, run: &Run<usize>) -> Cable {
    let card = floor.items[run.to];
    let strip = floor.strips[run.from.0];
    let lane = strip.y - CLEAR - LANE * int(run.lane);
    let mut points = vec![
        at(run.net.from, strip.y + 10),
        at(run.net.from, lane),
        at(run.net.to, lane),
    ];
    if run.net.to > card.x {
        points.push(at(run.net.to, card.bottom()));
    } else {
        points.push(at(run.net.to, card.y + SIDE_ENTRY));
        points.push(at(card.x, card.y + SIDE_ENTRY));
    }
    Cable {
        kind: CableKind::Power,
        points: corners(points),
        plugged: true,
        about: format!(
            "{} to {}",
            scene.strips[run.from.0].name, scene.items[run.to].name
        ),
    }
}

/// From supplies that feed one node each.
fn own_supplies(scene: &Scene, floor: &Floor) -> Vec<Cable> {
    let fed = scene.items.iter().zip(&floor.items);
    let fed = fed.filter_map(|(item, card)| Some((item, card, item.own_supply.as_ref()?)));
    let cables = fed.map(|(item, card, supply)| Cable {
        kind: CableKind::Power,
        points: vec![
            at(card.x + ENTRY, card.bottom() + OWN_GAP),
            at(card.x + ENTRY, card.bottom()),
        ],
        plugged: true,
        about: format!("{} to {}", supply.name, item.name),
    });
    cables.collect()
}

/// The button's wire: along the columns, up beside each, and to each board that has
/// one. Where it branches it is drawn once.
fn wires(scene: &Scene, floor: &Floor) -> Vec<Cable> {
    let Some(button) = floor.button else {
        return Vec::new();
    };
    let start = at(button.x + ENTRY + 4, floor.down.bus);
    let mut highest: BTreeMap<i32, i32> = BTreeMap::new();
    let mut cables = Vec::new();
    for (item, card) in scene
        .items
        .iter()
        .zip(&floor.items)
        .filter(|(item, _)| item.wired)
    {
        let x = card.x - CLEAR;
        let y = card.y + SIDE_ENTRY + BELOW;
        highest
            .entry(x)
            .and_modify(|top| *top = y.min(*top))
            .or_insert(y);
        cables.push(wire(vec![at(x, y), at(card.x, y)], &item.name));
    }
    let leftmost = highest.keys().next().filter(|&&x| x < start.x);
    let rightmost = highest.keys().next_back().filter(|&&x| x > start.x);
    for &x in leftmost.into_iter().chain(rightmost) {
        cables.push(wire(vec![start, at(x, start.y)], "boards"));
    }
    cables.push(wire(vec![at(start.x, button.y), start], "boards"));
    let risers = highest.into_iter();
    cables.extend(risers.map(|(x, top)| wire(vec![at(x, start.y), at(x, top)], "boards")));
    cables
}

fn wire(points: Vec<Point>, end: &str) -> Cable {
    Cable {
        kind: CableKind::Wire,
        points,
        plugged: end != "boards",
        about: format!("button to {end}"),
    }
}

/// How far below the power cable a wire ends at a board.
const BELOW: i32 = 20;

/// Links by air between neighbouring switches.
fn mesh(scene: &Scene, floor: &Floor) -> Vec<Cable> {
    if !scene.meshed {
        return Vec::new();
    }
    let pairs = floor.hubs.windows(2).zip(scene.hubs.windows(2));
    let links = pairs.filter_map(|(places, hubs)| {
        let ([from, to], [one, other]) = (places, hubs) else {
            return None;
        };
        let y = from.y + from.height / 2;
        Some(Cable {
            kind: CableKind::Air,
            points: vec![at(from.right(), y), at(to.x, y)],
            plugged: true,
            about: format!("{} to {}", one.name, other.name),
        })
    });
    links.collect()
}

/// The head's uplink, and the ways from the router.
fn world(scene: &Scene, floor: &Floor) -> Vec<Cable> {
    let head = floor.items[0];
    let y = floor.router.y + SIGHT.1 / 2;
    let uplink = scene.world.uplink.as_ref().map(|way| Cable {
        kind: if way.by_air {
            CableKind::Air
        } else {
            CableKind::Network
        },
        points: vec![at(head.x + CARD, y), at(floor.router.x, y)],
        plugged: true,
        about: format!(
            "{} to {}, {}",
            scene.items[0].name, scene.world.router.name, way.name
        ),
    });
    let turn = floor.router.right() + WAYS / 2;
    let ways = [
        (floor.internet, "internet"),
        (floor.machine, "your machine"),
    ];
    let ways = ways.into_iter().map(|(place, name)| {
        let end = place.y + place.height / 2;
        Cable {
            kind: CableKind::World,
            points: corners(vec![
                at(floor.router.right(), y),
                at(turn, y),
                at(turn, end),
                at(place.x, end),
            ]),
            plugged: true,
            about: format!("{} to {name}", scene.world.router.name),
        }
    });
    uplink.into_iter().chain(ways).collect()
}

/// The points without those at which nothing turns.
fn corners(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for point in points {
        if kept.last() == Some(&point) {
            continue;
        }
        if let [.., before, last] = kept[..]
            && (before.x == last.x && last.x == point.x || before.y == last.y && last.y == point.y)
        {
            kept.pop();
        }
        kept.push(point);
    }
    kept
}
