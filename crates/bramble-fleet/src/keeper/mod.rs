//! The keeper: a process of the user's own that keeps connections for the next
//! command. It is spoken to through a socket that only its user can open, and it
//! ends by itself when nothing has been asked for some minutes.
//!
//! Not in here: starting the process, which the command does.

mod client;
mod frame;
mod serve;

pub use client::{Keeper, Launch};
pub use serve::{Commission, KeeperError, serve};
