//! Where everything stands from top to bottom. Not in here: from left to right
//! (`across`).

use super::grid::Grid;
use super::routes::Routes;
use super::size::{
    CLEAR, LANE, MARGIN, ROW_GAP, SIGHT, TITLE, cell_height, hub_height, row_height, strip_height,
};
use crate::drawing::geometry::int;
use crate::drawing::scene::Scene;

/// Where everything stands from top to bottom: upper edges.
#[derive(Debug)]
pub(super) struct Down {
    pub(super) title: i32,
    /// The head and the world.
    pub(super) head: i32,
    pub(super) hubs: i32,
    /// The first row of nodes.
    pub(super) rows: i32,
    /// From one row to the next.
    pub(super) row: i32,
    /// Where the button's wire runs from column to column.
    pub(super) bus: i32,
    /// Supplies and the button.
    pub(super) strips: i32,
    /// Below all that.
    pub(super) words: i32,
}

impl Down {
    pub(super) fn of(scene: &Scene, grid: &Grid, routes: &Routes) -> Self {
        let title = MARGIN;
        let head = title + TITLE + 36;
        let world = 2 * SIGHT.1 + 24;
        let hubs = head + cell_height(&scene.items[0]).max(world) + channel(routes.upper.count);
        let rows = hubs + hub_height(scene) + channel(routes.lower.count);
        let row = row_height(scene) + ROW_GAP;
        let below = match int(grid.rows) {
            0 => hubs + hub_height(scene),
            count => rows + count * row - ROW_GAP,
        };
        let bus = below + CLEAR + LANE;
        let from = if grid.wires { bus } else { below };
        let supplied = grid.wires || !scene.strips.is_empty();
        let strips = from + channel(routes.power.count);
        Self {
            title,
            head,
            hubs,
            rows,
            row,
            bus,
            strips,
            words: if supplied {
                strips + strip_height(scene)
            } else {
                below
            } + 40,
        }
    }
}

/// The height of a channel with so many lanes.
fn channel(lanes: usize) -> i32 {
    2 * CLEAR + int(lanes) * LANE + 8
}
