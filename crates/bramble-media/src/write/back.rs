//! Reading back what was written. Not in here: the first block, which is not there yet.

use std::ops::Range;

use bramble_card::Overlay;
use bramble_card::bytes::place;
use bramble_card::overlay::BLOCK;

use super::{Writer, read};
use crate::aligned::Aligned;
use crate::error::CardError;
use crate::fan::{News, Tell};
use crate::image::within;
use crate::piece::Mark;

/// How much is read at once, in bytes.
const BACK: usize = 2 << 20;

impl Writer {
    /// Compares all that is on the card with what has to be.
    pub(super) fn read_back(&mut self, marks: &[Mark], tell: &Tell<'_>) -> Result<(), CardError> {
        self.markers.check(&mut *self.job.medium)?;
        let mut memory = Aligned::new(BACK);
        for group in groups(marks) {
            let range = span(group);
            // Proof: a group is no longer than the memory.
            let bytes = &mut memory[..place(range.end - range.start)];
            read(&mut *self.job.medium, range.start, bytes)?;
            if let Err(offset) = self.fits(group, range.start, bytes) {
                return Err(self.markers.explain(offset, &mut *self.job.medium));
            }
            let position = range.end;
            tell.say(News::Verified { position })?;
        }
        self.overlay_in_free_blocks(marks)
    }

    /// The first byte from which on it is not what it has to be. `bytes` are made what
    /// the image has, of which only digests are left.
    fn fits(&self, group: &[Mark], start: u64, bytes: &mut [u8]) -> Result<(), u64> {
        lift(&self.job.overlay, start, bytes)?;
        if let (0, Some(first)) = (start, &self.first) {
            bytes[..first.len()].copy_from_slice(first);
        }
        for mark in group {
            if !mark.fits(&bytes[within(&mark.range, start)]) {
                return Err(mark.range.start);
            }
        }
        Ok(())
    }

    /// What is the card's own where the image has nothing.
    fn overlay_in_free_blocks(&mut self, marks: &[Mark]) -> Result<(), CardError> {
        let overlay = std::mem::take(&mut self.job.overlay);
        for (offset, block) in overlay.blocks(BLOCK, u64::MAX) {
            let next = marks.partition_point(|mark| mark.range.end <= offset);
            if marks
                .get(next)
                .is_some_and(|mark| mark.range.start <= offset)
            {
                continue;
            }
            let mut bytes = Aligned::new(block.is.len());
            read(&mut *self.job.medium, offset, &mut bytes)?;
            if *bytes != *block.is {
                return Err(self.markers.explain(offset, &mut *self.job.medium));
            }
        }
        self.job.overlay = overlay;
        Ok(())
    }
}

/// Puts what the image has in place of what the card has of its own, if it has it
/// right. The first block is not there yet.
fn lift(overlay: &Overlay, start: u64, bytes: &mut [u8]) -> Result<(), u64> {
    for (at, block) in overlay.blocks(start.max(BLOCK), start + bytes.len() as u64) {
        let found = &mut bytes[place(at - start)..];
        let count = found.len().min(block.is.len());
        if found[..count] != block.is[..count] {
            return Err(at);
        }
        found[..count].copy_from_slice(&block.was[..count]);
    }
    Ok(())
}

/// Marks that lie side by side, as many as are read at once.
fn groups(marks: &[Mark]) -> impl Iterator<Item = &[Mark]> {
    let mut rest = marks;
    std::iter::from_fn(move || {
        let first = rest.first()?;
        let fits = |pair: &[Mark]| {
            pair[0].range.end == pair[1].range.start
                && pair[1].range.end - first.range.start <= BACK as u64
        };
        let count = 1 + rest.windows(2).take_while(|pair| fits(pair)).count();
        let (group, after) = rest.split_at(count);
        rest = after;
        Some(group)
    })
}

fn span(group: &[Mark]) -> Range<u64> {
    let start = group.first().map_or(0, |mark| mark.range.start);
    start..group.last().map_or(start, |mark| mark.range.end)
}
