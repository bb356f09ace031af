//! Where everything stands from left to right. Not in here: from top to bottom
//! (`down`), which depends on how many cables run between.

use super::grid::{BAY_GAP, Grid};
use super::size::{
    BUTTON, CARD, CLEAR, ENTRY, HEAD_GUTTER, HUB_TEXT, LANE, MARGIN, PAD, SIGHT, UPLINK, WAYS,
    pitch, snap, strip_width,
};
use crate::drawing::geometry::int;
use crate::drawing::scene::{Scene, Socket};

/// Between two supplies.
const STRIP_GAP: i32 = 24;

/// Where everything stands from left to right. Places are those of left edges, of
/// sockets those of their middles.
#[derive(Debug)]
pub(super) struct Across {
    /// The left edge of what is drawn, right of the cables to the head.
    pub(super) left: i32,
    /// The right edge of what is drawn.
    pub(super) right: i32,
    /// The nodes; the head first.
    pub(super) items: Vec<i32>,
    pub(super) hubs: Vec<i32>,
    pub(super) ports: Vec<Vec<i32>>,
    pub(super) strips: Vec<i32>,
    pub(super) outlets: Vec<Vec<i32>>,
    pub(super) button: i32,
    pub(super) router: i32,
    /// What is behind the router.
    pub(super) behind: i32,
}

impl Across {
    pub(super) fn of(scene: &Scene, grid: &Grid) -> Self {
        let head = &scene.items[0];
        let gutter = if head.outlet.is_some() || head.wired {
            HEAD_GUTTER
        } else {
            0
        };
        let left = MARGIN + gutter;
        let router = snap(left + CARD + UPLINK);
        let behind = snap(router + SIGHT.0 + WAYS);
        let button = scene.button.as_ref().map_or(0, |_| BUTTON.0 + STRIP_GAP);
        let strips: i32 = scene
            .strips
            .iter()
            .map(|strip| strip_width(&strip.sockets) + STRIP_GAP)
            .sum();
        let right = (behind + SIGHT.0)
            .max(left + grid.all_bays())
            .max(left + button + strips - STRIP_GAP);
        let mut across = Self {
            left,
            right: snap(right),
            items: vec![left; scene.items.len()],
            hubs: Vec::new(),
            ports: Vec::new(),
            strips: Vec::new(),
            outlets: Vec::new(),
            button: left,
            router,
            behind,
        };
        across.place_bays(scene, grid);
        across.place_strips(scene, grid, left + button);
        across
    }

    /// Bays beside each other, in the middle of the sheet.
    fn place_bays(&mut self, scene: &Scene, grid: &Grid) {
        let spare = (self.right - self.left - grid.all_bays()).max(0);
        let mut x = snap(self.left + spare / 2);
        for (bay, hub) in grid.bays.iter().zip(&scene.hubs) {
            let width = grid.width(bay);
            let columns = int(bay.columns.len()) * grid.column();
            let first = snap(x + (width - columns) / 2);
            for (at, column) in bay.columns.iter().enumerate() {
                for &item in column {
                    self.items[item] = snap(first + int(at) * grid.column() + grid.gutters.0);
                }
            }
            let hub_x = snap(x + (width - bay.hub) / 2);
            self.hubs.push(hub_x);
            self.ports
                .push(middles(hub_x + PAD + HUB_TEXT, &hub.sockets));
            x += width + BAY_GAP;
        }
    }

    /// Supplies in their order, each as near to the middle of what it feeds as the
    /// others allow, between `from` and the right edge.
    fn place_strips(&mut self, scene: &Scene, grid: &Grid, from: i32) {
        let widths: Vec<_> = scene
            .strips
            .iter()
            .map(|strip| strip_width(&strip.sockets))
            .collect();
        let mut places = Vec::new();
        let mut free = from;
        for (strip, width) in scene.strips.iter().zip(&widths) {
            let fed = strip.sockets.iter().flat_map(|socket| socket.end.items());
            let fed: Vec<_> = fed.map(|&item| self.power_entry(item, grid)).collect();
            let middle = fed.iter().sum::<i32>() / int(fed.len().max(1));
            let x = snap((middle - width / 2).max(free));
            places.push(x);
            free = x + width + STRIP_GAP;
        }
        let mut free = self.right;
        for (x, width) in places.iter_mut().zip(&widths).rev() {
            *x = (*x).min(free - width);
            free = *x - STRIP_GAP;
        }
        for (strip, &x) in scene.strips.iter().zip(&places) {
            self.outlets.push(middles(x + PAD, &strip.sockets));
        }
        self.strips = places;
    }

    /// Where the network cable of `item` leaves the channel below the switches: at
    /// the top of what stands first in its column, beside the column for others.
    pub(super) fn network_entry(&self, item: usize, grid: &Grid) -> i32 {
        let right = self.items[item] + CARD;
        match grid.seats[item] {
            Some(seat) if seat.row > 0 => right + CLEAR + LANE * (int(seat.row) - 1),
            _ => right - ENTRY,
        }
    }

    /// Where the power cable of `item` leaves the channel above the supplies: at the
    /// bottom of what stands last in its column, beside the column for others, and at
    /// the edge of the sheet for the head.
    pub(super) fn power_entry(&self, item: usize, grid: &Grid) -> i32 {
        let wires = i32::from(grid.wires);
        match grid.seats[item] {
            Some(seat) if seat.row + 1 == seat.of => self.items[item] + ENTRY,
            Some(seat) => {
                let lane = int(seat.of - seat.row) - 2 + wires;
                self.items[item] - CLEAR - LANE * lane
            }
            None => self.left - CLEAR - LANE * wires,
        }
    }
}

/// The middles of sockets beside each other from `x` on.
fn middles(x: i32, sockets: &[Socket]) -> Vec<i32> {
    let pitch = pitch(sockets);
    let first = snap(x + pitch / 2);
    (0..sockets.len())
        .map(|at| first + int(at) * pitch)
        .collect()
}
