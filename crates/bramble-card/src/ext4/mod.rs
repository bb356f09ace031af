//! ext2, ext3 and ext4 as an image holds them: which blocks nobody uses, and whose the
//! others are. Not in here: changing anything.

mod allocation;
mod directory;
mod group;
mod inode;
mod metadata;
mod owners;
mod superblock;
mod volume;

use std::io;

pub(crate) use allocation::AllocationReader;
pub use owners::owners;

pub use superblock::Superblock;

use crate::ReadAt;

/// Why a file system cannot be used for what was asked. Places are bytes of the volume.
#[derive(Debug, thiserror::Error)]
pub enum Ext4Error {
    /// It is none.
    #[error("there is no ext4 file system")]
    None,
    /// Reading failed.
    #[error("the ext4 file system cannot be read at byte {at}: {error}")]
    Read {
        /// Where.
        at: u64,
        /// Why.
        error: io::Error,
    },
    /// It has features which are not known here.
    #[error("the ext4 file system has features that are not understood ({bits:#x})")]
    Features {
        /// Those of them that are not, as in the superblock's field of their kind.
        bits: u32,
    },
    /// Its own words contradict each other.
    #[error("the ext4 file system is damaged at byte {at}: {what}")]
    Damaged {
        /// Where.
        at: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// What was written last may stand in its journal only.
    #[error("the ext4 file system {0}, so what it says of its blocks may be wrong")]
    NotClean(&'static str),
    /// The image ends too early, or this part of it had gone by already.
    #[error("what the ext4 file system has at byte {at} cannot be had")]
    OutOfReach {
        /// Where.
        at: u64,
    },
    /// It is larger than anything that is written to a card.
    #[error("the ext4 file system is larger than what is read here")]
    TooLarge,
}

/// The label of the file system in `volume`; empty if it has none.
pub fn label(volume: &impl ReadAt) -> Result<String, Ext4Error> {
    Ok(Superblock::read(volume)?.label)
}

/// What the file system in `volume` is found by (`UUID=`), as it is usually written.
pub fn uuid(volume: &impl ReadAt) -> Result<String, Ext4Error> {
    Ok(Superblock::read(volume)?.uuid_text())
}
