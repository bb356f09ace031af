//! SSH to one node and to many: the world behind
//! [`bramble_converge::Transport`].
//!
//! Trust comes from the [`AddressBook`] alone: every host key is pinned there
//! before the first packet, and login is by key. Async lives in this crate and
//! does not show: [`Fleet`] blocks. Not in here: what is said to the nodes, the
//! user's `~/.ssh` and interactive sessions, which belong to the system's `ssh`.

#![warn(missing_docs)]

mod book;
mod command;
mod connection;
mod dial;
mod error;
mod fleet;
pub mod keys;
mod login;
mod pool;
mod ready;
mod reason;

pub use book::{AddressBook, Entry};
pub use error::{FleetError, KeyError};
pub use fleet::{Fleet, Patience};
pub use login::Identity;
