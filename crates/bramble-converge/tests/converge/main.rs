//! Converging, against nodes in memory and against this machine's own shells.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the crate is pure; its tests look at what the scripts did"
)]

mod building;
mod differing;
mod facts;
mod machine;
mod rounds;
mod scripts;
mod secrecy;
mod wishes;
