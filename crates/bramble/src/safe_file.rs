//! Files that are whole or not there: written beside, synced, renamed; and whose they
//! are. Not in here: what is in them.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown,
};
use std::path::Path;

use rustix::fs::{Mode, OFlags};

use crate::failure::Failure;

/// Writes `content` to `path`, readable by its owner only, who is the folder's.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    put(path, content, 0o600, Owner::Folders).map_err(|error| Failure::file("write", path, &error))
}

/// Makes the folder `path`, readable by its owner only, who is that of `like`. One that
/// is there already stays as it is.
pub(crate) fn make_folder(path: &Path, like: &Path) -> io::Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {
            return Ok(());
        }
        Err(error) => return Err(error),
    }
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let flags = OFlags::NOFOLLOW | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let made = rustix::fs::open(path, flags, Mode::empty())?;
    let owner = fs::metadata(like)?;
    fchown(made, Some(owner.uid()), Some(owner.gid()))
}

/// Opens the file at `path` to be read and added to. One that is not there is made,
/// readable by its owner only, who is the folder's.
pub(crate) fn open(path: &Path) -> io::Result<fs::File> {
    // In somebody else's folder a link could lead root anywhere.
    let not_through_links = OFlags::NOFOLLOW.bits().cast_signed();
    let file = fs::OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(not_through_links)
        .open(path)?;
    give(&file, path.parent().unwrap_or(Path::new(".")))?;
    Ok(file)
}

/// Gives a file in `folder` to the folder's owner. Root may be at work in somebody's
/// folder, who could not use what lies there afterwards; nobody else can give files away.
fn give(file: &fs::File, folder: &Path) -> io::Result<()> {
    // A file that has other names may be anybody's.
    if !rustix::process::geteuid().is_root() || file.metadata()?.nlink() != 1 {
        return Ok(());
    }
    let owner = fs::metadata(folder)?;
    fchown(file, Some(owner.uid()), Some(owner.gid()))
}

/// The same to a path that was typed.
pub(crate) fn write_named(path: &Path, content: &[u8]) -> Result<(), Failure> {
    put(path, content, 0o600, Owner::Writers).map_err(|error| Failure::named("write", path, &error))
}

/// Writes `content` to a path that was typed as any program would, readable by whom the
/// user's umask lets read.
pub(crate) fn publish(path: &Path, content: &[u8]) -> Result<(), Failure> {
    put(path, content, 0o666, Owner::Writers).map_err(|error| Failure::named("write", path, &error))
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

/// Whose a new file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// The owner's of the folder that it lies in.
    Folders,
    /// Whoever's it is that writes it.
    Writers,
}

fn put(path: &Path, content: &[u8], mode: u32, owner: Owner) -> io::Result<()> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new("."));
    let mut beside = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(mode))
        .tempfile_in(folder)?;
    beside.write_all(content)?;
    if owner == Owner::Folders {
        give(beside.as_file(), folder)?;
    }
    beside.as_file().sync_all()?;
    beside.persist(path)?;
    fs::File::open(folder)?.sync_all()
}
