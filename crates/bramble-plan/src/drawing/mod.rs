//! The schematic of a cluster: boards, switches, supplies, cables and findings, as
//! one SVG text. First what there is to say (`scene`), then where it stands
//! (`layout`), then how it is written (`render`).
//!
//! Not in here: what is plugged where (`wiring`), what is found (`checks`), and
//! other formats of pictures, which need programs that look at the world.

mod geometry;
mod layout;
mod render;
mod scene;
mod text;

use crate::finding::Finding;
use crate::site::Site;
use layout::Sheet;
use scene::Scene;

pub use render::Scheme;

/// The schematic of `site` with `findings` marked where they are, as SVG that is
/// light or dark as its reader wishes.
pub fn draw(site: &Site<'_>, findings: &[Finding]) -> String {
    draw_in(Scheme::Reader, site, findings)
}

/// The same in the colours of `scheme`.
pub fn draw_in(scheme: Scheme, site: &Site<'_>, findings: &[Finding]) -> String {
    let scene = Scene::of(site, findings);
    render::svg(&Sheet::of(&scene), scheme)
}

#[cfg(test)]
mod tests;
