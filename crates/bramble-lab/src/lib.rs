//! The twin: the cluster of a cluster file as virtual nodes on this machine.
//!
//! Modules in suggested reading order: what the twin is to be ([`layout`]), what
//! it needs of this machine ([`host`]), the system its nodes share ([`base`]),
//! and the twin itself ([`twin`]); and images for cards, which are made by the same
//! means ([`image`]). Not in here: SSH, and anything about what a
//! node holds once it runs; to everything after start a virtual node is a node.

pub mod layout;

pub mod host;

pub mod base;

pub mod twin;

pub mod image;

mod architecture;
mod error;
mod hex;
mod program;

pub use architecture::{Architecture, UnknownArchitecture};
pub use base::{BaseImage, ensure_base};
pub use error::{CardError, LabError};
pub use layout::{Layout, Outside};
pub use twin::{Cards, RunningTwin, Twin, TwinStatus, WrittenCard};
