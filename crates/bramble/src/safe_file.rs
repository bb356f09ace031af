//! Files that are whole or not there: written beside, synced, renamed.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::failure::Failure;

/// Writes `content` to `path`, readable by its owner only.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let put = || -> std::io::Result<()> {
        let mut beside = NamedTempFile::new_in(folder)?;
        beside.write_all(content)?;
        beside.as_file().sync_all()?;
        beside.persist(path)?;
        fs::File::open(folder)?.sync_all()
    };
    put().map_err(|error| Failure::file("write", path, &error))
}
