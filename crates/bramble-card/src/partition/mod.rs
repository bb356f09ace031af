//! How an image is divided: the partitions of an MBR (with logical ones) or of a GUID
//! table. Not in here: what partitions hold, and changing a table.

mod gpt;
mod kind;
mod mbr;
mod reader;

use std::io;

pub use kind::Kind;
pub(crate) use reader::TableReader;

use crate::ReadAt;
use crate::bytes::place;

/// The size of a sector in bytes, as tables count them. Cards and their images have no
/// other.
pub const SECTOR: u64 = 512;

/// More partitions than this are a mistake. The usual GUID table has place for 128.
pub const MOST_PARTITIONS: usize = 128;

/// A partition table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Which kind of table it is.
    pub scheme: Scheme,
    /// In the order of the table, without unused entries; logical ones come last.
    pub partitions: Vec<Partition>,
}

/// A kind of partition table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// The table of the first sector alone, and what it refers to.
    Mbr {
        /// What partitions are found by (`PARTUUID=<8 digits>-01`).
        disk_id: u32,
    },
    /// The GUID table.
    Gpt {
        /// Where the table's second copy ends, in bytes.
        end: u64,
    },
}

/// One partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// As the system counts them: logical ones from 5 on.
    pub number: u32,
    /// The first byte's place.
    pub start: u64,
    /// In bytes.
    pub length: u64,
    /// What the table says that it is for.
    pub kind: Kind,
    /// Whether it is marked as the one to start from.
    pub bootable: bool,
    /// Its name, which only a GUID table has.
    pub name: Option<String>,
}

impl Partition {
    /// The place of the first byte after it.
    pub fn end(&self) -> u64 {
        self.start.saturating_add(self.length)
    }
}

/// Why a table cannot be used. Places are bytes of the image.
#[derive(Debug, thiserror::Error)]
pub enum PartitionError {
    /// Reading failed.
    #[error("the partition table at byte {at} cannot be read: {error}")]
    Read {
        /// Where.
        at: u64,
        /// Why.
        error: io::Error,
    },
    /// The image ends too early, or this part of it had gone by already.
    #[error("the partition table goes on at byte {at}, which cannot be had")]
    OutOfReach {
        /// Where.
        at: u64,
    },
    /// It is not one.
    #[error("the partition table at byte {at} is damaged: {what}")]
    Damaged {
        /// Where.
        at: u64,
        /// What is wrong.
        what: &'static str,
    },
}

impl Table {
    /// The table of `image`; `None` if it has none, as an image that is one file system
    /// from its first byte on.
    pub fn read(image: &impl ReadAt) -> Result<Option<Self>, PartitionError> {
        let mut reader = TableReader::default();
        while let Some(wanted) = reader.wants() {
            let at = wanted.start;
            if wanted.end > image.length() {
                reader.missed();
                continue;
            }
            let bytes = image.bytes_at(at, place(wanted.end - at));
            reader.learn(&bytes.map_err(|error| PartitionError::Read { at, error })?);
        }
        reader.into_table()
    }

    /// How many bytes a card must have for all of its partitions.
    pub fn end(&self) -> u64 {
        let ends = self.partitions.iter().map(Partition::end);
        let partitions = ends.max().unwrap_or_default();
        match self.scheme {
            Scheme::Mbr { .. } => partitions,
            Scheme::Gpt { end } => partitions.max(end),
        }
    }
}
