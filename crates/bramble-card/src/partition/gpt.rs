//! The GUID table: its header and its entries. Not in here: its second copy at the end,
//! which is for repairs.

use std::ops::Range;

use super::{Kind, MOST_PARTITIONS, Partition, PartitionError, SECTOR};
use crate::raw::{crc32, field, le16, le32, le64};

/// More bytes of entries than this are not read; the usual table has 16 KiB.
pub(super) const MOST_BYTES: u64 = 256 * 1024;

/// Where the header lies.
pub(super) const HEADER: Range<u64> = SECTOR..2 * SECTOR;

/// What the header says of the entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Where they lie, in bytes.
    pub(super) entries: Range<u64>,
    entry_size: usize,
    checksum: u32,
    /// Where the second copy ends, in bytes.
    pub(super) end: u64,
}

impl Header {
    /// Of the sector at [`HEADER`].
    pub(super) fn parse(sector: &[u8]) -> Result<Self, PartitionError> {
        check(sector)?;
        let count = u64::from(le32(sector, 80));
        let size = le32(sector, 84);
        let bytes = count * u64::from(size);
        if !(128..=4096).contains(&size) || !size.is_multiple_of(8) || bytes > MOST_BYTES {
            return Err(damaged("its entries have no usual size or number"));
        }
        let start = le64(sector, 72).checked_mul(SECTOR);
        let end = start.and_then(|start| start.checked_add(bytes));
        let backup = le64(sector, 32).checked_add(1);
        let backup_end = backup.and_then(|sectors| sectors.checked_mul(SECTOR));
        let (Some(start), Some(end), Some(backup_end)) = (start, end, backup_end) else {
            return Err(damaged("it lies past the end of every disk"));
        };
        Ok(Self {
            entries: start..end,
            entry_size: size as usize,
            checksum: le32(sector, 88),
            end: backup_end,
        })
    }

    /// The partitions that `entries`, which are all of them, describe.
    pub(super) fn partitions(&self, entries: &[u8]) -> Result<Vec<Partition>, PartitionError> {
        if crc32(entries) != self.checksum {
            return Err(self.damaged("the check value of its entries is another"));
        }
        let entries = entries.chunks_exact(self.entry_size).zip(1..);
        let used = entries.filter(|(entry, _)| field::<16>(entry, 0) != [0; 16]);
        let found: Option<Vec<_>> = used
            .map(|(entry, number)| partition(entry, number))
            .collect();
        let found = found.ok_or_else(|| self.damaged("a partition ends before it begins"))?;
        if found.len() > MOST_PARTITIONS {
            return Err(self.damaged("it has more than 128 partitions"));
        }
        Ok(found)
    }

    fn damaged(&self, what: &'static str) -> PartitionError {
        let at = self.entries.start;
        PartitionError::Damaged { at, what }
    }
}

/// Whether the header is one, and as it was written.
fn check(sector: &[u8]) -> Result<(), PartitionError> {
    if field(sector, 0) != *b"EFI PART" {
        return Err(damaged(
            "the first sector announces a GUID table, and there is none",
        ));
    }
    let size = le32(sector, 12) as usize;
    let header = sector.get(..size).filter(|_| size >= 92);
    let Some(mut header) = header.map(<[u8]>::to_vec) else {
        return Err(damaged("its header has no usual size"));
    };
    header[16..20].fill(0);
    if crc32(&header) != le32(sector, 16) {
        return Err(damaged("the check value of its header is another"));
    }
    Ok(())
}

fn partition(entry: &[u8], number: u32) -> Option<Partition> {
    let (first, last) = (le64(entry, 32), le64(entry, 40));
    let sectors = last.checked_add(1)?.checked_sub(first)?;
    let start = first.checked_mul(SECTOR)?;
    let length = sectors.checked_mul(SECTOR)?;
    start.checked_add(length)?;
    let units = (56..128).step_by(2).map(|at| le16(entry, at));
    let name: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
    Some(Partition {
        number,
        start,
        length,
        kind: Kind::Gpt(field(entry, 0)),
        // The attribute that old firmware looks for.
        bootable: le64(entry, 48) & 4 != 0,
        name: Some(String::from_utf16_lossy(&name)).filter(|name| !name.is_empty()),
    })
}

fn damaged(what: &'static str) -> PartitionError {
    let at = HEADER.start;
    PartitionError::Damaged { at, what }
}
