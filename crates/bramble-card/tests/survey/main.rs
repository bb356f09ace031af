//! What images are made of and which of their blocks matter: images made by the usual
//! programs, judged by them, and damaged by hand.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "images are made by programs, which take and give files"
)]

mod allocation;
mod block_map;
mod damage;
mod images;
mod malformed;
mod owning;
mod restoring;
mod streaming;
mod tables;
