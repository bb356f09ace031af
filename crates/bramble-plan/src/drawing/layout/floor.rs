//! The floor plan: every box of the picture with its place. Not in here: what is
//! written in them (`boxes`).

use super::across::Across;
use super::down::Down;
use super::grid::Grid;
use super::routes::Routes;
use super::size::{
    BUTTON, CARD, OWN_GAP, OWN_SUPPLY, SIDE_ENTRY, SIGHT, card_height, hub_height, hub_width,
    own_supply, strip_height, strip_width,
};
use crate::drawing::geometry::{Rect, int};
use crate::drawing::scene::Scene;

/// Every box with its place, and the cables between them.
#[derive(Debug)]
pub(super) struct Floor {
    pub(super) across: Across,
    pub(super) down: Down,
    pub(super) routes: Routes,
    /// The nodes; the head first.
    pub(super) items: Vec<Rect>,
    /// The supplies that feed one node, by node.
    pub(super) own_supplies: Vec<Option<Rect>>,
    pub(super) hubs: Vec<Rect>,
    pub(super) strips: Vec<Rect>,
    pub(super) button: Option<Rect>,
    pub(super) router: Rect,
    pub(super) internet: Rect,
    pub(super) machine: Rect,
}

impl Floor {
    pub(super) fn of(scene: &Scene) -> Self {
        let grid = Grid::of(scene);
        let across = Across::of(scene, &grid);
        let routes = Routes::of(scene, &grid, &across);
        let down = Down::of(scene, &grid, &routes);
        let items = items(scene, &grid, &across, &down);
        let sight = |x, y| Rect::new(x, y, SIGHT.0, SIGHT.1);
        Self {
            own_supplies: own_supplies(scene, &items),
            items,
            hubs: hubs(scene, &across, &down),
            strips: strips(scene, &across, &down),
            button: scene
                .button
                .as_ref()
                .map(|_| Rect::new(across.button, down.strips, BUTTON.0, BUTTON.1)),
            router: sight(across.router, down.head + SIDE_ENTRY - SIGHT.1 / 2),
            internet: sight(across.behind, down.head),
            machine: sight(across.behind, down.head + SIGHT.1 + 24),
            across,
            down,
            routes,
        }
    }
}

fn items(scene: &Scene, grid: &Grid, across: &Across, down: &Down) -> Vec<Rect> {
    let places = scene.items.iter().zip(&across.items).zip(&grid.seats);
    let most = scene
        .items
        .iter()
        .skip(1)
        .map(card_height)
        .max()
        .unwrap_or(0);
    let rects = places.map(|((item, &x), seat)| match seat {
        None => Rect::new(x, down.head, CARD, card_height(item)),
        Some(seat) => Rect::new(x, down.rows + int(seat.row) * down.row, CARD, most),
    });
    rects.collect()
}

fn own_supplies(scene: &Scene, items: &[Rect]) -> Vec<Option<Rect>> {
    let places = scene.items.iter().zip(items);
    let rects = places.map(|(item, card)| {
        let height = own_supply(item)?;
        Some(Rect::new(
            card.x,
            card.bottom() + OWN_GAP,
            OWN_SUPPLY,
            height,
        ))
    });
    rects.collect()
}

fn hubs(scene: &Scene, across: &Across, down: &Down) -> Vec<Rect> {
    let places = scene.hubs.iter().zip(&across.hubs);
    let height = hub_height(scene);
    let rects = places.map(|(hub, &x)| Rect::new(x, down.hubs, hub_width(&hub.sockets), height));
    rects.collect()
}

fn strips(scene: &Scene, across: &Across, down: &Down) -> Vec<Rect> {
    let places = scene.strips.iter().zip(&across.strips);
    let height = strip_height(scene);
    let rects =
        places.map(|(strip, &x)| Rect::new(x, down.strips, strip_width(&strip.sockets), height));
    rects.collect()
}
