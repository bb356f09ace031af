//! The table of a first sector, and the sectors that lead from one logical partition to
//! the next. Not in here: in which order they are read (`reader`).

use super::{Kind, Partition, SECTOR};
use crate::raw::{le16, le32};

const ENTRIES: usize = 446;
const ENTRY: usize = 16;
/// The type of the entry that stands for a whole disk with a GUID table.
const PROTECTIVE: u8 = 0xEE;

/// One of the four entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    status: u8,
    pub(super) kind: u8,
    /// In sectors, from where depends on which entry it is.
    start: u32,
    /// In sectors.
    length: u32,
}

impl Entry {
    pub(super) fn is_used(self) -> bool {
        self.kind != 0 && self.length != 0
    }

    /// The partition that it describes, when its start is counted from `base`.
    pub(super) fn partition(self, number: u32, base: u64) -> Partition {
        Partition {
            number,
            start: base.saturating_add(self.offset()),
            length: u64::from(self.length) * SECTOR,
            kind: Kind::Mbr(self.kind),
            bootable: self.status == 0x80,
            name: None,
        }
    }

    /// Its start in bytes.
    pub(super) fn offset(self) -> u64 {
        u64::from(self.start) * SECTOR
    }
}

/// The entries of a sector; `None` if it is not a table.
pub(super) fn entries(sector: &[u8]) -> Option<[Entry; 4]> {
    if le16(sector, 510) != 0xAA55 {
        return None;
    }
    let entry = |index| {
        let at = ENTRIES + index * ENTRY;
        Entry {
            status: sector.get(at).copied().unwrap_or_default(),
            kind: sector.get(at + 4).copied().unwrap_or_default(),
            start: le32(sector, at + 8),
            length: le32(sector, at + 12),
        }
    };
    let entries = [0, 1, 2, 3].map(entry);
    let plausible = entries.iter().all(|entry| matches!(entry.status, 0 | 0x80));
    plausible.then_some(entries)
}

/// The entries of an image's first sector, if they divide it: the first sector of a file
/// system has none that are used, boot code in their place, or (by mkfs.fat, to please
/// firmware) one that claims the sector itself.
pub(super) fn dividing(sector: &[u8]) -> Option<[Entry; 4]> {
    let entries = entries(sector)?;
    let mut used = entries.iter().filter(|entry| entry.is_used()).peekable();
    used.peek()?;
    used.all(|entry| entry.start != 0).then_some(entries)
}

/// Whether the real table is a GUID table.
pub(super) fn is_protective(entries: &[Entry; 4]) -> bool {
    entries.iter().any(|entry| entry.kind == PROTECTIVE)
}

/// What partitions are found by.
pub(super) fn disk_id(sector: &[u8]) -> u32 {
    le32(sector, 440)
}
