//! How bramble's values and events look: folds them into text, and reads nothing.
//!
//! Text comes with ANSI styles; whoever writes it to something that is no
//! terminal strips them. Not in here: terminals, files, or any decision.

#![warn(missing_docs)]

pub mod answers;
pub mod card;
pub mod catalogue;
pub mod copy;
pub mod count;
pub mod diagnostics;
pub mod duration;
mod grid;
pub mod lines;
pub mod outcome;
pub mod plan;
pub mod progress;
pub mod purchase;
pub mod safe_text;
pub mod style;
pub mod table;
pub mod unreachable;
pub mod utf8;

pub use count::count;
pub use duration::seconds;
