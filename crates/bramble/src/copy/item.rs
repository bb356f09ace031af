//! A file, directory or link that is copied. Not in here: where it comes from
//! and goes to.

use std::path::PathBuf;

/// One thing to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// Relative, below what all is put into, of plain names only.
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
    /// Permissions alone: the other bits mean something only with the owner,
    /// who is not kept.
    pub(crate) mode: u32,
    pub(crate) stamp: Stamp,
}

/// What it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    File {
        /// In bytes.
        size: u64,
        /// Where its content is read from: an absolute path, or the path there.
        from: PathBuf,
    },
    Directory,
    Link {
        target: PathBuf,
    },
}

/// A time of change, to the nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stamp {
    /// Since 1970.
    pub(crate) seconds: i64,
    pub(crate) nanoseconds: u32,
}

impl Stamp {
    /// Reads seconds with at least nine decimals, as `stat` and `find` write
    /// them; more decimals are cut.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (seconds, fraction) = text.split_once('.')?;
        Some(Self {
            seconds: seconds.parse().ok()?,
            nanoseconds: fraction.get(..9)?.parse().ok()?,
        })
    }
}

impl Item {
    /// Bytes of content.
    pub(crate) fn size(&self) -> u64 {
        match self.kind {
            Kind::File { size, .. } => size,
            Kind::Directory | Kind::Link { .. } => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_to_the_nanosecond() {
        let stamp = |seconds, nanoseconds| {
            Some(Stamp {
                seconds,
                nanoseconds,
            })
        };
        assert_eq!(Stamp::parse("17.000000001"), stamp(17, 1));
        assert_eq!(Stamp::parse("17.1234567890"), stamp(17, 123_456_789));
        assert_eq!(Stamp::parse("17"), None);
    }
}
