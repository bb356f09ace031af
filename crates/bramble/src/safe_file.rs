//! Files that are whole or not there: written beside, synced, renamed.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
use std::path::Path;

use crate::failure::Failure;

/// Writes `content` to `path`, readable by its owner only.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    put(path, content, 0o600).map_err(|error| Failure::file("write", path, &error))
}

/// The same to a path that was typed.
pub(crate) fn write_named(path: &Path, content: &[u8]) -> Result<(), Failure> {
    put(path, content, 0o600).map_err(|error| Failure::named("write", path, &error))
}

/// Writes `content` to a path that was typed as any program would, readable by whom the
/// user's umask lets read.
pub(crate) fn publish(path: &Path, content: &[u8]) -> Result<(), Failure> {
    put(path, content, 0o666).map_err(|error| Failure::named("write", path, &error))
}

/// Writes `content` to a file that is there, which stays its owner's and readable by
/// whom it was.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<(), Failure> {
    put_over(path, content).map_err(|error| Failure::file("write", path, &error))
}

fn put_over(path: &Path, content: &[u8]) -> io::Result<()> {
    let old = fs::metadata(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut beside = tempfile::Builder::new().tempfile_in(folder)?;
    beside.write_all(content)?;
    // Root may be at work in somebody's folder; nobody else can give files away.
    if rustix::process::geteuid().is_root() {
        fchown(beside.as_file(), Some(old.uid()), Some(old.gid()))?;
    }
    // After the owner, whose change takes rights away.
    let mode = fs::Permissions::from_mode(old.mode() & 0o7777);
    beside.as_file().set_permissions(mode)?;
    beside.as_file().sync_all()?;
    beside.persist(path)?;
    fs::File::open(folder)?.sync_all()
}

fn put(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new("."));
    let mut beside = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(mode))
        .tempfile_in(folder)?;
    beside.write_all(content)?;
    beside.as_file().sync_all()?;
    beside.persist(path)?;
    fs::File::open(folder)?.sync_all()
}
