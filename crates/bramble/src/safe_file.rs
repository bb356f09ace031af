//! Files that are whole or not there: written beside, synced, renamed.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::failure::Failure;

/// Writes `content` to `path`, readable by its owner only.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    put(path, content, 0o600)
}

/// Writes `content` to `path` as any program would, readable by whom the user's
/// umask lets read.
pub(crate) fn publish(path: &Path, content: &[u8]) -> Result<(), Failure> {
    put(path, content, 0o666)
}

fn put(path: &Path, content: &[u8], mode: u32) -> Result<(), Failure> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new("."));
    let put = || -> std::io::Result<()> {
        let mut beside = tempfile::Builder::new()
            .permissions(fs::Permissions::from_mode(mode))
            .tempfile_in(folder)?;
        beside.write_all(content)?;
        beside.as_file().sync_all()?;
        beside.persist(path)?;
        fs::File::open(folder)?.sync_all()
    };
    put().map_err(|error| Failure::file("write", path, &error))
}
