//! The base image that some fast tests enter, to ask the programs of the nodes
//! what they think; without one they are silently skipped. Not in here: making
//! it, which is the product's own work.

use std::fs;
use std::process::Command;

use super::machine;
use super::steps::Outcome;
use crate::failure::Failure;
use crate::program::{self, command};
use crate::tree::Tree;

/// Any cluster has the same image, and this is the smallest.
const CLUSTER: &str = r#"
[cluster]
name = "image"
[network]
subnet = "10.55.0.0/24"
access = "gateway"
[head]
name = "head"
board = "rpi4b"
ram = "4GB"
uplink = { wifi = "Home" }
"#;

/// Boots a twin of one node and ends it, as a user would, who is asked for
/// missing packages; an image of the current recipe is in the cache afterwards.
pub(super) fn make(tree: &Tree, cargo: &mut Command) -> Result<Outcome, Failure> {
    if !machine::is_root() {
        return Ok(Outcome::Skipped("only root can make one".to_owned()));
    }
    program::run(cargo.args(["build", "--workspace", "--bins", "--locked"]))?;
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::new(format!("cannot make a temporary directory: {error}")))?;
    let file = folder.path().join("bramble.toml");
    fs::write(&file, CLUSTER).map_err(|error| Failure::file("write", &file, &error))?;
    let lab = |words: &[&str]| {
        let mut lab = command(tree.built("debug", "bramble"));
        program::run(lab.arg("--file").arg(&file).arg("lab").args(words))
    };
    let up = lab(&["up", "--yes"]);
    lab(&["down"])?;
    up.map(|()| Outcome::Passed)
}
