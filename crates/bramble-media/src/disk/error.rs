//! What can go wrong with finding a disk and opening it. Not in here: reasons for not
//! wanting to write to it (`refusal`).

use std::io;
use std::path::PathBuf;

/// Why a disk was not found or not opened.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// There is nothing at the path.
    #[error("{}: there is no such device: is the card in, and the path right", given.display())]
    NotThere {
        /// The path.
        given: PathBuf,
    },
    /// Something else is at the path: a file, a folder.
    #[error("{}: this is not a disk but a file, a folder or another kind of device: name a disk such as /dev/sdb", given.display())]
    NotADevice {
        /// The path.
        given: PathBuf,
    },
    /// It is a device that cards cannot be in.
    #[error("{}: this is not a disk but what the system makes of disks or memory: name the disk itself", given.display())]
    NotADisk {
        /// The path.
        given: PathBuf,
    },
    /// It is a part of a disk.
    #[error("{}: this is a partition, and an image needs the whole disk: name {}", given.display(), disk.display())]
    Part {
        /// The path.
        given: PathBuf,
        /// The node of the whole disk.
        disk: PathBuf,
    },
    /// It is a slot with nothing in it.
    #[error("{}: there is nothing in it: put a card in", given.display())]
    Empty {
        /// The path.
        given: PathBuf,
    },
    /// What is needed could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// Where it is.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody else has it.
    #[error("{}: something else is using it: close what has it open and unmount what is mounted from it", path.display())]
    Busy {
        /// The node or file.
        path: PathBuf,
    },
    /// This user may not.
    #[error("{}: this user may not open it: try again with sudo", path.display())]
    Denied {
        /// The node or file.
        path: PathBuf,
    },
    /// It is not what it was when it was looked at.
    #[error("{}: this is no longer the card that was looked at ({what}): look again", path.display())]
    Changed {
        /// The node.
        path: PathBuf,
        /// What is different.
        what: &'static str,
    },
    /// A file was to be made where something else is.
    #[error("{}: this is a device or folder, and not a file that could be replaced: choose another path", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// Something else went wrong with opening or making it.
    #[error("cannot open {}: {source}", path.display())]
    Unopened {
        /// The node or file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}
