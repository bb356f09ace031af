//! Which nodes stand in which column: below their switch, in the order of its
//! ports. Not in here: where the columns stand (`across`).

use super::size::{CARD, CLEAR, LANE, hub_width, row_height, strip_width};
use crate::drawing::geometry::int;
use crate::drawing::scene::Scene;

/// Between the nodes of two switches.
pub(super) const BAY_GAP: i32 = 32;
/// At most so many nodes stand below each other.
const MOST_ROWS: usize = 8;
/// What of the height is there whatever the number of rows: title, head, switches,
/// supplies, legend and the cables between them.
const REST: i32 = 640;
/// The width that a sheet should have, in hundredths of its height: a little more
/// than paper that lies, since screens are wider.
const SHAPE: i32 = 150;

/// The nodes below their switches.
#[derive(Debug)]
pub(super) struct Grid {
    /// One for each switch.
    pub(super) bays: Vec<Bay>,
    /// Where each item stands; nothing for the head, which stands above.
    pub(super) seats: Vec<Option<Seat>>,
    /// Left and right of each node, for cables.
    pub(super) gutters: (i32, i32),
    /// How many nodes stand below each other.
    pub(super) rows: usize,
    /// Whether wires of a button run left of the nodes.
    pub(super) wires: bool,
}

/// The nodes below one switch.
#[derive(Debug)]
pub(super) struct Bay {
    /// The width of the switch.
    pub(super) hub: i32,
    pub(super) columns: Vec<Vec<usize>>,
}

/// A place in a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seat {
    pub(super) row: usize,
    /// How many stand in the column.
    pub(super) of: usize,
}

impl Grid {
    /// The grid that comes nearest to the wanted shape.
    pub(super) fn of(scene: &Scene) -> Self {
        let below = below(scene);
        let most = below.iter().map(Vec::len).max().unwrap_or(0);
        let rows = 1..=MOST_ROWS.min(most.max(1));
        let grids = rows.map(|rows| Self::with(scene, &below, rows));
        let best = grids.min_by_key(|grid| grid.badness(scene));
        // Proof: the range of rows is never empty.
        best.unwrap_or_else(|| Self::with(scene, &below, 1))
    }

    fn with(scene: &Scene, below: &[Vec<usize>], rows: usize) -> Self {
        let wires = scene.button.is_some();
        let mut seats = vec![None; scene.items.len()];
        let bays = below.iter().zip(&scene.hubs).map(|(items, hub)| Bay {
            hub: hub_width(&hub.sockets),
            columns: columns(items, rows, &mut seats),
        });
        let bays: Vec<_> = bays.collect();
        let rows = seats
            .iter()
            .flatten()
            .map(|seat: &Seat| seat.of)
            .max()
            .unwrap_or(0);
        let beside = (int(rows) - 1).max(0);
        let fed = if scene.strips.is_empty() { 0 } else { beside };
        Self {
            bays,
            seats,
            gutters: (
                CLEAR + LANE * (fed + i32::from(wires)),
                CLEAR + LANE * beside,
            ),
            rows,
            wires,
        }
    }

    /// The width of a column with its cables.
    pub(super) const fn column(&self) -> i32 {
        let width = self.gutters.0 + CARD + self.gutters.1;
        super::size::snap(width)
    }

    /// The width of a bay.
    pub(super) fn width(&self, bay: &Bay) -> i32 {
        bay.hub.max(int(bay.columns.len()) * self.column())
    }

    /// The width of all bays.
    pub(super) fn all_bays(&self) -> i32 {
        let bays: i32 = self.bays.iter().map(|bay| self.width(bay)).sum();
        bays + (int(self.bays.len()) - 1) * BAY_GAP
    }

    /// How far the sheet is from the wanted shape.
    fn badness(&self, scene: &Scene) -> i64 {
        let strips: i32 = scene
            .strips
            .iter()
            .map(|strip| strip_width(&strip.sockets) + 24)
            .sum();
        let width = self.all_bays().max(strips).max(760) + 80;
        let height = REST + int(self.rows) * row_height(scene) + 22 * int(scene.told.len());
        let wanted = i64::from(height) * i64::from(SHAPE);
        let is = i64::from(width) * 100;
        // As a ratio, so that twice too wide is as bad as twice too high.
        is.max(wanted) * 1000 / is.min(wanted).max(1)
    }
}

/// The items on each switch, in the order of its ports; those that are on none
/// come last. The head stands elsewhere.
fn below(scene: &Scene) -> Vec<Vec<usize>> {
    let mut seen = vec![false; scene.items.len()];
    seen[0] = true;
    let mut below = Vec::new();
    for hub in &scene.hubs {
        let items = hub.sockets.iter().flat_map(|socket| socket.end.items());
        let new = items.filter(|&&item| !std::mem::replace(&mut seen[item], true));
        below.push(new.copied().collect::<Vec<_>>());
    }
    if let Some(last) = below.last_mut() {
        last.extend((0..seen.len()).filter(|&item| !seen[item]));
    }
    below
}

/// Items in columns of nearly the same length, at most `rows`.
fn columns(items: &[usize], rows: usize, seats: &mut [Option<Seat>]) -> Vec<Vec<usize>> {
    let count = items.len().div_ceil(rows).max(1);
    let (each, longer) = (items.len() / count, items.len() % count);
    let mut left = items;
    let mut columns = Vec::new();
    for column in 0..count {
        let (here, rest) = left.split_at(each + usize::from(column < longer));
        left = rest;
        for (row, &item) in here.iter().enumerate() {
            seats[item] = Some(Seat {
                row,
                of: here.len(),
            });
        }
        columns.push(here.to_vec());
    }
    columns.retain(|column| !column.is_empty());
    columns
}
