//! How images are packed, as their first bytes tell. Not in here: unpacking them.

use std::fmt;

/// What an unpacker may take at most for its window or dictionary, in MiB: what `xz` and
/// `zstd` need for the largest that they make unless told to go further.
pub(super) const WINDOW_MIB: u64 = 128;

/// How an image is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Packing {
    /// Not at all.
    Raw,
    /// `.xz`.
    Xz,
    /// `.zst`.
    Zstd,
    /// `.gz`.
    Gzip,
    /// `.bz2`.
    Bzip2,
    /// `.zip`.
    Zip,
}

/// What follows `BZh` and the block size: the digits of pi before a block, and those of
/// its square root at the end of a stream without blocks.
const BZIP2_BLOCK: [u8; 6] = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const BZIP2_END: [u8; 6] = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];

impl Packing {
    /// The packing of what begins with `head`. Eighteen bytes are enough.
    pub fn of(head: &[u8]) -> Self {
        match head {
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            // The second is a frame to be skipped; some packers begin with one.
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Self::Zstd,
            [0x1F, 0x8B, 8, ..] => Self::Gzip,
            [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
                if rest.starts_with(&BZIP2_BLOCK) || rest.starts_with(&BZIP2_END) =>
            {
                Self::Bzip2
            }
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            _ => Self::Raw,
        }
    }

    /// The ending of names of such files, with its dot; none for what is not packed.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Raw => "",
            Self::Xz => ".xz",
            Self::Zstd => ".zst",
            Self::Gzip => ".gz",
            Self::Bzip2 => ".bz2",
            Self::Zip => ".zip",
        }
    }
}

impl fmt::Display for Packing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Raw => "raw",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Zip => "zip",
        })
    }
}
