//! SSH to one node and to many: the world behind
//! [`bramble_converge::Transport`].
//!
//! Trust comes from the [`AddressBook`] alone: every host key is pinned there
//! before the first packet, and login is by key; a [`Guest`] at a machine that is no node
//! yet may have a password. A [`Fleet`] sends errands over
//! connections of its own, or over those that a [`keeper`] keeps for the next
//! command. Async lives in this crate and does not show: [`Fleet`] blocks. Not in here: what is said to the nodes, the
//! user's `~/.ssh` and interactive sessions, which belong to the system's `ssh`.

#![warn(missing_docs)]

mod answer;
mod book;
mod command;
mod common_input;
mod connection;
mod cut;
mod descriptors;
mod dial;
mod errand;
mod error;
mod feed;
mod fleet;
mod flow;
pub mod keeper;
pub mod keys;
mod lines;
mod login;
mod look;
mod nameless;
mod own;
mod password;
mod pool;
mod ready;
mod reason;
mod round;
mod teller;

pub use book::{AddressBook, Entry};
pub use errand::{Command, Errand, Input, News, Pace, Part, Stream, Task, What};
pub use error::{FleetError, KeyError};
pub use fleet::Fleet;
pub use keeper::Keeper;
pub use lines::Lines;
pub use login::{Guest, GuestBy, Identity};
pub use look::look;
pub use nameless::nameless_file;
