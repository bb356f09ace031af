//! An image as a stream of raw bytes, checked on its way. Not in here: how it is
//! unpacked.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use super::digest::{self, Digests, Hashing, Making};
use super::input::{Input, Place};
use super::outlet::{News, Outlet};
use super::piece::{Piece, Shelf};
use super::unpack::{self, Job};
use super::{Expected, Packing, Source, SourceError};

/// How many pieces wait for whoever reads. One that is slower slows the unpacking down.
const WAITING: usize = 8;

/// The raw bytes of a source, from the first to the last.
///
/// Reading tells an end only when all of the source was right as far as its own check
/// values go; otherwise it tells an error, within which is a [`SourceError`].
#[derive(Debug)]
pub struct Stream {
    name: String,
    news: Receiver<News>,
    /// What has come, and how much of it has been read.
    piece: Option<Arc<Piece>>,
    read: usize,
    /// How many bytes have come.
    come: u64,
    promised: Option<u64>,
    state: State,
    place: Place,
    expected: Expected,
    packed: Digest,
    raw: Digest,
    packing: Packing,
    /// As long as it is there, the file is hashed.
    _wanted: Arc<()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    Ended,
    Failed,
}

/// A digest that is waited for.
#[derive(Debug)]
enum Digest {
    Unwanted,
    Making(Making),
    Made([u8; 32]),
}

impl Stream {
    pub(super) fn start(source: Source) -> Result<Self, SourceError> {
        let fault = SourceError::io(&source.name, "be unpacked on a thread of its own");
        let wanted = Arc::new(());
        let place = Place::default();
        let (sender, news) = sync_channel(WAITING);
        let digests = Starting::of(&source, &wanted).map_err(&fault)?;
        let outlet = Outlet {
            name: source.name.clone(),
            packing: source.packing,
            reader: sender,
            hashing: digests.of_raw,
            shelf: Shelf::default(),
            given: 0,
        };
        let job = Job {
            input: source.input,
            plan: source.plan,
            place: Arc::clone(&place),
            hashing: digests.of_pipe,
        };
        let thread = thread::Builder::new().name("unpack".to_owned());
        thread
            .spawn(move || unpack::run(job, outlet))
            .map_err(&fault)?;
        Ok(Self {
            name: source.name,
            news,
            piece: None,
            read: 0,
            come: 0,
            promised: source.length,
            state: State::Reading,
            place,
            expected: source.expected,
            packed: digests.packed,
            raw: digests.raw,
            packing: source.packing,
            _wanted: wanted,
        })
    }

    /// How many bytes of the source as it is have been used so far: a measure of how
    /// far it is when its raw length is not known.
    pub fn packed_done(&self) -> u64 {
        self.place.load(Ordering::Relaxed)
    }

    /// Reads what has not been read yet, and holds the digests against those expected.
    pub fn finish(mut self) -> Result<Digests, SourceError> {
        while self.next()? {}
        let packed = self.packed.get(&self.name)?;
        let raw = self.raw.get(&self.name)?;
        let found = match self.packing {
            Packing::Raw => Digests { packed: raw, raw },
            _ => Digests { packed, raw },
        };
        compare(&self.name, OF_FILE, self.expected.packed, found.packed)?;
        compare(&self.name, OF_RAW, self.expected.raw, found.raw)?;
        Ok(found)
    }

    /// What has come and not been read.
    fn held(&self) -> &[u8] {
        self.piece.as_ref().map_or(&[], |piece| &piece[self.read..])
    }

    /// Waits for the next piece; whether there is one.
    fn next(&mut self) -> Result<bool, SourceError> {
        if self.state == State::Ended {
            return Ok(false);
        }
        let outcome = self.check_file().and_then(|()| self.receive());
        if outcome.is_err() {
            self.state = State::Failed;
        }
        outcome
    }

    fn receive(&mut self) -> Result<bool, SourceError> {
        let name = || self.name.clone();
        match self.news.recv() {
            Ok(News::Piece(piece)) if self.state == State::Reading => {
                self.come += piece.len() as u64;
                self.piece = Some(piece);
                self.read = 0;
                Ok(true)
            }
            Ok(News::End) if self.state == State::Reading => {
                self.state = State::Ended;
                match self.promised {
                    Some(promised) if promised != self.come => Err(SourceError::Length {
                        name: name(),
                        promised,
                        found: self.come,
                    }),
                    _ => Ok(false),
                }
            }
            Ok(News::Failed(error)) => Err(error),
            _ => Err(SourceError::CutShort { name: name() }),
        }
    }

    /// Notices as soon as the hash of the file is known that it is the wrong one.
    fn check_file(&mut self) -> Result<(), SourceError> {
        if self.packed.is_ready() {
            let found = self.packed.get(&self.name)?;
            compare(&self.name, OF_FILE, self.expected.packed, found)?;
        }
        Ok(())
    }
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.held().is_empty() {
            self.piece = None;
            if into.is_empty() || !self.next()? {
                return Ok(0);
            }
        }
        let held = self.held();
        let count = held.len().min(into.len());
        into[..count].copy_from_slice(&held[..count]);
        self.read += count;
        Ok(count)
    }
}

const OF_FILE: &str = "the file";
const OF_RAW: &str = "the raw image";

fn compare(
    name: &str,
    of: &'static str,
    expected: Option<[u8; 32]>,
    found: Option<[u8; 32]>,
) -> Result<(), SourceError> {
    match (expected, found) {
        (Some(expected), Some(found)) if expected != found => Err(SourceError::Digest {
            name: name.to_owned(),
            of,
            expected,
            found,
        }),
        (Some(_), None) => Err(SourceError::CutShort {
            name: name.to_owned(),
        }),
        _ => Ok(()),
    }
}

impl Digest {
    fn is_ready(&self) -> bool {
        matches!(self, Self::Making(thread) if thread.is_finished())
    }

    /// Waits until it is made.
    fn get(&mut self, name: &str) -> Result<Option<[u8; 32]>, SourceError> {
        let made = match std::mem::replace(self, Self::Unwanted) {
            Self::Unwanted => return Ok(None),
            Self::Made(digest) => digest,
            Self::Making(thread) => {
                let cut_short = |_| SourceError::CutShort {
                    name: name.to_owned(),
                };
                let made = thread.join().map_err(cut_short)?;
                made.map_err(SourceError::io(name, "be read"))?
            }
        };
        *self = Self::Made(made);
        Ok(Some(made))
    }
}

/// The digests that were asked for, and where their bytes are to be given.
struct Starting {
    packed: Digest,
    raw: Digest,
    of_pipe: Option<Hashing>,
    of_raw: Option<Hashing>,
}

impl Starting {
    fn of(source: &Source, wanted: &Arc<()>) -> io::Result<Self> {
        let is_raw = source.packing == Packing::Raw;
        let packed = source.expected.packed.is_some() || source.wanted.packed;
        let raw = source.expected.raw.is_some() || source.wanted.raw;
        let mut starting = Self {
            packed: Digest::Unwanted,
            raw: Digest::Unwanted,
            of_pipe: None,
            of_raw: None,
        };
        // What is not packed has one digest, whatever it is called.
        if raw || (packed && is_raw) {
            let (hashing, making) = Hashing::start()?;
            starting.raw = Digest::Making(making);
            starting.of_raw = Some(hashing);
        }
        if packed && !is_raw {
            let making = match &source.input {
                Input::File(file, length) => {
                    digest::of_file(file, *length, Arc::downgrade(wanted))?
                }
                Input::Pipe(..) => {
                    let (hashing, making) = Hashing::start()?;
                    starting.of_pipe = Some(hashing);
                    making
                }
            };
            starting.packed = Digest::Making(making);
        }
        Ok(starting)
    }
}
