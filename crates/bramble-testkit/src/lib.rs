//! What the tests of several crates share: an example cluster with made-up
//! secrets and facts, nodes that stand in for real ones, and the programs of the
//! nodes' operating system as judges.
//!
//! Only for tests, so it may panic. Not in here: any test.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]

mod base_image;
mod cluster;
mod facts;
mod local_shell;
mod secrets;
mod simulated;

pub use base_image::{BaseImage, Ran};
pub use cluster::{EXAMPLES, RECIPE, cluster, recipe};
pub use facts::{board, twin};
pub use local_shell::LocalShell;
pub use secrets::secrets;
pub use simulated::{Fault, SimulatedNodes};

/// Says why a test does not test anything here.
#[expect(clippy::print_stderr, reason = "a test that is skipped must say so")]
pub fn skipped(reason: &str) {
    eprintln!("skipped: {reason}");
}
