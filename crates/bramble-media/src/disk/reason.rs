//! Why a disk is not written to, and that in words. Not in here: finding out, and what can
//! be done about it.

use std::fmt;
use std::path::{Path, PathBuf};

use bramble_cluster::unit::Capacity;

use super::Holding;
use super::shown::quoted;

/// Why a disk is not written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// This machine's own system is on it.
    System {
        /// Where that is mounted.
        at: Vec<PathBuf>,
    },
    /// This machine was started from it.
    Booted,
    /// The image lies on it.
    Source,
    /// Something on it is mounted.
    Mounted {
        /// Where, and by which process if not by this one.
        at: Vec<(PathBuf, Option<u32>)>,
    },
    /// Memory is swapped to it.
    Swap,
    /// Other devices are made of it.
    Held {
        /// Their kinds and names, in the order in which to take them apart.
        by: Vec<(Holding, String)>,
    },
    /// It belongs to a volume group, an array or a pool.
    Member {
        /// Of what.
        of: &'static str,
        /// Which disk or partition does.
        device: String,
    },
    /// Processes write to it.
    Open {
        /// Their numbers and names.
        by: Vec<(u32, String)>,
    },
    /// It cannot be written.
    ReadOnly,
    /// It cannot hold the image.
    TooSmall {
        /// In bytes.
        needs: u64,
        /// In bytes.
        has: u64,
    },
    /// It is soldered memory, and nothing says that this is meant.
    Emmc,
    /// It is built in, and nothing says that it is meant.
    Fixed,
    /// It is larger than boot cards are, and nothing says that it is meant.
    Large {
        /// In bytes.
        size: u64,
    },
    /// Nobody would be asked, and the name may be another disk's tomorrow.
    Unnamed,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System { at } => {
                write!(
                    f,
                    "this machine's own system is on it ({})",
                    listed(at.iter().map(|at| quoted(at)))
                )
            }
            Self::Booted => f.write_str("this machine was started from it"),
            Self::Source => f.write_str("the image that is to be written lies on it"),
            Self::Mounted { at } => {
                write!(f, "it is mounted at {}", listed(at.iter().map(mounted)))
            }
            Self::Swap => f.write_str("this machine swaps memory to it"),
            Self::Held { by } => write!(f, "it is part of {}", listed(by.iter().map(holder))),
            Self::Member { of, device } => write!(f, "{device} on it belongs to {of}"),
            Self::Open { by } => {
                let programs = by
                    .iter()
                    .map(|(process, program)| format!("{program} (process {process})"));
                write!(f, "it is being written by {}", listed(programs))
            }
            Self::ReadOnly => f.write_str("it is locked against writing"),
            Self::TooSmall { needs, has } => {
                let (shown_needs, shown_has) =
                    (Capacity::from_bytes(*needs), Capacity::from_bytes(*has));
                write!(
                    f,
                    "it is too small: the image needs {shown_needs} ({needs} bytes), and it has {shown_has} ({has} bytes)"
                )
            }
            Self::Emmc => f.write_str(
                "it is the memory that is built into this machine, as far as can be seen",
            ),
            Self::Fixed => f.write_str("it is a built-in disk and no card"),
            Self::Large { size } => write!(
                f,
                "with {} it is larger than boot cards are",
                Capacity::from_bytes(*size)
            ),
            Self::Unnamed => f.write_str(
                "without a question, only a disk named by its path in /dev/disk/by-id is written",
            ),
        }
    }
}

fn mounted((at, process): &(PathBuf, Option<u32>)) -> String {
    match process {
        None => quoted(at),
        Some(process) => format!("{} (as process {process} sees it)", quoted(at)),
    }
}

fn holder((what, name): &(Holding, String)) -> String {
    let kind = match what {
        Holding::Lvm => "logical volume",
        Holding::Crypt => "encrypted volume",
        Holding::Raid => "array",
        Holding::Bcache => "cached disk",
        Holding::Loop => "loop device",
        Holding::Mapped => "mapped device",
    };
    format!("the {kind} {}", quoted(Path::new(name)))
}

fn listed(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(", ")
}
