//! How large things are, in units of the sheet. Not in here: where they stand.

use crate::drawing::geometry::int;
use crate::drawing::scene::{Item, Scene, Socket};
use crate::drawing::text::{Style, width, wrap};

/// Between the sheet's edge and what is drawn.
pub(super) const MARGIN: i32 = 40;
/// Left of the head, for the cables that go up to it past everything else.
pub(super) const HEAD_GUTTER: i32 = 24;
/// Between two cables that run side by side.
pub(super) const LANE: i32 = 8;
/// Between a box and the first cable that runs along it.
pub(super) const CLEAR: i32 = 12;
/// A node.
pub(super) const CARD: i32 = 200;
/// Between the edge of a box and the text in it.
pub(super) const PAD: i32 = 14;
/// From the edge of a node to a cable that ends at its upper or lower side.
pub(super) const ENTRY: i32 = 20;
/// From the top of a node to a cable that ends at its left or right side.
pub(super) const SIDE_ENTRY: i32 = 44;
/// From one line of text to the next.
pub(super) const LINE: i32 = 16;
/// Between rows of nodes.
pub(super) const ROW_GAP: i32 = 28;
/// Between a node and the supply below that feeds it alone.
pub(super) const OWN_GAP: i32 = 12;
/// The width of a supply that feeds one node.
pub(super) const OWN_SUPPLY: i32 = 164;
/// Between the edge of such a supply and the text in it.
pub(super) const OWN_PAD: i32 = 8;
/// The text of a switch, left of its ports.
pub(super) const HUB_TEXT: i32 = 212;
/// The least width of a supply with outlets.
const STRIP_LEAST: i32 = 192;
/// A port or outlet, drawn.
pub(super) const PORT: i32 = 18;
/// From one port to the next, at the least.
const PITCH: i32 = 24;
/// What is around the cluster.
pub(super) const SIGHT: (i32, i32) = (184, 48);
/// The head's way to the router, with its name above.
pub(super) const UPLINK: i32 = 176;
/// The ways from the router.
pub(super) const WAYS: i32 = 56;
/// The button.
pub(super) const BUTTON: (i32, i32) = (176, 56);
/// The title and the figures.
pub(super) const TITLE: i32 = 76;

/// `x`, moved to the right to where ports may stand. Cables that go to boards run
/// half a lane beside that, so that no cable hides another.
pub(super) const fn snap(x: i32) -> i32 {
    (x + LANE - 1).div_euclid(LANE) * LANE
}

/// The height of a node with its texts.
pub(super) fn card_height(item: &Item) -> i32 {
    let lines = int(made_of(item).len() + item.lacks.len());
    let ends = if item.port.is_some() || item.outlet.is_some() {
        LINE + 6
    } else {
        0
    };
    60 + lines * LINE + ends + 10
}

/// What a node is made of, each in one line or two.
pub(super) fn made_of(item: &Item) -> Vec<String> {
    let room = CARD - 2 * PAD;
    let lines = item.lines.iter();
    lines
        .flat_map(|line| wrap(line, Style::Small, room, 2))
        .collect()
}

/// The height of a node with the supply below it.
pub(super) fn cell_height(item: &Item) -> i32 {
    card_height(item) + own_supply(item).map_or(0, |height| OWN_GAP + height)
}

/// The width of a port: of the widest label of all.
pub(super) fn port_width(sockets: &[Socket]) -> i32 {
    let widths = sockets
        .iter()
        .map(|socket| width(&socket.label, Style::Tiny) + 4);
    widths.max().unwrap_or(0).max(PORT)
}

/// From one port to the next.
pub(super) fn pitch(sockets: &[Socket]) -> i32 {
    snap(port_width(sockets) + 4).max(PITCH)
}

/// The width of a switch.
pub(super) fn hub_width(sockets: &[Socket]) -> i32 {
    snap(PAD + HUB_TEXT + int(sockets.len()) * pitch(sockets) + PAD)
}

/// The width of a supply with outlets.
pub(super) fn strip_width(sockets: &[Socket]) -> i32 {
    snap(int(sockets.len()) * pitch(sockets) + 2 * PAD).max(STRIP_LEAST)
}

/// The height of a supply that feeds `item` alone, if there is one.
pub(super) fn own_supply(item: &Item) -> Option<i32> {
    let room = OWN_SUPPLY - 2 * OWN_PAD;
    let supply = item.own_supply.as_ref()?;
    Some(37 + int(wrap(&supply.name, Style::Small, room, 2).len()) * (LINE - 1))
}

/// The height of the switches.
pub(super) fn hub_height(scene: &Scene) -> i32 {
    let names = scene.hubs.iter().map(|hub| &hub.name);
    44 + LINE * most_lines(names, HUB_TEXT - PAD)
}

/// The height of supplies with outlets.
pub(super) fn strip_height(scene: &Scene) -> i32 {
    let lines = scene.strips.iter().map(|strip| {
        let room = strip_width(&strip.sockets) - 2 * PAD;
        most_lines([&strip.name].into_iter(), room)
    });
    let strips = 76 + LINE * lines.max().unwrap_or(0);
    let button = scene.button.as_ref().map_or(0, |_| BUTTON.1);
    strips.max(button)
}

/// The lines that the longest of the names takes.
fn most_lines<'a>(names: impl Iterator<Item = &'a String>, room: i32) -> i32 {
    let lines = names.map(|name| wrap(name, Style::Heading, room, 2).len());
    int(lines.max().unwrap_or(0))
}

/// The height of a row of nodes with the supplies below them.
pub(super) fn row_height(scene: &Scene) -> i32 {
    let nodes = scene.items.iter().skip(1);
    let supplies = nodes.clone().filter_map(own_supply);
    let supply = supplies.max().map_or(0, |height| OWN_GAP + height);
    nodes.map(card_height).max().unwrap_or(0) + supply
}
