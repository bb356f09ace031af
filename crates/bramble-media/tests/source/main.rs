//! Images as the real programs pack them, read back. Not in here: what is on an image,
//! and writing one.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]

mod broken;
mod expected;
mod lengths;
mod others;
mod packed;
mod place;
