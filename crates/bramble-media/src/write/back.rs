//! Reading back what was written. Not in here: the first block, which is not there yet.

use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use bramble_card::Overlay;
use bramble_card::bytes::place;
use bramble_card::overlay::BLOCK;

use super::{Writer, read};
use crate::aligned::Aligned;
use crate::error::CardError;
use crate::fan::{News, Tell};
use crate::image::within;
use crate::medium::Medium;
use crate::piece::Mark;

/// How much is read at once, in bytes.
const BACK: usize = 2 << 20;

/// How many such stretches are in memory: one that is read, one that is looked at.
const BUFFERS: usize = 2;

impl Writer {
    /// Compares all that is on the card with what has to be.
    pub(super) fn read_back(&mut self, marks: &[Mark], tell: &Tell<'_>) -> Result<(), CardError> {
        self.markers.check(&mut *self.job.medium)?;
        if let Some(offset) = self.first_difference(marks, tell)? {
            return Err(self.markers.explain(offset, &mut *self.job.medium));
        }
        self.overlay_in_free_blocks(marks)
    }

    /// Where the card begins not to be what it has to be. It is read while what was read
    /// before is looked at, or quick devices would wait for the processor.
    fn first_difference(
        &mut self,
        marks: &[Mark],
        tell: &Tell<'_>,
    ) -> Result<Option<u64>, CardError> {
        let medium = &mut *self.job.medium;
        let wanted = Expected {
            overlay: &self.job.overlay,
            first: self.first.as_deref(),
        };
        thread::scope(|scope| {
            let (full, filled) = sync_channel(BUFFERS);
            let (empty, emptied) = sync_channel(BUFFERS);
            let checking = scope.spawn(move || wanted.check(&filled, &empty, tell));
            let read = read_all(medium, marks, &full, &emptied);
            drop(full);
            let checked = checking.join().unwrap_or_else(|panic| resume_unwind(panic));
            // What differs lies before what cannot be read.
            match checked? {
                None => read.map(|()| None),
                different => Ok(different),
            }
        })
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

/// Marks side by side, and what was read where they are.
struct Stretch<'a> {
    marks: &'a [Mark],
    memory: Aligned,
}

/// Reads the card where `marks` are, into memory that comes back by `emptied`, until
/// nobody takes what was read.
fn read_all<'a>(
    medium: &mut dyn Medium,
    marks: &'a [Mark],
    full: &SyncSender<Stretch<'a>>,
    emptied: &Receiver<Aligned>,
) -> Result<(), CardError> {
    for (index, marks) in groups(marks).enumerate() {
        let memory = match index {
            0..BUFFERS => Ok(Aligned::new(BACK)),
            _ => emptied.recv(),
        };
        let Ok(mut memory) = memory else { break };
        let range = span(marks);
        // Proof: a group is no longer than the memory.
        read(
            medium,
            range.start,
            &mut memory[..place(range.end - range.start)],
        )?;
        if full.send(Stretch { marks, memory }).is_err() {
            break;
        }
    }
    Ok(())
}

/// What a card has to have besides what the image has.
#[derive(Clone, Copy)]
struct Expected<'a> {
    overlay: &'a Overlay,
    /// The first block of the image, which the card does not have yet.
    first: Option<&'a [u8]>,
}

impl Expected<'_> {
    /// The first byte that is not what it has to be of all that comes.
    fn check(
        self,
        filled: &Receiver<Stretch<'_>>,
        empty: &SyncSender<Aligned>,
        tell: &Tell<'_>,
    ) -> Result<Option<u64>, CardError> {
        for Stretch { marks, mut memory } in filled {
            let range = span(marks);
            let bytes = &mut memory[..place(range.end - range.start)];
            if let Err(offset) = self.fits(marks, range.start, bytes) {
                return Ok(Some(offset));
            }
            let position = range.end;
            tell.say(News::Verified { position })?;
            // Nobody wants it back once all is read.
            empty.send(memory).ok();
        }
        Ok(None)
    }

    /// The first byte from which on it is not what it has to be. `bytes` are made what
    /// the image has, of which only digests are left.
    fn fits(self, marks: &[Mark], start: u64, bytes: &mut [u8]) -> Result<(), u64> {
        lift(self.overlay, start, bytes)?;
        if let (0, Some(first)) = (start, self.first) {
            bytes[..first.len()].copy_from_slice(first);
        }
        for mark in marks {
            if !mark.fits(&bytes[within(&mark.range, start)]) {
                return Err(mark.range.start);
            }
        }
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
