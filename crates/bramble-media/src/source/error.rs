//! Why an image cannot be had. Not in here: what is wrong with what it holds.

use std::io;

use super::Packing;
use super::digest::hex;
use super::kind::Kind;

/// What is wrong with a source. Each names it first.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The operating system would not.
    #[error("{name} cannot {what}: {error}")]
    Io {
        /// Which source.
        name: String,
        /// What was tried, in the passive voice.
        what: &'static str,
        /// The system's answer.
        error: io::Error,
    },
    /// It is a directory.
    #[error("{name} is a directory: give the image file in it")]
    Directory {
        /// Which source.
        name: String,
    },
    /// It is a terminal or the like.
    #[error("{name} is neither a file nor a pipe: give an image file, or pipe an image in")]
    Device {
        /// Which source.
        name: String,
    },
    /// There is nothing in it.
    #[error("{name} is empty: download it again")]
    Empty {
        /// Which source.
        name: String,
    },
    /// It is something else.
    #[error("{name} {}, not the image of a disk: {}", .kind.is, .kind.remedy)]
    NotAnImage {
        /// Which source.
        name: String,
        /// What it is, and what to do.
        kind: Kind,
    },
    /// What it unpacks to has to be unpacked again.
    #[error("{name} holds {inner} data inside its {outer} data: unpack one of the two first")]
    Nested {
        /// Which source.
        name: String,
        /// The packing of the source.
        outer: Packing,
        /// The packing of what is in it.
        inner: Packing,
    },
    /// It is cut off, or its bytes are not those that were packed.
    #[error(
        "{name} is broken: {reason} ({packing}, byte {at} of the file); download it again, and \
         compare its SHA-256 with the one that is published"
    )]
    Broken {
        /// Which source.
        name: String,
        /// The packing of the source.
        packing: Packing,
        /// About where in the source, in bytes from its start.
        at: u64,
        /// What the unpacker says.
        reason: String,
    },
    /// It cannot be unpacked in this way.
    #[error("{name} cannot be unpacked here: {reason}")]
    Unsupported {
        /// Which source.
        name: String,
        /// What there is about it, and what to do.
        reason: String,
    },
    /// It has not the length that it told.
    #[error(
        "{name} is broken: {found} bytes came out of it, and its own account says {promised}; \
         download it again"
    )]
    Length {
        /// Which source.
        name: String,
        /// The length that was told, in bytes.
        promised: u64,
        /// The length that was found, in bytes.
        found: u64,
    },
    /// It is not what was expected.
    #[error(
        "{name}: the SHA-256 of {of} is not the one expected: expected {}, got {}; download it \
         again", hex(.expected), hex(.found)
    )]
    Digest {
        /// Which source.
        name: String,
        /// Of the file, or of what it unpacks to.
        of: &'static str,
        /// What was expected.
        expected: [u8; 32],
        /// What was found.
        found: [u8; 32],
    },
    /// It is read on after an error, or a thread of the unpacker panicked.
    #[error("{name} was not unpacked to its end: look for an earlier error that says why")]
    CutShort {
        /// Which source.
        name: String,
    },
}

impl SourceError {
    pub(super) fn io(name: &str, what: &'static str) -> impl Fn(io::Error) -> Self + use<> {
        let name = name.to_owned();
        move |error| Self::Io {
            name: name.clone(),
            what,
            error,
        }
    }
}

/// As [`io::Read`] gives it: the error itself is within, and is displayed.
impl From<SourceError> for io::Error {
    fn from(error: SourceError) -> Self {
        let kind = match &error {
            SourceError::Io { error, .. } => error.kind(),
            _ => io::ErrorKind::InvalidData,
        };
        Self::new(kind, error)
    }
}
