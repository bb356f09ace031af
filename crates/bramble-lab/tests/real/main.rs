//! What only a real machine can show; skipped, with a line that says so, without
//! root. Not in here: what can be decided without one, which is tested beside the
//! code.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "clippy takes only functions marked as tests for tests"
)]

mod base;
mod host;
mod image;
mod support;
mod twin;
