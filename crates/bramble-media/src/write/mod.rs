//! Writing one image to many cards, each with what is its own, and reading it back.
//! Not in here: how the image comes to all cards (`fan`).
//!
//! A card gets its first block last, when all else is there and right. One that was cut
//! off before has no partition table, and no board takes it for bootable.

mod back;
mod markers;

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use bramble_card::Overlay;
use bramble_card::bytes::place;
use bramble_card::overlay::BLOCK;

use crate::aligned::{self, Aligned};
use crate::error::CardError;
use crate::fan::{self, News, Outcome, Taker, Tell, Whole};
use crate::image::Image;
use crate::medium::Medium;
use crate::piece::Piece;
use markers::Markers;

/// How much is cleared at the end of a device, in bytes: a second partition table (33
/// sectors) and the labels of RAID members lie there.
const END: u64 = 1 << 20;

/// A card that is to be written.
pub struct Job {
    /// Where to.
    pub medium: Box<dyn Medium>,
    /// What it has in place of what the image has.
    pub overlay: Overlay,
    /// Whether it is a device, which may hold something else before, and less than it
    /// says.
    pub device: bool,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job")
            .field("length", &self.medium.length())
            .finish_non_exhaustive()
    }
}

/// A card that holds all that it has to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// How many bytes were written.
    pub bytes: u64,
    /// How long writing took, until the device confirmed it.
    pub writing: Duration,
    /// How long reading back took, if it was read back.
    pub verifying: Option<Duration>,
}

/// Writes `image` to all of `jobs` at once, and reads each back if `verify`.
pub fn write(
    image: Image,
    jobs: Vec<Job>,
    verify: bool,
    stop: &AtomicBool,
    watch: &mut dyn FnMut(usize, News),
) -> Outcome<Written> {
    let writer = |job: Job| Writer {
        markers: Markers::none(),
        job,
        verify,
        began: Instant::now(),
        first: None,
        bytes: 0,
    };
    fan::out(image, jobs.into_iter().map(writer).collect(), stop, watch)
}

/// One card while it is written.
struct Writer {
    job: Job,
    markers: Markers,
    verify: bool,
    began: Instant,
    /// The first block as the image has it, held back.
    first: Option<Aligned>,
    bytes: u64,
}

impl Taker for Writer {
    type Done = Written;

    fn take(&mut self, piece: &Arc<Piece>, tell: &Tell<'_>) -> Result<(), CardError> {
        let holds = self.job.medium.length();
        if self.job.device && piece.end() > holds {
            let needs = piece.end();
            return Err(CardError::TooSmall { holds, needs });
        }
        if piece.offset() == 0 {
            self.clear()?;
        }
        for (range, bytes) in piece.used() {
            tell.goes_on()?;
            if range.start == 0 {
                let (first, rest) = bytes.split_at(bytes.len().min(Self::FIRST));
                let mut held = Aligned::new(first.len());
                held.copy_from_slice(first);
                self.first = Some(held);
                self.put(first.len() as u64, rest)?;
            } else {
                self.put(range.start, bytes)?;
            }
        }
        let position = piece.end();
        tell.say(News::Written { position })
    }

    fn end(mut self, whole: &Whole, tell: &Tell<'_>) -> Result<Written, CardError> {
        self.lay_over()?;
        if self.job.device && self.verify {
            self.markers = Markers::beyond(whole, self.job.medium.length());
            self.markers.put(&mut *self.job.medium)?;
        }
        self.job
            .medium
            .end_at(whole.length)
            .map_err(CardError::Sync)?;
        self.sync()?;
        let writing = self.began.elapsed();
        let back = Instant::now();
        if self.verify {
            self.read_back(&whole.marks, tell)?;
            self.markers.clear(&mut *self.job.medium)?;
        }
        self.make_bootable()?;
        Ok(Written {
            bytes: self.bytes,
            writing,
            verifying: self.verify.then(|| back.elapsed()),
        })
    }
}

impl Writer {
    /// What is held back: a partition table and the block it lies in.
    const FIRST: usize = aligned::BLOCK;

    fn put(&mut self, offset: u64, bytes: &[u8]) -> Result<(), CardError> {
        if bytes.is_empty() {
            return Ok(());
        }
        let put = self.job.medium.write_at(offset, bytes);
        put.map_err(|source| CardError::Write { offset, source })?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    fn sync(&mut self) -> Result<(), CardError> {
        self.job.medium.sync().map_err(CardError::Sync)
    }

    /// Takes away what would make a card look whole that is cut off, or hold two
    /// partition tables.
    fn clear(&mut self) -> Result<(), CardError> {
        if !self.job.device {
            return Ok(());
        }
        let length = self.job.medium.length();
        // The end may begin up to a block earlier.
        let nothing = Aligned::new(place(END + BLOCK));
        // Devices end at whole sectors, which may be smaller than blocks.
        let end = length.saturating_sub(END) / BLOCK * BLOCK;
        let last = &nothing[..place(length - end)];
        for (offset, bytes) in [(end, last), (0, &nothing[..Self::FIRST])] {
            let put = self.job.medium.write_at(offset, bytes);
            put.map_err(|source| CardError::Write { offset, source })?;
        }
        self.sync()
    }

    /// Writes what is the card's own, but for the first block.
    fn lay_over(&mut self) -> Result<(), CardError> {
        let overlay = std::mem::take(&mut self.job.overlay);
        for (offset, bytes) in runs(&overlay, BLOCK) {
            self.put(offset, &bytes)?;
        }
        self.job.overlay = overlay;
        Ok(())
    }

    /// Writes the first block, and reads it back.
    fn make_bootable(&mut self) -> Result<(), CardError> {
        let Some(mut first) = self.first.take() else {
            return Ok(());
        };
        self.job.overlay.apply(0, &mut first);
        self.put(0, &first)?;
        self.sync()?;
        if self.verify {
            let mut back = Aligned::new(first.len());
            let read = self.job.medium.read_at(0, &mut back);
            read.map_err(|source| CardError::Read { offset: 0, source })?;
            if *back != *first {
                return Err(CardError::Differs { offset: 0 });
            }
        }
        Ok(())
    }
}

/// The most that is laid over at once, in bytes.
const RUN: usize = 1 << 20;

/// The blocks of `overlay` from `from` on as the card has them, those side by side put
/// together.
fn runs(overlay: &Overlay, from: u64) -> Vec<(u64, Aligned)> {
    let mut runs: Vec<(u64, Vec<u8>)> = Vec::new();
    for (at, block) in overlay.blocks(from, u64::MAX) {
        match runs.last_mut() {
            Some((start, bytes)) if *start + bytes.len() as u64 == at && bytes.len() < RUN => {
                bytes.extend_from_slice(&block.is);
            }
            _ => runs.push((at, block.is.clone())),
        }
    }
    let aligned = |(at, bytes): (u64, Vec<u8>)| {
        let mut memory = Aligned::new(bytes.len());
        memory.copy_from_slice(&bytes);
        (at, memory)
    };
    runs.into_iter().map(aligned).collect()
}

/// Reads from `medium`, with the place told if it fails.
fn read(medium: &mut dyn Medium, offset: u64, into: &mut [u8]) -> Result<(), CardError> {
    let read: io::Result<()> = medium.read_at(offset, into);
    read.map_err(|source| CardError::Read { offset, source })
}
