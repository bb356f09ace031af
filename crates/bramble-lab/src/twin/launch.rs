//! Programs of the twin that run on after this process. Not in here: which.

use std::path::Path;

use super::group::Group;
use crate::LabError;
use crate::program::{PATH, Program};

/// Starts `command` in `group`, its output going to the file `console`, with no
/// environment but `environment`: what is set in the user's would change nspawn.
pub(super) fn launch(
    group: &Group,
    console: &Path,
    environment: &[&str],
    command: &[String],
) -> Result<(), LabError> {
    let path = format!("PATH={PATH}");
    let clean = ["env", "-i", &path]
        .into_iter()
        .chain(environment.iter().copied());
    Program::new("sh")
        .args(["-s", "--"])
        .args([console])
        .args(clean)
        .args(command)
        .input(include_str!("launch.sh"))
        .within(group.directories())
        .run()
        .map(drop)
}
