//! Which blocks of a file system nobody uses, learnt piece by piece from its group
//! descriptors and bitmaps. Not in here: where the pieces come from.
//!
//! A block counts as free only when its group's bitmap was seen and is as it was
//! written. What is wrong with one bitmap says nothing about the others, and what was
//! once told to be free stays free: an image that goes by is written meanwhile.

use std::ops::Range;

use super::Ext4Error;
use super::group::Group;
use super::superblock::Superblock;
use crate::raw::{clear_runs, small};

/// A file system with more groups than this counts as used: 8192 of them are 1 TiB with
/// blocks of 4096 bytes, and their bitmaps 32 MiB.
const MOST_GROUPS: u32 = 8192;

/// Learns which blocks are free from the pieces that it asks for.
#[derive(Debug)]
pub(crate) struct AllocationReader {
    superblock: Superblock,
    next: Next,
    groups: Vec<Group>,
    free: Vec<Free>,
    problem: Option<Ext4Error>,
    /// How many groups have nothing that could be trusted.
    unknown: u32,
    /// Bytes of memory that are kept for what was learnt.
    memory: usize,
}

/// What is looked at next.
#[derive(Debug)]
enum Next {
    /// The block of descriptors with this number.
    Descriptors(u32),
    /// The bitmaps of these groups, the next one last.
    Bitmaps(Vec<u32>),
    Nothing,
}

/// What is known of a group's blocks, which are counted from its first one.
#[derive(Debug, Clone)]
enum Free {
    Unknown,
    /// Only these are free.
    Runs(Vec<Range<u32>>),
    /// Those are free whose bit is 0.
    Bitmap(Box<[u8]>),
}

impl AllocationReader {
    /// For a volume of `length` bytes with this superblock.
    pub(crate) fn new(superblock: Superblock, length: u64) -> Self {
        let at = 0;
        let problem = if let Some(why) = superblock.not_clean() {
            Some(Ext4Error::NotClean(why))
        } else if superblock.groups > MOST_GROUPS {
            Some(Ext4Error::TooLarge)
        } else if superblock.size() > length {
            let what = "it is larger than the partition that it lies in";
            Some(Ext4Error::Damaged { at, what })
        } else {
            None
        };
        Self {
            superblock,
            next: problem
                .as_ref()
                .map_or(Next::Descriptors(0), |_| Next::Nothing),
            groups: Vec::new(),
            free: Vec::new(),
            problem,
            unknown: 0,
            memory: 0,
        }
    }

    /// Why nothing is known of its blocks.
    pub(crate) fn problem(&self) -> Option<&Ext4Error> {
        self.problem.as_ref()
    }

    /// How many groups count as used because their bitmap could not be had or trusted.
    pub(crate) fn unknown_groups(&self) -> u32 {
        self.unknown
    }

    /// The bytes that are to be seen next.
    pub(crate) fn wants(&self) -> Option<Range<u64>> {
        let block = match &self.next {
            Next::Descriptors(index) => self.superblock.descriptor_block(*index),
            Next::Bitmaps(groups) => self.group(*groups.last()?)?.block_bitmap,
            Next::Nothing => return None,
        };
        let size = u64::from(self.superblock.block_size);
        let start = block.saturating_mul(size);
        Some(start..start.saturating_add(size))
    }

    /// Takes the bytes that were wanted.
    pub(crate) fn learn(&mut self, bytes: &[u8]) {
        match &mut self.next {
            Next::Descriptors(index) => {
                let index = *index;
                self.descriptors(index, bytes);
            }
            Next::Bitmaps(groups) => {
                if let Some(group) = groups.pop() {
                    self.bitmap(group, bytes);
                }
            }
            Next::Nothing => {}
        }
    }

    /// The bytes that were wanted cannot be had.
    pub(crate) fn missed(&mut self) {
        let at = self.wants().map_or(0, |wanted| wanted.start);
        match &mut self.next {
            Next::Descriptors(_) => self.fail(Ext4Error::OutOfReach { at }),
            Next::Bitmaps(groups) => {
                groups.pop();
                self.unknown += 1;
            }
            Next::Nothing => {}
        }
    }

    /// Nothing more is to be learnt.
    pub(crate) fn stop(&mut self) {
        match &self.next {
            Next::Descriptors(_) => self.fail(Ext4Error::TooLarge),
            Next::Bitmaps(groups) => self.unknown += small(groups.len() as u64),
            Next::Nothing => {}
        }
        self.next = Next::Nothing;
    }

    /// How many bytes are free by the file system's own count.
    pub(crate) fn told_free(&self) -> u64 {
        let Superblock {
            free_blocks,
            block_size,
            ..
        } = self.superblock;
        free_blocks.saturating_mul(u64::from(block_size))
    }

    /// Adds the bytes among `window` that are known to be free to `into`, in order.
    pub(crate) fn free(&self, window: &Range<u64>, into: &mut Vec<Range<u64>>) {
        let size = u64::from(self.superblock.block_size);
        let blocks = window.start / size..window.end.div_ceil(size).min(self.superblock.blocks);
        let first = self.group_of(blocks.start);
        for index in first..self.superblock.groups {
            let group = self.superblock.group_blocks(index);
            if group.start >= blocks.end {
                break;
            }
            let Some(free) = self.free.get(index as usize) else {
                break;
            };
            let from = blocks.start.max(group.start) - group.start;
            let to = blocks.end.min(group.end).saturating_sub(group.start);
            free.runs(small(from)..small(to), |run| {
                let start = (group.start + u64::from(run.start)) * size;
                let end = (group.start + u64::from(run.end)) * size;
                into.push(start.max(window.start)..end.min(window.end));
            });
        }
    }

    /// How many bytes of memory are kept for what was learnt.
    pub(crate) fn memory(&self) -> usize {
        self.memory
    }

    fn group(&self, index: u32) -> Option<&Group> {
        self.groups.get(index as usize)
    }

    fn group_of(&self, block: u64) -> u32 {
        let within = block.saturating_sub(self.superblock.first_block);
        let index = within / u64::from(self.superblock.blocks_per_group);
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    fn fail(&mut self, problem: Ext4Error) {
        self.problem = Some(problem);
        self.groups = Vec::new();
        self.next = Next::Nothing;
    }

    fn descriptors(&mut self, index: u32, bytes: &[u8]) {
        for descriptor in bytes.chunks_exact(self.superblock.descriptor_size as usize) {
            let number = small(self.groups.len() as u64);
            if number == self.superblock.groups {
                break;
            }
            match Group::parse(&self.superblock, number, descriptor) {
                Ok(group) => {
                    self.memory += size_of::<Group>();
                    self.groups.push(group);
                }
                Err(what) => {
                    let at = self.wants().map_or(0, |wanted| wanted.start);
                    return self.fail(Ext4Error::Damaged { at, what });
                }
            }
        }
        self.next = Next::Descriptors(index + 1);
        if index + 1 >= self.superblock.descriptor_blocks() {
            self.all_descriptors_are_known();
        }
    }

    fn all_descriptors_are_known(&mut self) {
        let metadata = self.metadata();
        let known = (0..).zip(&self.groups).map(|(index, group)| {
            let has_none = group.has_no_block_bitmap(&self.superblock);
            has_none.then(|| self.never_used(index, group, &metadata))
        });
        let known: Vec<_> = known.collect();
        let mut open: Vec<u32> = (0..)
            .zip(&known)
            .filter(|(_, free)| free.is_none())
            .map(|(index, _)| index)
            .collect();
        open.sort_by_key(|index| {
            self.group(*index)
                .map(|group| std::cmp::Reverse(group.block_bitmap))
        });
        self.free = known
            .into_iter()
            .map(|free| free.unwrap_or(Free::Unknown))
            .collect();
        self.next = Next::Bitmaps(open);
    }

    /// The blocks of all bitmaps and inodes, in order.
    fn metadata(&self) -> Vec<Range<u64>> {
        let of_group = |group: &Group| group.metadata(&self.superblock);
        let mut all: Vec<_> = self.groups.iter().flat_map(of_group).collect();
        all.sort_by_key(|range| range.start);
        let mut merged: Vec<Range<u64>> = Vec::new();
        for range in all {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        merged
    }

    /// What is free in a group without a bitmap: all but metadata, which may be that of
    /// other groups.
    fn never_used(&self, index: u32, group: &Group, metadata: &[Range<u64>]) -> Free {
        let blocks = self.superblock.group_blocks(index);
        let mut runs = Vec::new();
        let mut at = blocks.start + self.superblock.leading_metadata(index);
        let first = metadata.partition_point(|range| range.end <= at);
        let inside = metadata[first..]
            .iter()
            .take_while(|range| range.start < blocks.end);
        let end = blocks.end..blocks.end;
        for used in inside.chain([&end]) {
            if at < used.start {
                runs.push(small(at - blocks.start)..small(used.start - blocks.start));
            }
            at = at.max(used.end);
        }
        let free = Free::Runs(runs);
        if free.count(&blocks) == group.free_blocks {
            free
        } else {
            Free::Unknown
        }
    }

    fn bitmap(&mut self, index: u32, bytes: &[u8]) {
        let blocks = self.superblock.group_blocks(index);
        let length = self.superblock.blocks_per_group as usize / 8;
        let bits = bytes.get(..length).unwrap_or_default();
        let free = Free::Bitmap(bits.into());
        let is_right = self.group(index).is_some_and(|group| {
            group.bitmap_is_as_written(&self.superblock, bytes)
                && free.count(&blocks) == group.free_blocks
        });
        match self.free.get_mut(index as usize) {
            Some(place) if is_right => {
                self.memory += length;
                *place = free;
            }
            _ => self.unknown += 1,
        }
    }
}

impl Free {
    fn runs(&self, within: Range<u32>, mut each: impl FnMut(Range<u32>)) {
        match self {
            Self::Unknown => {}
            Self::Bitmap(bits) => clear_runs(bits, within, each),
            Self::Runs(runs) => {
                for run in runs {
                    let run = run.start.max(within.start)..run.end.min(within.end);
                    if !run.is_empty() {
                        each(run);
                    }
                }
            }
        }
    }

    /// How many of a group's blocks are free.
    fn count(&self, blocks: &Range<u64>) -> u32 {
        let mut count = 0;
        let length = small(blocks.end - blocks.start);
        self.runs(0..length, |run| count += run.end - run.start);
        count
    }
}
