//! A card in memory, with the faults that cards have.

use std::io;
use std::sync::{Arc, Mutex};

use bramble_media::medium::Medium;

/// What is wrong with a card.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Faults {
    /// Writes at or after this byte fail.
    pub(crate) fails_from: Option<u64>,
    /// What is written from this byte on lands at the card's start.
    pub(crate) wraps_at: Option<u64>,
    /// What is written from this byte on is forgotten.
    pub(crate) forgets_from: Option<u64>,
    /// This byte always reads as if one bit of it were turned.
    pub(crate) bad_byte: Option<u64>,
}

/// A card whose bytes can be looked at while it is written.
#[derive(Debug, Clone)]
pub(crate) struct Memory {
    pub(crate) bytes: Arc<Mutex<Vec<u8>>>,
    /// What was done with it, in order.
    pub(crate) done: Arc<Mutex<Vec<Done>>>,
    length: u64,
    faults: Faults,
}

/// Something that was done with a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    Wrote { offset: u64, length: usize },
    Read { offset: u64, length: usize },
    Synced,
}

impl Memory {
    /// A card that holds something else.
    pub(crate) fn new(length: usize, faults: Faults) -> Self {
        Self {
            bytes: Arc::new(Mutex::new(vec![0xa5; length])),
            done: Arc::default(),
            length: length as u64,
            faults,
        }
    }

    pub(crate) fn content(&self) -> Vec<u8> {
        self.bytes.lock().unwrap().clone()
    }

    /// What lies at `offset` and the bytes after it, piece by piece: where in the memory,
    /// where in what is moved, and how much.
    fn pieces(&self, offset: u64, length: usize) -> Vec<(usize, usize, usize)> {
        let real = self.faults.wraps_at.unwrap_or(self.length);
        let mut pieces = Vec::new();
        let mut moved = 0;
        while moved < length {
            let at = (offset + moved as u64) % real;
            let count = (length - moved).min(usize::try_from(real - at).unwrap());
            pieces.push((usize::try_from(at).unwrap(), moved, count));
            moved += count;
        }
        pieces
    }

    fn note(&self, done: Done) {
        self.done.lock().unwrap().push(done);
    }

    fn is_past(&self, offset: u64, length: usize) -> bool {
        offset + length as u64 > self.length
    }
}

impl Medium for Memory {
    fn length(&self) -> u64 {
        self.length
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let end = offset + bytes.len() as u64;
        if self.is_past(offset, bytes.len()) || self.faults.fails_from.is_some_and(|at| end > at) {
            return Err(io::Error::from_raw_os_error(5));
        }
        let length = bytes.len();
        self.note(Done::Wrote { offset, length });
        let kept = self.faults.forgets_from.unwrap_or(u64::MAX);
        let kept = usize::try_from(kept.saturating_sub(offset))
            .unwrap()
            .min(length);
        let mut memory = self.bytes.lock().unwrap();
        for (at, from, count) in self.pieces(offset, kept) {
            memory[at..at + count].copy_from_slice(&bytes[from..from + count]);
        }
        Ok(())
    }

    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        if self.is_past(offset, into.len()) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let length = into.len();
        self.note(Done::Read { offset, length });
        let memory = self.bytes.lock().unwrap();
        for (at, to, count) in self.pieces(offset, length) {
            into[to..to + count].copy_from_slice(&memory[at..at + count]);
        }
        let bad = self.faults.bad_byte.and_then(|bad| bad.checked_sub(offset));
        if let Some(byte) = bad.and_then(|bad| into.get_mut(usize::try_from(bad).unwrap())) {
            *byte ^= 1;
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.note(Done::Synced);
        Ok(())
    }
}
