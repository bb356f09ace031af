//! The words around the picture: title, legend, findings. Not in here: what stands
//! in the boxes (`boxes`).

use bramble_cluster::diagnostic::Severity;

use super::floor::Floor;
use super::part::{Anchor, Badge, Cable, CableKind, Kind, Part, Tone};
use super::size::{LINE, MARGIN, TITLE};
use crate::drawing::geometry::{Point, Rect, at, int};
use crate::drawing::scene::{Scene, Told};
use crate::drawing::text::{Style, fit, width, wrap};

/// The length of a piece of cable in the legend.
const SAMPLE: i32 = 32;
/// A line of the legend.
const ROW: i32 = 24;
/// A finding in the list.
const FINDING: i32 = 26;
/// So many findings are listed; there may be more in a very wrong file.
const MOST: usize = 40;
/// From this width on, findings are listed in two columns.
const TWO_COLUMNS: i32 = 1300;

/// The title with the figures at its right.
pub(super) fn title(scene: &Scene, floor: &Floor) -> Part {
    let left = MARGIN;
    let rect = Rect::new(left, floor.down.title, floor.across.right - left, TITLE);
    let mut part = Part::new(Kind::Words, rect);
    let mut right = rect.right();
    for (figure, what) in scene.title.figures.iter().rev() {
        let wide = width(figure, Style::Figure).max(width(what, Style::Small));
        let place = at(right, rect.y + 42);
        part.put(
            (Style::Figure, Tone::Ink),
            (place, Anchor::End),
            figure.clone(),
        );
        let place = at(right, rect.y + 62);
        part.put(
            (Style::Small, Tone::Quiet),
            (place, Anchor::End),
            (*what).to_owned(),
        );
        right -= wide + 32;
    }
    let room = right - rect.x;
    for (style, tone, down, text) in [
        (Style::Title, Tone::Ink, 40, &scene.title.name),
        (Style::Body, Tone::Quiet, 62, &scene.title.subtitle),
    ] {
        let text = fit(text, style, room);
        part.put(
            (style, tone),
            (at(rect.x, rect.y + down), Anchor::Start),
            text,
        );
    }
    part
}

/// What the lines mean, of those that there are.
pub(super) fn legend(scene: &Scene, floor: &Floor, cables: &[Cable]) -> Part {
    let (left, right) = (MARGIN, floor.across.right);
    let mut part = Part::new(
        Kind::Words,
        Rect::new(left, floor.down.words, right - left, ROW),
    );
    let mut x = left;
    let mut y = floor.down.words + 14;
    for (kind, word) in KINDS {
        if !cables.iter().any(|cable| cable.kind == *kind) {
            continue;
        }
        let wide = SAMPLE + 10 + width(word, Style::Small);
        if x + wide > right {
            (x, y) = (left, y + ROW);
        }
        part.samples
            .push((*kind, [at(x, y - 4), at(x + SAMPLE, y - 4)]));
        let place = at(x + SAMPLE + 10, y);
        part.put(
            (Style::Small, Tone::Quiet),
            (place, Anchor::Start),
            (*word).to_owned(),
        );
        x += wide + 28;
    }
    if let Some(words) = numbers(scene) {
        if x + width(words, Style::Small) > right {
            (x, y) = (left, y + ROW);
        }
        part.put(
            (Style::Small, Tone::Quiet),
            (at(x, y), Anchor::Start),
            words.to_owned(),
        );
    }
    part.rect.height = y + 10 - part.rect.y;
    part
}

const KINDS: &[(CableKind, &str)] = &[
    (CableKind::Network, "network cable"),
    (CableKind::Poe, "network cable that feeds (PoE)"),
    (CableKind::Air, "by air"),
    (CableKind::Power, "power cable"),
    (CableKind::Wire, "wire of the button"),
    (CableKind::World, "outside of the cluster"),
];

/// How ports are numbered where that needs saying.
fn numbers(scene: &Scene) -> Option<&'static str> {
    let hubs = scene.hubs.len() > 1 || scene.hubs.iter().any(|hub| hub.stacked);
    match (hubs, scene.strips.len() > 1) {
        (true, true) => Some("port 2.3, outlet 2.3: the third of switch or supply 2"),
        (true, false) => Some("port 2.3: the third of switch 2"),
        (false, true) => Some("outlet 2.3: the third of supply 2"),
        (false, false) => None,
    }
}

/// The list of findings, from `y` on.
pub(super) fn findings(scene: &Scene, floor: &Floor, y: i32) -> Part {
    let (left, right) = (MARGIN, floor.across.right);
    let mut part = Part::new(Kind::Words, Rect::new(left, y, right - left, 30));
    let heading = match scene.told.len() {
        0 => "no findings".to_owned(),
        1 => "1 finding".to_owned(),
        count => format!("{count} findings"),
    };
    part.put(
        (Style::Heading, Tone::Ink),
        (at(left, y + 16), Anchor::Start),
        heading,
    );
    let columns = if right - left >= TWO_COLUMNS { 2 } else { 1 };
    let shown = scene.told.len().min(MOST);
    let rows = shown.div_ceil(columns).max(1);
    let wide = (right - left) / int(columns);
    let mut bottom = y + 30;
    let numbered: Vec<_> = scene.told.iter().take(MOST).enumerate().collect();
    for (column, numbered) in numbered.chunks(rows).enumerate() {
        let x = left + int(column) * wide;
        let mut base = y + 44;
        for &(number, told) in numbered {
            base += tell(&mut part, (number, told), at(x, base), wide - 24);
        }
        bottom = bottom.max(base - 14);
    }
    if scene.told.len() > shown {
        let more = format!("and {} more: see `bramble check`", scene.told.len() - shown);
        part.put(
            (Style::Small, Tone::Quiet),
            (at(left, bottom + 14), Anchor::Start),
            more,
        );
        bottom += FINDING;
    }
    part.rect.height = bottom - y;
    part
}

/// A finding of the list, with the number that stands where it is; tells how high
/// it is.
fn tell(part: &mut Part, (number, told): (usize, &Told), place: Point, room: i32) -> i32 {
    part.badges.push(Badge {
        middle: at(place.x + 10, place.y - 4),
        label: (number + 1).to_string(),
        severity: told.severity,
    });
    let head = format!("{} {}", severity(told.severity), told.id);
    let from = place.x + 32;
    let indent = width(&head, Style::Heading) + 14;
    part.put(
        (Style::Heading, Tone::Ink),
        (at(from, place.y), Anchor::Start),
        head,
    );
    let lines = wrap(&told.title, Style::Body, room - 32 - indent, 2);
    let count = int(lines.len().max(1));
    for (line, text) in lines.into_iter().enumerate() {
        let place = at(from + indent, place.y + int(line) * LINE);
        part.put((Style::Body, Tone::Quiet), (place, Anchor::Start), text);
    }
    FINDING + (count - 1) * LINE
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
