//! The bytes of a source as they are, before anything is unpacked, and how many of them
//! have been used. Not in here: what they mean.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::digest::Hashing;
use super::piece::{PIECE, Shelf};

/// How many bytes are read at once.
const READ_AT_ONCE: usize = 256 * 1024;

/// Where the bytes are.
#[derive(Debug)]
pub(super) enum Input {
    /// In a file of this length, which can be read at any place.
    File(Arc<File>, u64),
    /// They come by and are gone: those that were looked at, and the rest.
    Pipe(Vec<u8>, File),
}

/// How far into a source its unpacker is, in bytes.
pub(super) type Place = Arc<AtomicU64>;

/// What comes by a pipe, hashed on its way.
#[derive(Debug)]
pub(super) struct PipeReader {
    bytes: io::Chain<Cursor<Vec<u8>>, File>,
    hashing: Option<Hashing>,
    shelf: Shelf,
}

impl PipeReader {
    pub(super) fn new(head: Vec<u8>, rest: File, hashing: Option<Hashing>) -> Self {
        Self {
            bytes: Cursor::new(head).chain(rest),
            hashing,
            shelf: Shelf::default(),
        }
    }
}

impl Read for PipeReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(into)?;
        if let Some(hashing) = &self.hashing {
            for bytes in into[..read].chunks(PIECE) {
                hashing.take(Arc::new(self.shelf.copy(bytes)));
            }
        }
        Ok(read)
    }
}

/// A reader that tells how much of it has been used, and marks the errors that are its
/// own: those that an unpacker finds in what it read are of another kind.
#[derive(Debug)]
pub(super) struct Counted<R> {
    inner: BufReader<R>,
    place: Place,
}

/// An error of reading, as opposed to one of unpacking.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct CannotRead(pub(super) io::Error);

impl<R: Read> Counted<R> {
    pub(super) fn new(inner: R, place: Place) -> Self {
        Self {
            inner: BufReader::with_capacity(READ_AT_ONCE, inner),
            place,
        }
    }

    pub(super) fn at(&self) -> u64 {
        self.place.load(Ordering::Relaxed)
    }
}

impl<R: Read> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        loop {
            match self.inner.fill_buf() {
                // Given back below: from in here it would be borrowed for ever.
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(io::Error::other(CannotRead(error))),
            }
        }
        Ok(self.inner.buffer())
    }

    fn consume(&mut self, count: usize) {
        self.inner.consume(count);
        self.place.fetch_add(count as u64, Ordering::Relaxed);
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let held = self.fill_buf()?;
        let count = held.len().min(into.len());
        into[..count].copy_from_slice(&held[..count]);
        self.consume(count);
        Ok(count)
    }
}
