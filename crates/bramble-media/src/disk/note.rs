//! What is worth knowing about a disk that may be written. Not in here: what keeps it from
//! being written.

use std::fmt;

use bramble_cluster::unit::Capacity;

use super::Disk;

/// How many sectors a partition table of the old kind can count.
const MBR_SECTORS: u64 = 1 << 32;

/// Something worth knowing about a disk that may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// A partition table of the old kind, as images for boards have it, cannot count all
    /// of its sectors.
    PastMbr {
        /// How much of it can be used, in bytes.
        usable: u64,
    },
}

/// What is worth knowing about `disk`.
pub fn note(disk: &Disk) -> Option<Note> {
    let usable = MBR_SECTORS * u64::from(disk.sector);
    (disk.size > usable).then_some(Note::PastMbr { usable })
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PastMbr { usable } => {
                let usable = Capacity::from_bytes(*usable);
                write!(
                    f,
                    "with an image that has an MBR, only {usable} of it can be used"
                )
            }
        }
    }
}
