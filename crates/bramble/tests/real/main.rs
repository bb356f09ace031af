//! Cards on devices of this machine: loop devices, which need root. Not in here: what is
//! on cards, which needs none (`command`).

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]

mod bench;
mod cards;
