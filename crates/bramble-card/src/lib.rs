//! What is put on a card for its first boot.
//!
//! The same seed serves boards and the twin's virtual nodes. Not in here: image
//! layouts and writing, and anything that reaches a running node.

#![warn(missing_docs)]

pub mod seed;

pub use seed::{Outside, Seed, SeedFile};
