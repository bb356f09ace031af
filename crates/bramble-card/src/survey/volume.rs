//! What one partition holds, and which of its bytes are free. Not in here: where the
//! partitions are.

use std::ops::Range;

use super::fat_clusters::FatReader;
use crate::bytes::place;
use crate::ext4::{AllocationReader, Ext4Error, Superblock};
use crate::fat::Geometry;

/// The first bytes of a volume, in which FAT and ext4 tell of themselves.
const NEAR: u64 = 4096;
/// So far must be looked for the marks of all others: that of btrfs lies at 64 KiB.
const FAR: u64 = 68 * 1024;

/// What a partition holds, or the whole of an image without a table.
#[derive(Debug)]
pub struct Volume {
    partition: Option<u32>,
    range: Range<u64>,
    content: Content,
    state: State,
}

/// What kind of thing a volume holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// It was not seen yet.
    Unseen,
    /// A FAT file system.
    Fat {
        /// The label of its first sector.
        label: Option<String>,
    },
    /// An ext2, ext3 or ext4 file system.
    Ext4 {
        /// Its label; empty if it has none.
        label: String,
    },
    /// Something of which no more is known than its name.
    Named(&'static str),
    /// Something else, or nothing.
    Unknown,
}

/// What is known about free space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knowledge {
    /// More is still to be seen.
    Incomplete,
    /// All of it.
    Whole,
    /// So many groups of blocks count as used, since their bitmaps could not be had or are
    /// damaged.
    But(u32),
    /// Nothing, so that all counts as used.
    Nothing,
}

#[derive(Debug)]
enum State {
    Near,
    Far,
    Fat(FatReader),
    Ext4(Box<AllocationReader>),
    NotUnderstood { why: Option<Ext4Error> },
}

impl Volume {
    pub(super) fn new(partition: Option<u32>, range: Range<u64>) -> Self {
        Self {
            partition,
            range,
            content: Content::Unseen,
            state: State::Near,
        }
    }

    /// The number of its partition; none if it is the whole image.
    pub fn partition(&self) -> Option<u32> {
        self.partition
    }

    /// Where it lies, in bytes. One that is the whole image goes on without an end.
    pub fn range(&self) -> Range<u64> {
        self.range.clone()
    }

    /// What it holds.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// What is known about its free space.
    pub fn knowledge(&self) -> Knowledge {
        if self.wants().is_some() {
            return Knowledge::Incomplete;
        }
        match &self.state {
            State::Fat(fat) if fat.is_known() => Knowledge::Whole,
            State::Ext4(ext4) if ext4.problem().is_none() => match ext4.unknown_groups() {
                0 => Knowledge::Whole,
                groups => Knowledge::But(groups),
            },
            _ => Knowledge::Nothing,
        }
    }

    /// Why an ext4 file system in it tells nothing about its free space.
    pub fn problem(&self) -> Option<&Ext4Error> {
        match &self.state {
            State::Ext4(ext4) => ext4.problem(),
            State::NotUnderstood { why } => why.as_ref(),
            State::Near | State::Far | State::Fat(_) => None,
        }
    }

    /// The bytes of the image that are to be seen next.
    pub(super) fn wants(&self) -> Option<Range<u64>> {
        let length = self.range.end - self.range.start;
        let wanted = match &self.state {
            State::Near => 0..length.min(NEAR),
            State::Far => NEAR..length.min(FAR),
            State::Fat(fat) => fat.wants()?,
            State::Ext4(ext4) => ext4.wants()?,
            State::NotUnderstood { .. } => return None,
        };
        let place = |at| self.range.start.saturating_add(at);
        Some(place(wanted.start)..place(wanted.end))
    }

    /// Takes the bytes that were wanted.
    pub(super) fn learn(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Near => self.near(bytes),
            State::Far => self.far(bytes),
            State::Fat(fat) => fat.learn(bytes),
            State::Ext4(ext4) => ext4.learn(bytes),
            State::NotUnderstood { .. } => {}
        }
    }

    /// The bytes that were wanted cannot be had.
    pub(super) fn missed(&mut self) {
        match &mut self.state {
            State::Near | State::Far => self.not_understood(Content::Unknown, None),
            State::Fat(fat) => fat.stop(),
            State::Ext4(ext4) => ext4.missed(),
            State::NotUnderstood { .. } => {}
        }
    }

    /// Nothing more is to be learnt: what is known takes too much memory.
    pub(super) fn stop(&mut self) {
        match &mut self.state {
            State::Fat(fat) => fat.stop(),
            State::Ext4(ext4) => ext4.stop(),
            State::Near | State::Far | State::NotUnderstood { .. } => self.missed(),
        }
    }

    /// The bytes of the image among `window` that are known to be free, in order.
    pub fn free(&self, window: &Range<u64>) -> Vec<Range<u64>> {
        let mut free = Vec::new();
        let start = self.range.start;
        let own = window.start.max(start)..window.end.min(self.range.end);
        if own.is_empty() {
            return free;
        }
        let own = own.start - start..own.end - start;
        match &self.state {
            State::Fat(fat) => fat.free(&own, &mut free),
            State::Ext4(ext4) => ext4.free(&own, &mut free),
            State::Near | State::Far | State::NotUnderstood { .. } => {}
        }
        for range in &mut free {
            *range = range.start + start..range.end + start;
        }
        free
    }

    /// How many bytes are free, of which it may become known which they are.
    pub(super) fn free_to_be_seen(&self) -> u64 {
        match &self.state {
            State::Ext4(ext4) if self.wants().is_some() => {
                let seen = self.free(&self.range).into_iter();
                let seen: u64 = seen.map(|range| range.end - range.start).sum();
                ext4.told_free().saturating_sub(seen)
            }
            _ => 0,
        }
    }

    /// How many bytes of memory are kept for what was learnt.
    pub(super) fn memory(&self) -> usize {
        match &self.state {
            State::Fat(fat) => fat.memory(),
            State::Ext4(ext4) => ext4.memory(),
            State::Near | State::Far | State::NotUnderstood { .. } => 0,
        }
    }

    fn not_understood(&mut self, content: Content, why: Option<Ext4Error>) {
        self.content = content;
        self.state = State::NotUnderstood { why };
    }

    fn near(&mut self, bytes: &[u8]) {
        let superblock = bytes.get(1024..2048).unwrap_or_default();
        match Superblock::parse(superblock) {
            Ok(superblock) => self.ext4(superblock),
            Err(Ext4Error::None) => self.no_ext4(bytes),
            Err(why) => self.not_understood(Content::Named("ext4"), Some(why)),
        }
    }

    fn ext4(&mut self, superblock: Superblock) {
        let label = superblock.label.clone();
        let length = self.range.end - self.range.start;
        self.content = Content::Ext4 { label };
        self.state = State::Ext4(Box::new(AllocationReader::new(superblock, length)));
    }

    fn no_ext4(&mut self, bytes: &[u8]) {
        let geometry = bytes.first_chunk().map(Geometry::of).and_then(Result::ok);
        let length = self.range.end - self.range.start;
        if let Some(geometry) = geometry {
            let label = geometry
                .label
                .as_ref()
                .map(|label| String::from_utf8_lossy(label));
            let label = label.map(|label| label.trim_end().to_owned());
            self.content = Content::Fat { label };
            self.state = if geometry.length <= length {
                State::Fat(FatReader::new(geometry))
            } else {
                State::NotUnderstood { why: None }
            };
        } else if let Some(name) = name_of(bytes, 0) {
            self.not_understood(Content::Named(name), None);
        } else if length > NEAR {
            self.state = State::Far;
        } else {
            self.not_understood(Content::Unknown, None);
        }
    }

    fn far(&mut self, bytes: &[u8]) {
        let content = name_of(bytes, place(NEAR)).map_or(Content::Unknown, Content::Named);
        self.not_understood(content, None);
    }
}

/// Marks of what is found on cards besides, with their place in a volume (those of
/// libblkid).
const MARKS: &[(usize, &[u8], &str)] = &[
    (0, b"XFSB", "XFS"),
    (0, b"hsqs", "squashfs"),
    (0, b"LUKS\xBA\xBE", "LUKS"),
    (3, b"NTFS    ", "NTFS"),
    (3, b"EXFAT   ", "exFAT"),
    (512, b"LABELONE", "LVM"),
    (1024, b"\x10\x20\xF5\xF2", "F2FS"),
    (1024, b"\xE2\xE1\xF5\xE0", "EROFS"),
    (4086, b"SWAPSPACE2", "swap"),
    (32_769, b"CD001", "ISO 9660"),
    (65_600, b"_BHRfS_M", "btrfs"),
];

/// What has its mark in `bytes`, which lie at `start` of a volume.
fn name_of(bytes: &[u8], start: usize) -> Option<&'static str> {
    let has = |place: usize, mark: &[u8]| {
        let at = place.checked_sub(start);
        let rest = at.and_then(|at| bytes.get(at..));
        rest.is_some_and(|rest| rest.starts_with(mark))
    };
    let found = MARKS.iter().find(|(place, mark, _)| has(*place, mark));
    found.map(|(_, _, name)| *name)
}
