//! Where the groups of a file system have their descriptors, bitmaps and inodes. Not in
//! here: what the bitmaps say (`allocation`).

use std::ops::Range;

use super::superblock::{Check, Superblock};
use crate::raw::{crc16, crc32c, le16, le32};

/// One group's descriptor, in which every block lies inside the file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group {
    /// The block with one bit a block.
    pub(super) block_bitmap: u64,
    /// The block with one bit an inode.
    pub(super) inode_bitmap: u64,
    /// The first block of its inodes.
    pub(super) inode_table: u64,
    pub(super) free_blocks: u32,
    /// The lower half, or all, of the block bitmap's check value.
    bitmap_check: u32,
    flags: u16,
}

const INODES_UNUSED: u16 = 1;
const BLOCKS_UNUSED: u16 = 2;

impl Group {
    /// Of the `index`th descriptor, `bytes`.
    pub(super) fn parse(
        superblock: &Superblock,
        index: u32,
        bytes: &[u8],
    ) -> Result<Self, &'static str> {
        if !is_as_written(superblock, index, bytes) {
            return Err("the check value of a group descriptor is another");
        }
        let wide = bytes.len() >= 64;
        let high = |at| if wide { le32(bytes, at) } else { 0 };
        let high_half = |at| if wide { le16(bytes, at) } else { 0 };
        let block = |at, high_at| u64::from(high(high_at)) << 32 | u64::from(le32(bytes, at));
        let half = |at, high_at| u32::from(high_half(high_at)) << 16 | u32::from(le16(bytes, at));
        let group = Self {
            block_bitmap: block(0, 0x20),
            inode_bitmap: block(4, 0x24),
            inode_table: block(8, 0x28),
            free_blocks: half(0xC, 0x2C),
            bitmap_check: half(0x18, 0x38),
            flags: le16(bytes, 0x12),
        };
        let inside = |range: &Range<u64>| {
            range.start >= superblock.first_block && range.end <= superblock.blocks
        };
        if !group.metadata(superblock).iter().all(inside) {
            return Err("a group descriptor points outside");
        }
        Ok(group)
    }

    /// The blocks of both bitmaps and of the inodes.
    pub(super) fn metadata(&self, superblock: &Superblock) -> [Range<u64>; 3] {
        let until = |start: u64, length: u64| start..start.saturating_add(length);
        [
            until(self.block_bitmap, 1),
            until(self.inode_bitmap, 1),
            until(self.inode_table, superblock.inode_table_blocks()),
        ]
    }

    /// Whether no block of it was ever used, but for metadata; it then has no bitmap.
    pub(super) fn has_no_block_bitmap(&self, superblock: &Superblock) -> bool {
        superblock.check != Check::None && self.flags & BLOCKS_UNUSED != 0
    }

    /// Whether none of its inodes was ever used.
    pub(super) fn has_no_inodes(&self, superblock: &Superblock) -> bool {
        superblock.check != Check::None && self.flags & INODES_UNUSED != 0
    }

    /// Whether `bitmap`, the block that it has for its blocks, is as it was written, as
    /// far as the file system has check values of bitmaps.
    pub(super) fn bitmap_is_as_written(&self, superblock: &Superblock, bitmap: &[u8]) -> bool {
        let Check::Crc32c(seed) = superblock.check else {
            return true;
        };
        let covered = superblock.blocks_per_group as usize / 8;
        let Some(covered) = bitmap.get(..covered) else {
            return false;
        };
        let wide = superblock.descriptor_size >= 64;
        let mask = if wide { !0 } else { 0xFFFF };
        crc32c(seed, covered) & mask == self.bitmap_check & mask
    }
}

fn is_as_written(superblock: &Superblock, index: u32, bytes: &[u8]) -> bool {
    let index = index.to_le_bytes();
    let before = bytes.get(..0x1E).unwrap_or_default();
    let after = bytes.get(0x20..).unwrap_or_default();
    let expected = match superblock.check {
        Check::None => return true,
        Check::Crc16(seed) => [&index[..], before, after].into_iter().fold(seed, crc16),
        // The low half of the value. Its own field counts as zeros.
        Check::Crc32c(seed) => {
            let parts = [&index[..], before, &[0, 0], after];
            let [low, high, ..] = parts.into_iter().fold(seed, crc32c).to_le_bytes();
            u16::from_le_bytes([low, high])
        }
    };
    expected == le16(bytes, 0x1E)
}

impl Superblock {
    /// How many blocks the inodes of one group take.
    pub(super) fn inode_table_blocks(&self) -> u64 {
        let bytes = u64::from(self.inodes_per_group) * u64::from(self.inode_size);
        bytes.div_ceil(u64::from(self.block_size))
    }

    /// The blocks of `group`; the last one may have fewer than the others.
    pub(super) fn group_blocks(&self, group: u32) -> Range<u64> {
        let per_group = u64::from(self.blocks_per_group);
        let start = self.first_block + u64::from(group) * per_group;
        start.min(self.blocks)..(start + per_group).min(self.blocks)
    }

    /// How many descriptors one block has.
    pub(super) fn descriptors_per_block(&self) -> u32 {
        self.block_size / self.descriptor_size
    }

    /// How many blocks of descriptors there are.
    pub(super) fn descriptor_blocks(&self) -> u32 {
        self.groups.div_ceil(self.descriptors_per_block())
    }

    /// The block that has the `index`th block of descriptors.
    pub(super) fn descriptor_block(&self, index: u32) -> u64 {
        if self.first_meta_group.is_none_or(|first| index < first) {
            return self.first_block + 1 + u64::from(index);
        }
        let group = index.saturating_mul(self.descriptors_per_block());
        self.group_blocks(group).start + u64::from(self.has_copy(group))
    }

    /// How many blocks at the beginning of `group` are copies of the superblock and of
    /// descriptors, or are kept for them.
    pub(super) fn leading_metadata(&self, group: u32) -> u64 {
        let copy = u64::from(self.has_copy(group));
        let meta_group = group / self.descriptors_per_block();
        match self.first_meta_group {
            Some(first) if meta_group >= first => {
                let within = group % self.descriptors_per_block();
                let has_one = within < 2 || within == self.descriptors_per_block() - 1;
                copy + u64::from(has_one)
            }
            first => {
                let descriptors = first.unwrap_or_else(|| self.descriptor_blocks());
                copy * (1 + u64::from(descriptors) + u64::from(self.reserved))
            }
        }
    }
}
