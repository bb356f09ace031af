//! The command as it is typed: its reference, and what it says when it cannot go
//! on. Not in here: nodes that answer, which the end-to-end tests have.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]

mod adopt;
mod card;
mod catalogue;
mod discover;
mod draw;
mod failures;
mod image;
mod init;
mod keeper;
mod nodes;
mod output;
mod plan;
mod reference;
mod run;
mod terminal;
mod trust;
mod typed;
