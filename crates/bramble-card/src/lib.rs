//! What is put on a card, and what is on one already: layouts, boot files, and which
//! blocks matter.
//!
//! The same seed serves boards and the twin's virtual nodes. Not in here: reading
//! images and writing cards (`bramble-media`), and anything that reaches a running node.

#![warn(missing_docs)]

pub mod bmap;
pub mod bytes;
pub mod customise;
pub mod ext4;
pub mod fat;
pub mod first_boot;
pub mod order;
pub mod overlay;
pub mod partition;
mod raw;
pub mod seed;
pub mod survey;

pub use bytes::{ReadAt, Stretch};
pub use overlay::Overlay;
pub use seed::{Seed, SeedFile};
