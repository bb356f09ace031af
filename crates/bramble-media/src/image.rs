//! An image as it is written: piece after piece, of which only what matters. Not in
//! here: unpacking (`source`), and what matters (`bramble_card::survey`).

use std::fs::File;
use std::io::{self, Read as _};
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::sync::atomic::{AtomicBool, Ordering};

use bramble_card::ReadAt;
use bramble_card::bmap::{Bmap, BmapCheck, BmapMismatch};
use bramble_card::bytes::place;
use bramble_card::partition::Table;
use bramble_card::survey::{Content, Survey, Volume};
use thiserror::Error;

use crate::aligned::Aligned;
use crate::source::{Digests, RawImage, Source, SourceError, Stream};

/// How much is read and written at once, in bytes. Card readers are at their speed
/// from one megabyte on, and the queue of pieces is the most of a run's memory.
pub const PIECE: usize = 2 << 20;

/// Why an image cannot be written.
#[derive(Debug, Error)]
pub enum ImageError {
    /// It cannot be read, or is not what was expected.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Reading it failed.
    #[error("the image cannot be read at byte {offset}: {source}")]
    Read {
        /// Where in the unpacked image.
        offset: u64,
        /// Why.
        source: io::Error,
    },
    /// There is less of it than its own partition table tells.
    #[error(
        "the image ends at byte {length}, but by its partition table it has {expected}: it was \
         not downloaded or unpacked whole"
    )]
    Short {
        /// What is there, in bytes.
        length: u64,
        /// What has to be.
        expected: u64,
    },
    /// Not what the block map says.
    #[error("{0}: one of the two is broken, or they are not of one release")]
    BlockMap(#[from] BmapMismatch),
    /// The start of a packed image is kept in a file while cards are prepared.
    #[error("the start of the image cannot be kept in a temporary file: {0}")]
    Keep(io::Error),
    /// Somebody wants it to stop.
    #[error("interrupted")]
    Interrupted,
}

/// An image of which it is known what it is made of.
#[derive(Debug)]
pub struct Image {
    survey: Survey,
    reading: Reading,
    /// Of the unpacked image, in bytes, if it is known.
    length: Option<u64>,
    position: u64,
    all: bool,
}

/// How it is read.
#[derive(Debug)]
enum Reading {
    /// At any place.
    Places(RawImage),
    /// Once, in order; the start lies in a file.
    Order { head: Head, passing: Box<Passing> },
}

/// What goes by once.
#[derive(Debug)]
struct Passing {
    stream: Stream,
    check: Option<BmapCheck>,
    position: u64,
}

/// The start of an image.
#[derive(Debug)]
struct Head {
    file: File,
    length: u64,
    /// Whether what nobody uses is kept too.
    all: bool,
}

/// A stretch of an image, read.
#[derive(Debug)]
pub(crate) struct Portion {
    /// Where it lies in the image.
    pub(crate) offset: u64,
    /// How long it is, in bytes.
    pub(crate) length: usize,
    /// What of it has to be on a card, by its place in the image.
    pub(crate) used: Vec<Range<u64>>,
}

/// How an image is to be taken.
#[derive(Debug, Default)]
pub struct Taking {
    /// What its maker says of its blocks.
    pub bmap: Option<Bmap>,
    /// Whether blocks are written that nobody uses.
    pub all: bool,
}

impl Image {
    /// Looks at the image that `source` gives. Of one that is packed, the start up to
    /// the end of its boot partition is unpacked into `keep`, an empty file.
    pub fn open(
        source: Source,
        taking: Taking,
        keep: File,
        stop: &AtomicBool,
    ) -> Result<Self, ImageError> {
        let length = source.length();
        let check = taking.bmap.clone().map(BmapCheck::new);
        // What is to be checked has to be read as a whole.
        let parts = source
            .raw()
            .filter(|_| check.is_none() && !source.is_checked());
        let (mut survey, reading) = if let Some(raw) = parts.cloned() {
            let survey =
                Survey::of(&raw).map_err(|source| ImageError::Read { offset: 0, source })?;
            (survey, Reading::Places(raw))
        } else {
            let passing = Passing {
                stream: source.stream()?,
                check,
                position: 0,
            };
            in_order(passing, Head::new(keep, taking.all), stop)?
        };
        if let Some(bmap) = taking.bmap {
            survey = survey.with(bmap);
        }
        let image = Self {
            survey,
            reading,
            length,
            position: 0,
            all: taking.all,
        };
        image.is_whole(length)?;
        Ok(image)
    }

    /// What it is made of.
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// How much a card must hold, in bytes, as far as it is known.
    pub fn needs(&self) -> u64 {
        self.told().max(self.length.unwrap_or(0))
    }

    /// What its partition table says.
    fn told(&self) -> u64 {
        self.survey.table().map_or(0, Table::end)
    }

    /// How many bytes of it have to be on a card, if that is known by now.
    pub fn used(&self) -> Option<u64> {
        let all = self.length.unwrap_or_else(|| self.needs());
        if self.all {
            return Some(all);
        }
        let used = self.survey.used(0..all);
        self.survey
            .is_complete()
            .then(|| used.iter().map(|range| range.end - range.start).sum())
    }

    /// How many bytes of it have to be on a card at the least, as far as that is known by
    /// now.
    pub fn least_used(&self) -> u64 {
        let all = self.length.unwrap_or_else(|| self.needs());
        if self.all {
            return all;
        }
        self.survey.least_used(0..all)
    }

    /// Where FAT file systems lie in it, one of which may be a boot partition.
    pub fn boot_volumes(&self) -> impl Iterator<Item = Range<u64>> {
        boot_volumes(&self.survey)
    }

    /// The start of it, with all its boot partitions.
    pub fn head(&self) -> &dyn ReadAt {
        match &self.reading {
            Reading::Places(raw) => raw,
            Reading::Order { head, .. } => head,
        }
    }

    /// It as a file, if nothing of it has to be unpacked or checked.
    pub(crate) fn plain(&self) -> Option<&RawImage> {
        match &self.reading {
            Reading::Places(raw) => Some(raw),
            Reading::Order { .. } => None,
        }
    }

    fn is_whole(&self, length: Option<u64>) -> Result<(), ImageError> {
        let expected = self.told();
        match length {
            Some(length) if length < expected => Err(ImageError::Short { length, expected }),
            _ => Ok(()),
        }
    }

    /// Reads the next portion that has something to be written into `bytes`, at its
    /// place; nothing at the end.
    pub(crate) fn next(&mut self, bytes: &mut Aligned) -> Result<Option<Portion>, ImageError> {
        loop {
            let portion = self.read(bytes)?;
            self.position += portion.length as u64;
            if portion.length == 0 {
                return Ok(None);
            }
            if !portion.used.is_empty() {
                return Ok(Some(portion));
            }
        }
    }

    /// The next portion, of no length at the end.
    fn read(&mut self, bytes: &mut Aligned) -> Result<Portion, ImageError> {
        let offset = self.position;
        let at = |source| ImageError::Read { offset, source };
        match &mut self.reading {
            Reading::Places(raw) => {
                let length = left(offset, raw.length());
                let portion = Portion::of(&self.survey, self.all, offset, length);
                for range in &portion.used {
                    let place = within(range, offset);
                    raw.read_at(range.start, &mut bytes[place]).map_err(at)?;
                }
                Ok(portion)
            }
            Reading::Order { head, passing } => {
                let mut length = left(offset, head.length);
                if length > 0 {
                    head.read_at(offset, &mut bytes[..length]).map_err(at)?;
                } else {
                    length = passing.fill(bytes)?;
                    self.survey.see(offset, &bytes[..length]);
                    if length < PIECE {
                        self.survey.end();
                    }
                }
                Ok(Portion::of(&self.survey, self.all, offset, length))
            }
        }
    }

    /// How much of it was read, in bytes.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Whether all that was read is what was expected. Nothing was, if it was not read
    /// to its end.
    pub(crate) fn finish(self) -> Result<Digests, ImageError> {
        self.is_whole(Some(self.position))?;
        match self.reading {
            Reading::Places(_) => Ok(Digests::default()),
            Reading::Order { passing, .. } => {
                if let Some(check) = passing.check {
                    check.finish()?;
                }
                Ok(passing.stream.finish()?)
            }
        }
    }
}

/// How much is left from `offset` to `end`, as far as it is read at once.
fn left(offset: u64, end: u64) -> usize {
    place(end.saturating_sub(offset)).min(PIECE)
}

/// Where the bytes of `range` are in a portion that begins at `offset`.
pub(crate) fn within(range: &Range<u64>, offset: u64) -> Range<usize> {
    // Proof: a portion's ranges lie in it, and it is no longer than a piece.
    place(range.start - offset)..place(range.end - offset)
}

impl Portion {
    /// The `length` bytes from `offset` on, by what is known so far.
    fn of(survey: &Survey, all: bool, offset: u64, length: usize) -> Self {
        let range = offset..offset + length as u64;
        let used = match (length, all) {
            (0, _) => Vec::new(),
            (_, true) => std::iter::once(range).collect(),
            (_, false) => survey.used(range),
        };
        Self {
            offset,
            length,
            used,
        }
    }
}

/// Reads a packed image up to the end of its last boot partition.
fn in_order(
    mut passing: Passing,
    mut head: Head,
    stop: &AtomicBool,
) -> Result<(Survey, Reading), ImageError> {
    let mut survey = Survey::new();
    let mut bytes = Aligned::new(PIECE);
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(ImageError::Interrupted);
        }
        let offset = head.length;
        let length = passing.fill(&mut bytes)?;
        survey.see(offset, &bytes[..length]);
        let portion = Portion::of(&survey, head.all, offset, length);
        head.keep(&bytes[..length], &portion.used)?;
        if length < PIECE {
            survey.end();
        }
        if length < PIECE || head.length >= boot_end(&survey) {
            let passing = Box::new(passing);
            return Ok((survey, Reading::Order { head, passing }));
        }
    }
}

fn boot_volumes(survey: &Survey) -> impl Iterator<Item = Range<u64>> {
    let fat = |volume: &&Volume| {
        let is_early = volume.range().start < BOOT_BEGINS;
        is_early && matches!(volume.content(), Content::Fat { .. })
    };
    survey.volumes().iter().filter(fat).map(Volume::range)
}

/// Boards read their boot partition with little code, and images have it near the start:
/// what begins later than this, in bytes, is none.
const BOOT_BEGINS: u64 = 1 << 30;

/// How far a packed image has to be unpacked for its boot partitions to be there.
fn boot_end(survey: &Survey) -> u64 {
    let end = |volume: &Volume| match volume.content() {
        Content::Fat { .. } => volume.range().end,
        Content::Unseen => volume.range().start + 1,
        _ => 0,
    };
    let early = survey.volumes().iter();
    let early = early.filter(|volume| volume.range().start < BOOT_BEGINS);
    early.map(end).max().unwrap_or(0)
}

impl Head {
    fn new(file: File, all: bool) -> Self {
        Self {
            file,
            length: 0,
            all,
        }
    }

    /// What nobody uses reads as zeros from it.
    fn keep(&mut self, bytes: &[u8], used: &[Range<u64>]) -> Result<(), ImageError> {
        let whole = self.length + bytes.len() as u64;
        for range in used {
            let part = &bytes[within(range, self.length)];
            self.file
                .write_all_at(part, range.start)
                .map_err(ImageError::Keep)?;
        }
        rustix::fs::ftruncate(&self.file, whole).map_err(|error| ImageError::Keep(error.into()))?;
        self.length = whole;
        Ok(())
    }
}

impl ReadAt for Head {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(into, offset)
    }
}

/// What a stream says is told as it is: it knows the place in the packed file, too.
fn unread(offset: u64, error: io::Error) -> ImageError {
    match error.downcast::<SourceError>() {
        Ok(error) => ImageError::Source(error),
        Err(source) => ImageError::Read { offset, source },
    }
}

impl Passing {
    /// Reads until `bytes` is full or the stream is at its end.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<usize, ImageError> {
        let mut length = 0;
        while length < bytes.len() {
            match self.stream.read(&mut bytes[length..]) {
                Ok(0) => break,
                Ok(count) => length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let offset = self.position + length as u64;
                    return Err(unread(offset, error));
                }
            }
        }
        if let Some(check) = &mut self.check {
            check.see(&bytes[..length])?;
        }
        self.position += length as u64;
        Ok(length)
    }
}
