//! Where this machine tells about its disks, and reading from there. Not in here: what
//! it means.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// What is read of an attribute at most, in bytes: sysfs never gives more than a page.
const ATTRIBUTE: u64 = 4096;

/// What is read of any other file at most, in bytes. A list of mounts has some hundred
/// bytes a mount.
const FILE: u64 = 16 << 20;

/// The folders in which a machine tells about its disks.
#[derive(Debug, Clone)]
pub struct World {
    /// The kernel's devices, `/sys`.
    pub sys: PathBuf,
    /// The nodes of devices and the links to them, `/dev`.
    pub dev: PathBuf,
    /// Processes, mounts and swap, `/proc`.
    pub proc: PathBuf,
    /// What udev found on devices, `/run/udev/data`. It need not exist.
    pub run: PathBuf,
}

impl World {
    /// This machine.
    pub fn real() -> Self {
        Self {
            sys: "/sys".into(),
            dev: "/dev".into(),
            proc: "/proc".into(),
            run: "/run/udev/data".into(),
        }
    }

    /// The node of the device that the kernel calls `name`. In names of the kernel's,
    /// `!` stands for the `/` that is in the node's.
    pub(super) fn node(&self, name: &str) -> PathBuf {
        self.dev.join(name.replace('!', "/"))
    }

    /// A path as the machine gives it, seen from here: what lies in `/dev` lies in the
    /// folder of devices. `None` for any other.
    pub(super) fn in_dev(&self, path: &Path) -> Option<PathBuf> {
        let inside = path.strip_prefix("/dev").ok()?;
        Some(self.dev.join(inside))
    }

    /// The kernel's name of the device to which `path`, a node or a link to one in the
    /// folder of devices, leads by its name alone.
    pub(super) fn name_of(&self, path: &Path) -> Option<String> {
        let node = fs::canonicalize(path).ok()?;
        let dev = fs::canonicalize(&self.dev).ok()?;
        let name = node.strip_prefix(dev).ok()?.to_str()?.replace('/', "!");
        Some(name)
    }
}

/// The attribute at `path`, without the white space around it. `None` if it cannot be
/// read or is empty: attributes come and go with devices.
pub(super) fn attribute(path: &Path) -> Option<String> {
    let bytes = bytes(path, ATTRIBUTE)?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    (!text.is_empty()).then(|| text.to_owned())
}

/// The attribute at `path` as a number.
pub(super) fn number(path: &Path) -> Option<u64> {
    attribute(path)?.parse().ok()
}

/// All of the file at `path`, as far as anybody could need it.
pub(super) fn file(path: &Path) -> Option<Vec<u8>> {
    bytes(path, FILE)
}

/// The names in the folder `path`, in order; none if it is not there.
pub(super) fn names(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

fn bytes(path: &Path, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
