//! The disks of made-up machines and of this one: found, told what uses them, refused,
//! opened. Not in here: what is written to them.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]

mod boards;
mod looking;
mod real;
mod refusing;
mod stacks;
mod tree;
