//! How a cable is written: a line with round corners, on a ground that sets it off
//! from those it crosses, with a plug at its end. Not in here: its corners.

use std::fmt::Write as _;

use super::xml::Escaped;
use crate::drawing::geometry::Point;
use crate::drawing::layout::{Cable, CableKind};

/// The radius of a corner.
const RADIUS: i32 = 5;

/// Writes `cable`.
pub(super) fn cable(svg: &mut String, cable: &Cable) {
    let path = path(&cable.points);
    let wide = if cable.kind == CableKind::Poe {
        " wide"
    } else {
        ""
    };
    // Proof for this and all `let _`: writing to a `String` cannot fail.
    let _ = writeln!(svg, "<g><title>{}</title>", Escaped(&cable.about));
    if cable.kind != CableKind::World {
        let _ = writeln!(svg, "<path class=\"halo{wide}\" d=\"{path}\"/>");
    }
    for class in classes(cable.kind) {
        let _ = writeln!(svg, "<path class=\"{class}\" d=\"{path}\"/>");
    }
    let plug = plug(cable.kind).filter(|_| cable.plugged);
    if let (Some(class), [.., end]) = (plug, &cable.points[..]) {
        let _ = writeln!(
            svg,
            "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"4\"/>",
            end.x, end.y
        );
    }
    svg.push_str("</g>\n");
}

/// The lines that a cable is drawn with, one on the other.
pub(super) const fn classes(kind: CableKind) -> &'static [&'static str] {
    match kind {
        CableKind::Network => &["c-network"],
        CableKind::Poe => &["c-feed", "c-gap", "c-network"],
        CableKind::Air => &["c-air"],
        CableKind::Power => &["c-power"],
        CableKind::Wire => &["c-wire"],
        CableKind::World => &["c-world"],
    }
}

/// What is at the end of a cable.
const fn plug(kind: CableKind) -> Option<&'static str> {
    match kind {
        CableKind::Network | CableKind::Poe => Some("plug-network"),
        CableKind::Power => Some("plug-power"),
        CableKind::Wire => Some("plug-wire"),
        CableKind::Air | CableKind::World => None,
    }
}

/// The corners as the data of an SVG path, each rounded as far as its sides allow.
fn path(points: &[Point]) -> String {
    let mut path = String::new();
    if let Some(first) = points.first() {
        let _ = write!(path, "M{} {}", first.x, first.y);
    }
    for corner in points.windows(3) {
        if let [before, at, after] = corner {
            let near = (length(*before, *at).min(length(*at, *after)) / 2).min(RADIUS);
            let (from, to) = (toward(*at, *before, near), toward(*at, *after, near));
            let _ = write!(
                path,
                "L{} {}Q{} {} {} {}",
                from.x, from.y, at.x, at.y, to.x, to.y
            );
        }
    }
    if let [_, .., last] = points {
        let _ = write!(path, "L{} {}", last.x, last.y);
    }
    path
}

/// The length of a stretch that is level or upright.
const fn length(from: Point, to: Point) -> i32 {
    (from.x - to.x).abs() + (from.y - to.y).abs()
}

/// The point `by` from `from` on the way to `to`.
const fn toward(from: Point, to: Point, by: i32) -> Point {
    Point {
        x: from.x + (to.x - from.x).signum() * by,
        y: from.y + (to.y - from.y).signum() * by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::geometry::at;

    #[test]
    fn a_corner_is_round_as_far_as_its_sides_allow() {
        let points = [at(0, 0), at(0, 20), at(4, 20), at(4, 40)];
        assert_eq!(path(&points), "M0 0L0 18Q0 20 2 20L2 20Q4 20 4 22L4 40");
    }
}
