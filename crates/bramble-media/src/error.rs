//! Why a card could not be written or is not right. Not in here: what is wrong with
//! images and disks.

use std::io;

use thiserror::Error;

/// What is wrong with one card. Offsets are bytes from its start.
#[derive(Debug, Error)]
pub enum CardError {
    /// The device refused a write.
    #[error("writing failed at byte {offset}: {source}")]
    Write {
        /// Where.
        offset: u64,
        /// What the system says.
        source: io::Error,
    },
    /// The device cannot be read back.
    #[error("reading back failed at byte {offset}: {source}")]
    Read {
        /// Where.
        offset: u64,
        /// What the system says.
        source: io::Error,
    },
    /// The device did not confirm that it holds what was written.
    #[error("the card does not confirm what was written: {0}")]
    Sync(io::Error),
    /// It holds less than the image, of which the length was not known before.
    #[error(
        "the card is too small: it holds {holds} bytes, and the image goes on to {needs} or more"
    )]
    TooSmall {
        /// In bytes.
        holds: u64,
        /// In bytes.
        needs: u64,
    },
    /// What comes back is not what was written.
    #[error("what is read back from byte {offset} on is not what was written")]
    Differs {
        /// Where the first stretch begins that differs.
        offset: u64,
    },
    /// It has less memory than it says.
    #[error(
        "the card holds less than it says: what was written at byte {written} came back at byte \
         {found}"
    )]
    Lies {
        /// Where it was written.
        written: u64,
        /// Where it was found.
        found: u64,
    },
    /// The image could not be read to its end, or is not what was expected.
    #[error("given up: the image is broken, or not the one expected")]
    NoImage,
    /// Somebody wants it to stop.
    #[error("interrupted")]
    Interrupted,
}

impl CardError {
    /// Whether the file system is full that a file lies on which stands for a card.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Write { source, .. } | Self::Sync(source) => is_full(source),
            _ => false,
        }
    }
}

/// Whether a file could not be written for want of room.
pub fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded)
}
