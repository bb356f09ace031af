//! What a sheet is made of: boxes with their texts and marks, and cables. Not in
//! here: how these look (`render`).

use bramble_cluster::diagnostic::Severity;

use super::size::{LINE, PAD};
use crate::drawing::geometry::{Point, Rect, at, int};
use crate::drawing::scene::{Gauge, Told};
use crate::drawing::text::{Style, fit, wrap};

/// What a box is, which decides its looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Words on the sheet itself.
    Words,
    Head,
    Node,
    Hub,
    Supply,
    Sight,
    Button,
}

/// A box with all that is in it. Nothing else reaches into it, save cables that
/// end there.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) kind: Kind,
    pub(crate) rect: Rect,
    /// What it is, for those who point at it or cannot see it.
    pub(crate) about: String,
    /// Whether it stands for several.
    pub(crate) stacked: bool,
    /// Whether nobody said what it is.
    pub(crate) vague: bool,
    pub(crate) texts: Vec<Text>,
    pub(crate) pill: Option<Pill>,
    pub(crate) ports: Vec<Port>,
    pub(crate) bar: Option<Bar>,
    pub(crate) rules: Vec<(Point, i32)>,
    pub(crate) badges: Vec<Badge>,
    pub(crate) samples: Vec<(CableKind, [Point; 2])>,
}

/// A line of text.
#[derive(Debug)]
pub(crate) struct Text {
    /// Where its base line begins; or ends, if it is `Anchor::End`.
    pub(crate) at: Point,
    pub(crate) anchor: Anchor,
    pub(crate) style: Style,
    pub(crate) tone: Tone,
    pub(crate) content: String,
}

/// Which point of a text is where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// What a text or line is about, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Ink,
    Quiet,
    Accent,
    Network,
    Power,
    Bad,
}

/// A word with a ground of its own.
#[derive(Debug)]
pub(crate) struct Pill {
    pub(crate) rect: Rect,
    pub(crate) word: &'static str,
    pub(crate) tone: Tone,
}

/// A socket.
#[derive(Debug)]
pub(crate) struct Port {
    pub(crate) rect: Rect,
    pub(crate) label: String,
    pub(crate) state: PortState,
}

/// What is in a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PortState {
    Free,
    Network,
    Poe,
    Power,
}

/// How much of a supply is asked for.
#[derive(Debug)]
pub(crate) struct Bar {
    pub(crate) rect: Rect,
    pub(crate) gauge: Gauge,
}

/// A finding's number.
#[derive(Debug)]
pub(crate) struct Badge {
    pub(crate) middle: Point,
    pub(crate) label: String,
    pub(crate) severity: Severity,
}

/// What runs through a cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CableKind {
    Network,
    /// Network and power.
    Poe,
    /// A link without a cable.
    Air,
    Power,
    /// A wire of the button.
    Wire,
    /// Outside of the cluster.
    World,
}

/// A cable.
#[derive(Debug)]
pub(crate) struct Cable {
    pub(crate) kind: CableKind,
    /// Its corners; every stretch is level or upright.
    pub(crate) points: Vec<Point>,
    /// Whether it ends in something, and does not only branch off.
    pub(crate) plugged: bool,
    /// What it joins.
    pub(crate) about: String,
}

/// A number of badges that fit on a box; the last of more says how many more.
const MOST_BADGES: usize = 5;
/// From one badge to the next.
const BADGE: i32 = 22;

impl Part {
    pub(super) fn new(kind: Kind, rect: Rect) -> Self {
        Self {
            kind,
            rect,
            about: String::new(),
            stacked: false,
            vague: false,
            texts: Vec::new(),
            pill: None,
            ports: Vec::new(),
            bar: None,
            rules: Vec::new(),
            badges: Vec::new(),
            samples: Vec::new(),
        }
    }

    /// Writes `text` below its top by `down`, in the room from its left edge on.
    pub(super) fn write(&mut self, (style, tone): (Style, Tone), down: i32, text: &str) {
        self.write_within((style, tone), down, self.rect.width - 2 * PAD, text);
    }

    /// The same in `room`.
    pub(super) fn write_within(
        &mut self,
        (style, tone): (Style, Tone),
        down: i32,
        room: i32,
        text: &str,
    ) {
        let place = at(self.rect.x + PAD, self.rect.y + down);
        self.put(
            (style, tone),
            (place, Anchor::Start),
            fit(text, style, room),
        );
    }

    /// Writes the name of a device in one line or two, and tells how far down what
    /// comes next stands.
    pub(super) fn name(&mut self, down: i32, room: i32, name: &str) -> i32 {
        let lines = wrap(name, Style::Heading, room, 2);
        let mut down = down;
        for line in &lines {
            self.write_within((Style::Heading, Tone::Ink), down, room, line);
            down += LINE;
        }
        down
    }

    /// Writes `text` at a place.
    pub(super) fn put(
        &mut self,
        (style, tone): (Style, Tone),
        (place, anchor): (Point, Anchor),
        content: String,
    ) {
        if !content.is_empty() {
            self.texts.push(Text {
                at: place,
                anchor,
                style,
                tone,
                content,
            });
        }
    }

    /// Puts badges of the findings with these `numbers` on its edge at `y`.
    pub(super) fn mark(&mut self, numbers: &[usize], told: &[Told], y: i32) {
        let shown = if numbers.len() > MOST_BADGES {
            MOST_BADGES - 1
        } else {
            numbers.len()
        };
        let middle = |place: usize| at(self.rect.x + PAD + 4 + int(place) * BADGE, y);
        let mut badges: Vec<_> = numbers
            .iter()
            .take(shown)
            .enumerate()
            .map(|(place, &number)| Badge {
                middle: middle(place),
                label: (number + 1).to_string(),
                severity: told[number].severity,
            })
            .collect();
        let rest = numbers
            .iter()
            .skip(shown)
            .map(|&number| told[number].severity);
        if let Some(severity) = rest.max() {
            badges.push(Badge {
                middle: middle(shown),
                label: format!("+{}", numbers.len() - shown),
                severity,
            });
        }
        self.badges.append(&mut badges);
    }
}
