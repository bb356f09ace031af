//! What the roles want of the nodes of clusters, judged by eye and by the
//! programs that read it.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]
#![expect(
    clippy::disallowed_types,
    reason = "the crate is pure; its tests ask real programs"
)]

mod case;
mod cases;
mod files;
mod programs;
mod registry;
mod unit_names;
mod way_out;
