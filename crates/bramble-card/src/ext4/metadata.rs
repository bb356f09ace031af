//! Which parts of a file system that belong to no file lie in given bytes. Not in here:
//! files (`owners`).

use std::collections::BTreeSet;
use std::ops::Range;

use super::Ext4Error;
use super::volume::Volume;
use crate::ReadAt;

/// Bytes of a volume that are asked about.
#[derive(Debug)]
pub(super) struct Sought {
    /// In order, and apart.
    ranges: Vec<Range<u64>>,
    block_size: u64,
}

impl Sought {
    pub(super) fn new(ranges: &[Range<u64>], block_size: u32) -> Self {
        let mut ranges: Vec<_> = ranges
            .iter()
            .filter(|range| !range.is_empty())
            .cloned()
            .collect();
        ranges.sort_by_key(|range| range.start);
        let mut apart: Vec<Range<u64>> = Vec::new();
        for range in ranges {
            match apart.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => apart.push(range),
            }
        }
        let block_size = u64::from(block_size);
        Self {
            ranges: apart,
            block_size,
        }
    }

    /// Whether any byte of these blocks is asked about.
    pub(super) fn touches(&self, blocks: &Range<u64>) -> bool {
        let start = blocks.start.saturating_mul(self.block_size);
        let end = blocks.end.saturating_mul(self.block_size);
        let first = self.ranges.partition_point(|range| range.end <= start);
        self.ranges
            .get(first)
            .is_some_and(|range| range.start < end)
    }
}

/// What those parts of it are called that lie in the bytes that are asked about.
pub(super) fn names<R: ReadAt>(
    volume: &Volume<'_, R>,
    sought: &Sought,
) -> Result<BTreeSet<&'static str>, Ext4Error> {
    let superblock = &volume.superblock;
    let mut names = BTreeSet::new();
    let mut touched = |blocks: &Range<u64>, name| {
        if !blocks.is_empty() && sought.touches(blocks) {
            names.insert(name);
        }
    };
    for index in 0..superblock.groups {
        let start = superblock.group_blocks(index).start;
        let copy = start + u64::from(superblock.has_copy(index));
        let leading = start + superblock.leading_metadata(index);
        touched(&(start..copy), "the superblock");
        touched(&(copy..leading), "the group descriptors");
        let [blocks, inodes, table] = volume.group(index)?.metadata(superblock);
        touched(&blocks, "the block bitmaps");
        touched(&inodes, "the inode bitmaps");
        touched(&table, "the inode table");
    }
    Ok(names)
}
