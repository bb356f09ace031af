//! A file system that can be read at any place. Not in here: what is looked for in it.

use std::cell::Cell;
use std::ops::Range;

use super::Ext4Error;
use super::group::Group;
use super::superblock::Superblock;
use crate::ReadAt;
use crate::bytes::place;

/// A file system, and how much of it may still be read.
#[derive(Debug)]
pub(super) struct Volume<'a, R> {
    source: &'a R,
    pub(super) superblock: Superblock,
    /// Blocks that may still be read. Going through a sound file system reads each block
    /// twice at most; one that is made to lead in circles has no end.
    left: Cell<u64>,
}

impl<'a, R: ReadAt> Volume<'a, R> {
    pub(super) fn open(source: &'a R) -> Result<Self, Ext4Error> {
        let superblock = Superblock::read(source)?;
        if superblock.size() > source.length() {
            let at = source.length();
            return Err(Ext4Error::OutOfReach { at });
        }
        let left = Cell::new(superblock.blocks.saturating_mul(2));
        Ok(Self {
            source,
            superblock,
            left,
        })
    }

    /// The bytes of a block.
    pub(super) fn block(&self, number: u64) -> Result<Vec<u8>, Ext4Error> {
        let size = self.superblock.block_size;
        let at = number.saturating_mul(u64::from(size));
        let Some(left) = self.left.get().checked_sub(1) else {
            let what = "it leads to the same blocks again and again";
            return Err(Ext4Error::Damaged { at, what });
        };
        self.left.set(left);
        self.read(at, size)
    }

    /// The descriptor of a group.
    pub(super) fn group(&self, index: u32) -> Result<Group, Ext4Error> {
        let superblock = &self.superblock;
        let per_block = superblock.descriptors_per_block();
        let block = superblock.descriptor_block(index / per_block);
        let within = index % per_block * superblock.descriptor_size;
        let start = block.saturating_mul(u64::from(superblock.block_size));
        let at = start.saturating_add(u64::from(within));
        let bytes = self.read(at, superblock.descriptor_size)?;
        Group::parse(superblock, index, &bytes).map_err(|what| Ext4Error::Damaged { at, what })
    }

    /// The bytes of a file's inode.
    pub(super) fn inode(&self, number: u32) -> Result<Vec<u8>, Ext4Error> {
        let superblock = &self.superblock;
        let index = number.saturating_sub(1);
        let group = self.group(index / superblock.inodes_per_group)?;
        let table = group
            .inode_table
            .saturating_mul(u64::from(superblock.block_size));
        let within = u64::from(index % superblock.inodes_per_group);
        let offset = within * u64::from(superblock.inode_size);
        self.read(table.saturating_add(offset), superblock.inode_size)
    }

    /// Whether there are such blocks.
    pub(super) fn has(&self, blocks: &Range<u64>) -> bool {
        blocks.start < blocks.end && blocks.end <= self.superblock.blocks
    }

    fn read(&self, at: u64, length: u32) -> Result<Vec<u8>, Ext4Error> {
        let bytes = self.source.bytes_at(at, place(u64::from(length)));
        bytes.map_err(|error| Ext4Error::Read { at, error })
    }
}
