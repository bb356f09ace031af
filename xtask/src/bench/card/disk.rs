//! Loop devices in place of cards. Not in here: how fast they are (`limit`).

use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::program::{self, command};

/// A device over a file, past the system's memory. The kernel takes it away when the last
/// process has closed it, however this one ends.
#[derive(Debug)]
pub(super) struct Disk {
    pub(super) path: PathBuf,
    /// As the kernel numbers it: `7:0`.
    pub(super) number: String,
    _held: File,
}

impl Disk {
    pub(super) fn of(file: &Path) -> Result<Self, Failure> {
        let mut losetup = command("losetup");
        losetup.args(["--find", "--show", "--direct-io=on"]);
        let path = PathBuf::from(program::output(losetup.arg(file))?.trim());
        let held = File::open(&path);
        // One that is open is taken away later, as is wanted; one that could not be
        // opened goes at once.
        program::output(command("losetup").arg("--detach").arg(&path))?;
        let held = held.map_err(|error| Failure::file("open", &path, &error))?;
        let number = held.metadata().map(|found| found.rdev());
        let number = number.map_err(|error| Failure::file("look at", &path, &error))?;
        let (major, minor) = (rustix::fs::major(number), rustix::fs::minor(number));
        Ok(Self {
            path,
            number: format!("{major}:{minor}"),
            _held: held,
        })
    }

    /// As it is typed.
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }
}
