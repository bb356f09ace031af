//! Cards on devices of this machine: loop devices, which need root. Not in here: what is
//! on cards, which needs none (`command`).

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]
#![expect(clippy::print_stdout, reason = "tests that are skipped say why")]

mod bench;
mod cards;
