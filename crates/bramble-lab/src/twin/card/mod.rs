//! Cards as they were written to files, for virtual nodes to boot from. Not in here: what
//! is put on a card (`bramble-card`).

mod first_boot;
mod insert;
mod written;

pub use written::WrittenCard;

pub(super) use insert::{insert, rewire};
