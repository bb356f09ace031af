//! How a box is written: its frame below the cables, what is in it above them. Not
//! in here: what is in it.

use std::fmt::Write as _;

use bramble_cluster::diagnostic::Severity;

use super::cable::classes;
use super::style::class;
use super::xml::Escaped;
use crate::drawing::geometry::Rect;
use crate::drawing::layout::{Anchor, Badge, Bar, Kind, Part, Pill, Port, PortState, Text, Tone};
use crate::drawing::text::Style;

/// Writes the frame of `part`.
pub(super) fn frame(svg: &mut String, part: &Part) {
    if part.kind == Kind::Words {
        return;
    }
    let mut classes = "box".to_owned();
    match part.kind {
        Kind::Sight => classes.push_str(" sight"),
        Kind::Head => classes.push_str(" lead"),
        _ => {}
    }
    if part.vague {
        classes.push_str(" vague");
    }
    if part.stacked {
        for step in [2, 1] {
            let behind = Rect::new(
                part.rect.x + 6 * step,
                part.rect.y - 4 * step,
                part.rect.width - 12 * step,
                part.rect.height,
            );
            rect(svg, behind, 6, &classes);
        }
    }
    rect(svg, part.rect, radius(part.kind), &classes);
}

const fn radius(kind: Kind) -> i32 {
    match kind {
        Kind::Sight => 20,
        Kind::Button => 28,
        Kind::Hub | Kind::Supply => 4,
        Kind::Head | Kind::Node | Kind::Words => 8,
    }
}

/// Writes what is in `part`.
pub(super) fn content(svg: &mut String, part: &Part) {
    svg.push_str("<g>");
    if !part.about.is_empty() {
        let _ = write!(svg, "<title>{}</title>", Escaped(&part.about));
    }
    svg.push('\n');
    for (from, width) in &part.rules {
        let _ = writeln!(
            svg,
            "<path class=\"rule\" d=\"M{} {}h{width}\"/>",
            from.x, from.y
        );
    }
    for (kind, [from, to]) in &part.samples {
        for class in classes(*kind) {
            let _ = writeln!(
                svg,
                "<path class=\"{class}\" d=\"M{} {}L{} {}\"/>",
                from.x, from.y, to.x, to.y
            );
        }
    }
    part.pill.iter().for_each(|one| pill(svg, one));
    part.bar.iter().for_each(|one| bar(svg, one));
    part.ports.iter().for_each(|one| port(svg, one));
    part.texts.iter().for_each(|one| text(svg, one));
    part.badges.iter().for_each(|one| badge(svg, one));
    svg.push_str("</g>\n");
}

fn rect(svg: &mut String, rect: Rect, radius: i32, classes: &str) {
    let Rect {
        x,
        y,
        width,
        height,
    } = rect;
    let _ = writeln!(
        svg,
        "<rect class=\"{classes}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>"
    );
}

fn text(svg: &mut String, text: &Text) {
    let anchor = match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let _ = writeln!(
        svg,
        "<text class=\"{} {}\" x=\"{}\" y=\"{}\"{anchor}>{}</text>",
        class(text.style),
        tone(text.tone),
        text.at.x,
        text.at.y,
        Escaped(&text.content)
    );
}

const fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Ink => "ink",
        Tone::Quiet => "quiet",
        Tone::Accent => "accent",
        Tone::Network => "network",
        Tone::Power => "power",
        Tone::Bad => "bad",
    }
}

/// A word in the middle of `rect`.
fn centred(svg: &mut String, rect: Rect, style: Style, classes: &str, word: &str) {
    let _ = writeln!(
        svg,
        "<text class=\"{} {classes}\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
        class(style),
        rect.x + rect.width / 2,
        // Digits and small letters look centred a third of the size below the middle.
        rect.y + rect.height / 2 + style.size() / 3,
        Escaped(word)
    );
}

fn pill(svg: &mut String, pill: &Pill) {
    let (ground, letters) = match pill.tone {
        Tone::Accent => ("pill-head", "on"),
        other => ("pill", tone(other)),
    };
    rect(svg, pill.rect, pill.rect.height / 2, ground);
    centred(svg, pill.rect, Style::Small, letters, pill.word);
}

fn bar(svg: &mut String, bar: &Bar) {
    rect(svg, bar.rect, 2, "bar");
    let share = bar.gauge.share.min(1000);
    let used = i64::from(bar.rect.width) * i64::from(share) / 1000;
    let used = Rect {
        width: i32::try_from(used).unwrap_or(bar.rect.width),
        ..bar.rect
    };
    let over = bar.gauge.share > 1000;
    rect(svg, used, 2, if over { "bar-over" } else { "bar-used" });
}

fn port(svg: &mut String, port: &Port) {
    let (state, letters) = match port.state {
        PortState::Free => ("p-free", "quiet"),
        PortState::Network => ("p-network", "network"),
        PortState::Poe => ("p-power", "network"),
        PortState::Power => ("p-power", "power"),
    };
    rect(svg, port.rect, 3, &format!("port {state}"));
    centred(svg, port.rect, Style::Tiny, letters, &port.label);
}

/// A finding's number on a shape that tells the severity without colour: a circle
/// is an error, a lozenge a warning, a square a note.
fn badge(svg: &mut String, badge: &Badge) {
    let (x, y) = (badge.middle.x, badge.middle.y);
    let _ = match badge.severity {
        Severity::Error => writeln!(
            svg,
            "<circle class=\"badge b-error\" cx=\"{x}\" cy=\"{y}\" r=\"9\"/>"
        ),
        Severity::Warning => writeln!(
            svg,
            "<path class=\"badge b-warning\" d=\"M{x} {}l11 11l-11 11l-11 -11z\"/>",
            y - 11
        ),
        Severity::Note => writeln!(
            svg,
            "<rect class=\"badge b-note\" x=\"{}\" y=\"{}\" width=\"17\" height=\"17\" rx=\"3\"/>",
            x - 8,
            y - 8
        ),
    };
    let around = Rect::new(x - 9, y - 9, 18, 18);
    centred(svg, around, Style::Badge, "on", &badge.label);
}
