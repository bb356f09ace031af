//! The boxes of the picture, filled: nodes, switches, supplies, the world. Not in
//! here: where they stand (`floor`), and the words around them (`words`).

use bramble_cluster::cluster::Place;

use super::floor::Floor;
use super::part::{Anchor, Bar, Kind, Part, Pill, Port, PortState, Tone};
use super::size::{CARD, HUB_TEXT, LINE, OWN_PAD, PAD, PORT, UPLINK, made_of, port_width};
use crate::drawing::geometry::{Rect, at};
use crate::drawing::scene::{
    Button, End, Gauge, Hub, Item, OwnSupply, Scene, Sight, Socket, Strip,
};
use crate::drawing::text::{Style, fit, width, wrap};

/// How far below a supply the middle of a finding's number is, so that it covers
/// nothing of what stands in it.
const HANG: i32 = 3;

/// All boxes.
pub(super) fn boxes(scene: &Scene, floor: &Floor) -> Vec<Part> {
    let mut parts = world(scene, floor);
    let hubs = scene.hubs.iter().zip(&floor.hubs).zip(&floor.across.ports);
    parts.extend(hubs.map(|((hub, &rect), ports)| switch(scene, hub, rect, ports)));
    let nodes = scene.items.iter().zip(&floor.items);
    parts.extend(nodes.map(|(item, &rect)| node(scene, item, rect)));
    let supplies = scene.items.iter().zip(&floor.own_supplies);
    let supplies = supplies.filter_map(|(item, rect)| Some((item.own_supply.as_ref()?, (*rect)?)));
    parts.extend(supplies.map(|(supply, rect)| own_supply(scene, supply, rect)));
    let strips = scene
        .strips
        .iter()
        .zip(&floor.strips)
        .zip(&floor.across.outlets);
    parts.extend(strips.map(|((strip, &rect), outlets)| supply(scene, strip, rect, outlets)));
    let buttons = scene.button.iter().zip(floor.button);
    parts.extend(buttons.map(|(button, rect)| press(scene, button, rect)));
    parts
}

fn node(scene: &Scene, item: &Item, rect: Rect) -> Part {
    let mut part = Part::new(
        if item.place == Place::Head {
            Kind::Head
        } else {
            Kind::Node
        },
        rect,
    );
    part.stacked = item.count > 1;
    part.about = format!("{}, {}: {}", item.name, item.address, item.lines.join(", "));
    let (word, tone) = badge(item.place);
    let pill_width = width(word, Style::Small) + 14;
    let pill = Rect::new(
        rect.right() - PAD + 4 - pill_width,
        rect.y + 13,
        pill_width,
        18,
    );
    let room = pill.x - rect.x - PAD - 8;
    part.write_within((Style::Name, Tone::Ink), 27, room, &item.name);
    part.pill = Some(Pill {
        rect: pill,
        word,
        tone,
    });
    part.write((Style::Body, Tone::Ink), 45, &item.address);
    part.rules
        .push((at(rect.x + PAD, rect.y + 54), rect.width - 2 * PAD));
    let mut down = 72;
    for line in made_of(item) {
        part.write((Style::Small, Tone::Quiet), down, &line);
        down += LINE;
    }
    for lack in &item.lacks {
        part.write((Style::Small, Tone::Bad), down, lack);
        down += LINE;
    }
    ends(&mut part, item);
    part.mark(&item.findings, &scene.told, rect.y);
    part
}

/// Where its cables end: power on the left as it comes in, the network on the right.
fn ends(part: &mut Part, item: &Item) {
    let rect = part.rect;
    let y = rect.bottom() - 12;
    if let Some(outlet) = &item.outlet {
        let place = at(rect.x + PAD, y);
        part.put(
            (Style::Small, Tone::Power),
            (place, Anchor::Start),
            outlet.clone(),
        );
    }
    if let Some(port) = &item.port {
        let text = if item.poe {
            format!("PoE, {port}")
        } else {
            port.clone()
        };
        let place = at(rect.right() - PAD, y);
        part.put((Style::Small, Tone::Network), (place, Anchor::End), text);
    }
}

const fn badge(place: Place) -> (&'static str, Tone) {
    match place {
        Place::Head => ("head", Tone::Accent),
        Place::Auxiliary => ("auxiliary", Tone::Ink),
        Place::Worker => ("worker", Tone::Quiet),
    }
}

fn switch(scene: &Scene, hub: &Hub, rect: Rect, ports: &[i32]) -> Part {
    let mut part = Part::new(Kind::Hub, rect);
    part.stacked = hub.stacked;
    part.vague = !hub.named;
    part.about = format!("{}: {}", hub.name, hub.detail);
    let room = HUB_TEXT - PAD;
    let down = part.name(25, room, &hub.name);
    part.write_within((Style::Small, Tone::Quiet), down, room, &hub.detail);
    part.bar = bar(
        hub.gauge,
        Rect::new(rect.x + PAD, rect.y + down + 7, room - 12, 4),
    );
    let y = rect.y + (rect.height - PORT) / 2;
    part.ports = sockets(&hub.sockets, ports, y, |socket| network(scene, socket));
    part.mark(&hub.findings, &scene.told, rect.y);
    part
}

fn network(scene: &Scene, socket: &Socket) -> PortState {
    let poe = socket.end.items().iter().any(|&item| scene.items[item].poe);
    match &socket.end {
        End::Nothing => PortState::Free,
        End::Items(_) if poe => PortState::Poe,
        End::Items(_) | End::Hub(_) | End::Router => PortState::Network,
    }
}

fn sockets(
    sockets: &[Socket],
    middles: &[i32],
    y: i32,
    state: impl Fn(&Socket) -> PortState,
) -> Vec<Port> {
    let width = port_width(sockets);
    let ports = sockets.iter().zip(middles).map(|(socket, middle)| Port {
        rect: Rect::new(middle - width / 2, y, width, PORT),
        label: socket.label.clone(),
        state: state(socket),
    });
    ports.collect()
}

fn bar(gauge: Option<Gauge>, rect: Rect) -> Option<Bar> {
    gauge.map(|gauge| Bar { rect, gauge })
}

fn supply(scene: &Scene, strip: &Strip, rect: Rect, outlets: &[i32]) -> Part {
    let mut part = Part::new(Kind::Supply, rect);
    part.stacked = strip.stacked;
    part.about = format!("{}: {}", strip.name, strip.detail);
    let state = |socket: &Socket| match socket.end {
        End::Nothing => PortState::Free,
        _ => PortState::Power,
    };
    part.ports = sockets(&strip.sockets, outlets, rect.y + 10, state);
    let room = rect.width - 2 * PAD;
    let down = part.name(48, room, &strip.name);
    part.write((Style::Small, Tone::Quiet), down, &strip.detail);
    part.bar = bar(
        strip.gauge,
        Rect::new(rect.x + PAD, rect.y + down + 7, room, 4),
    );
    part.mark(&strip.findings, &scene.told, rect.bottom() + HANG);
    part
}

fn own_supply(scene: &Scene, supply: &OwnSupply, rect: Rect) -> Part {
    let mut part = Part::new(Kind::Supply, rect);
    part.about = format!("{}: {}", supply.name, supply.detail);
    let room = rect.width - 2 * OWN_PAD;
    let left = rect.x + OWN_PAD;
    let mut y = rect.y + 16;
    for line in wrap(&supply.name, Style::Small, room, 2) {
        part.put(
            (Style::Small, Tone::Ink),
            (at(left, y), Anchor::Start),
            line,
        );
        y += LINE - 1;
    }
    let detail = fit(&supply.detail, Style::Small, room);
    part.put(
        (Style::Small, Tone::Quiet),
        (at(left, y), Anchor::Start),
        detail,
    );
    part.bar = bar(supply.gauge, Rect::new(left, y + 6, room, 4));
    part.mark(&supply.findings, &scene.told, rect.bottom() + HANG);
    part
}

fn press(scene: &Scene, button: &Button, rect: Rect) -> Part {
    let mut part = Part::new(Kind::Button, rect);
    part.about = format!("button: {}", button.detail);
    part.write((Style::Heading, Tone::Ink), 25, "off and on");
    part.write((Style::Small, Tone::Quiet), 42, &button.detail);
    part.mark(&button.findings, &scene.told, rect.bottom() + HANG);
    part
}

fn world(scene: &Scene, floor: &Floor) -> Vec<Part> {
    let world = &scene.world;
    let mut router = sight(&world.router, floor.router);
    router.mark(&world.findings, &scene.told, floor.router.y);
    let mut parts = vec![
        router,
        sight(&world.internet, floor.internet),
        sight(&world.machine, floor.machine),
    ];
    if let Some(way) = &world.uplink {
        let head = floor.items[0];
        let y = floor.router.y + floor.router.height / 2;
        let above = Rect::new(head.x + CARD + 8, y - 20, UPLINK - 16, 16);
        let below = Rect::new(above.x, y + 4, above.width, 18);
        parts.push(beside(above, y - 8, &way.name));
        parts.push(beside(below, y + 17, &way.reach));
    }
    parts
}

fn sight(sight: &Sight, rect: Rect) -> Part {
    let mut part = Part::new(Kind::Sight, rect);
    format!("{} {}", sight.name, sight.detail)
        .trim_end()
        .clone_into(&mut part.about);
    if sight.detail.is_empty() {
        part.write((Style::Heading, Tone::Ink), 29, sight.name);
    } else {
        part.write((Style::Heading, Tone::Ink), 21, sight.name);
        part.write((Style::Small, Tone::Quiet), 37, &sight.detail);
    }
    part
}

/// Words in the middle of a cable's side.
fn beside(rect: Rect, y: i32, text: &str) -> Part {
    let mut part = Part::new(Kind::Words, rect);
    let text = fit(text, Style::Small, rect.width);
    let middle = rect.x + rect.width / 2;
    part.put(
        (Style::Small, Tone::Network),
        (at(middle, y), Anchor::Middle),
        text,
    );
    part
}
