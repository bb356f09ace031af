//! Files of a node's seed, which hold keys. Not in here: what they say.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::LabError;
use crate::error::at;

/// Writes a file that is root's alone.
pub(super) fn write_secret(path: &Path, content: &[u8]) -> Result<(), LabError> {
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(at("create", path))?;
    file.write_all(content).map_err(at("write", path))
}
