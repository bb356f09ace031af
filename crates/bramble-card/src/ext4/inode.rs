//! One file's inode, and which blocks it leads to. Not in here: names.

use std::ops::Range;

use super::Ext4Error;
use super::volume::Volume;
use crate::ReadAt;
use crate::raw::{field, le16, le32};

/// What a file is, and where its content lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inode {
    mode: u16,
    links: u16,
    flags: u32,
    size: u64,
    /// The block of its attributes; 0 if it has none.
    attributes: u64,
    /// The head of an extent tree, the first blocks, or a short content.
    map: [u8; 60],
}

/// What a block is to its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Content,
    /// It tells where others are, or holds attributes.
    Map,
}

/// What is called for the blocks of a file.
pub(super) type Each<'e> = dyn FnMut(Use, Range<u64>) -> Result<(), Ext4Error> + 'e;

const TYPE: u16 = 0xF000;
const DIRECTORY: u16 = 0x4000;
const REGULAR: u16 = 0x8000;
const LINK: u16 = 0xA000;
const EXTENTS: u32 = 0x8_0000;
const INLINE: u32 = 0x1000_0000;
/// The deepest tree that the kernel makes.
const DEEPEST: u16 = 5;
const NODE: u16 = 0xF30A;

impl Inode {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        Self {
            mode: le16(bytes, 0),
            links: le16(bytes, 0x1A),
            flags: le32(bytes, 0x20),
            size: u64::from(le32(bytes, 0x6C)) << 32 | u64::from(le32(bytes, 4)),
            attributes: u64::from(le16(bytes, 0x76)) << 32 | u64::from(le32(bytes, 0x68)),
            map: field(bytes, 0x28),
        }
    }

    /// Whether it is that of something which is there.
    pub(super) fn is_used(&self) -> bool {
        self.links != 0
    }

    pub(super) fn is_directory(&self) -> bool {
        self.mode & TYPE == DIRECTORY
    }

    /// The entries of a small directory that lie in the inode itself, after the number
    /// of the directory above.
    pub(super) fn inline_entries(&self) -> Option<&[u8]> {
        (self.flags & INLINE != 0).then_some(&self.map[4..])
    }

    /// Calls `each` for all blocks of it. What is damaged in it leads nowhere.
    pub(super) fn blocks<R: ReadAt>(
        &self,
        volume: &Volume<'_, R>,
        each: &mut Each<'_>,
    ) -> Result<(), Ext4Error> {
        let attributes = self.attributes..self.attributes.saturating_add(1);
        if self.attributes != 0 && volume.has(&attributes) {
            each(Use::Map, attributes)?;
        }
        if !self.has_blocks() {
            Ok(())
        } else if self.flags & EXTENTS != 0 {
            extents(volume, &self.map, DEEPEST + 1, each)
        } else {
            self.pointers(volume, each)
        }
    }

    /// Device nodes, short symbolic links and small files have none.
    fn has_blocks(&self) -> bool {
        let kind = self.mode & TYPE;
        let is_short = kind == LINK && self.size < 60 && self.flags & EXTENTS == 0;
        // Those of reserved inodes may have no type.
        matches!(kind, 0 | DIRECTORY | REGULAR | LINK) && self.flags & INLINE == 0 && !is_short
    }

    /// Twelve blocks, and then one of pointers, one of pointers to these, and one more.
    fn pointers<R: ReadAt>(
        &self,
        volume: &Volume<'_, R>,
        each: &mut Each<'_>,
    ) -> Result<(), Ext4Error> {
        let (direct, others) = self.map.split_at(48);
        for pointer in direct.chunks_exact(4) {
            pointed(volume, le32(pointer, 0), 0, each)?;
        }
        for (pointer, depth) in others.chunks_exact(4).zip(1..) {
            pointed(volume, le32(pointer, 0), depth, each)?;
        }
        Ok(())
    }
}

/// What a pointer with `depth` blocks of pointers between it and the content leads to.
fn pointed<R: ReadAt>(
    volume: &Volume<'_, R>,
    block: u32,
    depth: u8,
    each: &mut Each<'_>,
) -> Result<(), Ext4Error> {
    let number = u64::from(block);
    if number == 0 || !volume.has(&(number..number + 1)) {
        return Ok(());
    }
    let Some(below) = depth.checked_sub(1) else {
        return each(Use::Content, number..number + 1);
    };
    each(Use::Map, number..number + 1)?;
    for pointer in volume.block(number)?.chunks_exact(4) {
        pointed(volume, le32(pointer, 0), below, each)?;
    }
    Ok(())
}

/// What a node of an extent tree leads to, which must be lower than `above`.
fn extents<R: ReadAt>(
    volume: &Volume<'_, R>,
    node: &[u8],
    above: u16,
    each: &mut Each<'_>,
) -> Result<(), Ext4Error> {
    let depth = le16(node, 6);
    if le16(node, 0) != NODE || depth >= above {
        return Ok(());
    }
    let entries = node.chunks_exact(12).skip(1);
    for entry in entries.take(usize::from(le16(node, 2))) {
        if depth == 0 {
            let content = extent(entry);
            if volume.has(&content) {
                each(Use::Content, content)?;
            }
            continue;
        }
        let child = u64::from(le16(entry, 8)) << 32 | u64::from(le32(entry, 4));
        if volume.has(&(child..child + 1)) {
            each(Use::Map, child..child + 1)?;
            extents(volume, &volume.block(child)?, depth, each)?;
        }
    }
    Ok(())
}

/// The blocks of an extent; longer ones than 32768 are reserved and not written yet.
fn extent(entry: &[u8]) -> Range<u64> {
    let start = u64::from(le16(entry, 6)) << 32 | u64::from(le32(entry, 8));
    let length = match le16(entry, 4) {
        reserved @ 0x8001.. => reserved - 0x8000,
        length => length,
    };
    start..start + u64::from(length)
}
