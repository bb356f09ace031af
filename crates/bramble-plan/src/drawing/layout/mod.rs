//! Where everything stands: boxes, ports and the lanes of cables, as values. The
//! head and the world are at the top, switches below, then nodes in columns, then
//! supplies. Network cables run down to the right of nodes, power cables up to the
//! left, each in the order of the ports, so that few of them cross.
//!
//! Not in here: what is said (`scene`), and how it looks (`render`).

mod across;
mod boxes;
mod cables;
mod down;
mod floor;
mod grid;
mod lanes;
mod part;
mod routes;
mod size;
mod words;

use super::scene::Scene;
use floor::Floor;

pub(super) use part::{
    Anchor, Badge, Bar, Cable, CableKind, Kind, Part, Pill, Port, PortState, Text, Tone,
};

/// The picture as values.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) width: i32,
    pub(super) height: i32,
    /// What it shows, in a few words.
    pub(super) title: String,
    /// The same in a few sentences.
    pub(super) about: String,
    pub(super) parts: Vec<Part>,
    pub(super) cables: Vec<Cable>,
}

impl Sheet {
    /// The picture of `scene`.
    pub(super) fn of(scene: &Scene) -> Self {
        let floor = Floor::of(scene);
        let cables = cables::cables(scene, &floor);
        let mut parts = vec![words::title(scene, &floor)];
        parts.extend(boxes::boxes(scene, &floor));
        let legend = words::legend(scene, &floor, &cables);
        let findings = words::findings(scene, &floor, legend.rect.bottom() + 24);
        let bottom = findings.rect.bottom();
        parts.extend([legend, findings]);
        Self {
            width: floor.across.right + size::MARGIN,
            height: bottom + size::MARGIN,
            title: format!("The cluster {}", scene.title.name),
            about: scene.title.about.clone(),
            parts,
            cables,
        }
    }
}
