//! Link speeds, room and memory as figures. Not in here: what they are compared
//! with.

use bramble_cluster::unit::{BitRate, Capacity, Memory};

use crate::finding::Figure;

/// A link's speed.
pub(super) fn speed(what: &str, rate: BitRate) -> Figure {
    Figure::new(what, thousandths(rate.bits_per_second() / 1_000), "Mb/s")
}

/// Room on a card, as makers of cards count.
pub(super) fn room(what: &str, room: Capacity) -> Figure {
    Figure::new(what, thousandths(room.bytes() / 1_000_000), "GB")
}

/// Working memory, in the unit in which it is written and shown elsewhere.
pub(super) fn memory(what: &str, memory: Memory) -> Figure {
    Figure::new(what, memory.mib(), "MB")
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a figure that is shown needs four digits"
)]
fn thousandths(count: u64) -> f64 {
    count as f64 / 1_000.0
}
