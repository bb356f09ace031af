//! Images and cards as this machine has them: images read and decompressed, cards
//! found, written and read back.
//!
//! Not in here: what is on an image or has to be on a card (`bramble-card`), and how
//! any of it looks.

#![warn(missing_docs)]

pub mod aligned;
pub mod compare;
pub mod disk;
pub mod error;
mod fan;
pub mod image;
pub mod medium;
mod piece;
pub mod share;
pub mod source;
pub mod write;

pub use error::CardError;
pub use fan::{News, Outcome};
pub use image::{Image, ImageError, Taking};
