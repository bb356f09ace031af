//! Comparing cards with what they have to be. Not in here: which files differ.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bramble_card::Overlay;

use crate::aligned::{Aligned, BLOCK};
use crate::error::CardError;
use crate::fan::{self, News, Outcome, Taker, Tell, Whole};
use crate::image::Image;
use crate::medium::Medium;
use crate::piece::Piece;

/// How much is compared at once, in bytes.
const STEP: usize = 1 << 20;

/// How exactly a difference is told, in bytes: files of boot partitions lie as close as
/// that.
const SECTOR: usize = 512;

/// The most differences that are told apart; those after are counted only.
const MOST: usize = 10_000;

/// A card that is to be compared.
pub struct Sample {
    /// What is read.
    pub medium: Box<dyn Medium>,
    /// What it has to have in place of what the image has.
    pub overlay: Overlay,
}

impl std::fmt::Debug for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sample")
            .field("length", &self.medium.length())
            .finish_non_exhaustive()
    }
}

/// What was found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Compared {
    /// How many bytes were compared.
    pub bytes: u64,
    /// How many of them lie in sectors that differ.
    pub different: u64,
    /// Where they are: stretches that do not touch, in order, from the card's start.
    pub ranges: Vec<Range<u64>>,
}

/// Compares all of `samples` at once with `image`, read once.
pub fn compare(
    image: Image,
    samples: Vec<Sample>,
    stop: &AtomicBool,
    watch: &mut dyn FnMut(usize, News),
) -> Outcome<Compared> {
    let comparer = |sample: Sample| Comparer {
        sample,
        memory: [Aligned::new(STEP), Aligned::new(STEP)],
        found: Compared::default(),
    };
    fan::out(
        image,
        samples.into_iter().map(comparer).collect(),
        stop,
        watch,
    )
}

/// One card while it is compared.
struct Comparer {
    sample: Sample,
    /// For what is on the card, and for what has to be.
    memory: [Aligned; 2],
    found: Compared,
}

impl Taker for Comparer {
    type Done = Compared;

    fn take(&mut self, piece: &Arc<Piece>, tell: &Tell<'_>) -> Result<(), CardError> {
        for (range, bytes) in piece.used() {
            for (index, part) in bytes.chunks(STEP).enumerate() {
                tell.goes_on()?;
                let offset = range.start + (index * STEP) as u64;
                let [_, expected] = &mut self.memory;
                expected[..part.len()].copy_from_slice(part);
                self.sample
                    .overlay
                    .apply(offset, &mut expected[..part.len()]);
                self.look(offset, part.len())?;
            }
        }
        let position = piece.end();
        tell.say(News::Verified { position })
    }

    fn end(mut self, whole: &Whole, _: &Tell<'_>) -> Result<Compared, CardError> {
        let marks = &whole.marks;
        let overlay = std::mem::take(&mut self.sample.overlay);
        for (offset, block) in overlay.blocks(0, u64::MAX) {
            let next = marks.partition_point(|mark| mark.range.end <= offset);
            if marks.get(next).is_none_or(|mark| mark.range.start > offset) {
                self.memory[1][..block.is.len()].copy_from_slice(&block.is);
                self.look(offset, block.is.len())?;
            }
        }
        self.found.ranges.sort_by_key(|range| range.start);
        Ok(self.found)
    }
}

impl Comparer {
    /// Compares `length` bytes at `offset` with what is expected there. What lies past
    /// the card's end differs.
    fn look(&mut self, offset: u64, length: usize) -> Result<(), CardError> {
        let holds = self.sample.medium.length().saturating_sub(offset);
        let there = usize::try_from(holds).map_or(length, |holds| holds.min(length));
        let [found, expected] = &mut self.memory;
        let read = self.sample.medium.read_at(offset, &mut found[..there]);
        read.map_err(|source| CardError::Read { offset, source })?;
        self.found.bytes += length as u64;
        let (found, expected) = (&found[..there], &expected[..length]);
        for start in (0..length).step_by(BLOCK) {
            let block = start..length.min(start + BLOCK);
            // Most blocks are the same, and are told so at once.
            if found.get(block.clone()) != Some(&expected[block.clone()]) {
                let sectors = sectors(block, found, expected);
                for sector in sectors {
                    differs(&mut self.found, offset, sector);
                }
            }
        }
        Ok(())
    }
}

/// The sectors of `block` that are not what is expected.
fn sectors(
    block: Range<usize>,
    found: &[u8],
    expected: &[u8],
) -> impl Iterator<Item = Range<usize>> {
    let end = block.end;
    let sectors = block
        .step_by(SECTOR)
        .map(move |start| start..end.min(start + SECTOR));
    sectors.filter(|sector| found.get(sector.clone()) != Some(&expected[sector.clone()]))
}

/// Takes down that `sector` differs, counted from `offset`.
fn differs(found: &mut Compared, offset: u64, sector: Range<usize>) {
    let range = offset + sector.start as u64..offset + sector.end as u64;
    found.different += range.end - range.start;
    let is_full = found.ranges.len() == MOST;
    match found.ranges.last_mut() {
        Some(last) if last.end == range.start => last.end = range.end,
        _ if is_full => {}
        _ => found.ranges.push(range),
    }
}
