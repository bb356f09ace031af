//! What nodes print, kept until all have ended: a little of each in memory, the
//! rest of all in one file without a name. Equal answers are known by their
//! digest, and kept once. Not in here: how they are shown.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use bramble_fleet::nameless_file;
use rustix::fs::{FallocateFlags, fallocate};
use sha2::{Digest as _, Sha256};

/// Bytes of an answer that are kept in memory.
const KEPT: usize = 8 << 10;

/// Bytes that are read back at a time.
const PIECE: usize = 128 << 10;

/// By this an answer is known. Whether the last line has an end makes no
/// difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    lines: u64,
    length: u64,
    digest: [u8; 32],
}

/// An answer that is still being heard.
#[derive(Debug, Default)]
pub(crate) struct Capture {
    content: Content,
    measure: Measure,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Captured {
    content: Arc<Content>,
    /// By this it is known.
    pub(crate) key: Key,
    /// Its bytes.
    pub(crate) length: u64,
    /// Its lines, also a last one without end.
    pub(crate) lines: u64,
    /// Whether its last line lacks its end.
    pub(crate) open: bool,
}

/// First what is in the file, then what is in memory.
#[derive(Debug, Default)]
struct Content {
    /// Beginnings and ends in the file.
    extents: Vec<(u64, u64)>,
    memory: Vec<u8>,
}

/// Where answers are kept.
#[derive(Debug, Default)]
pub(crate) struct Store {
    file: Option<File>,
    end: u64,
    known: BTreeMap<(Key, bool), Arc<Content>>,
}

impl Store {
    /// Adds to an answer.
    pub(crate) fn push(&mut self, capture: &mut Capture, bytes: &[u8]) -> io::Result<()> {
        capture.measure.push(bytes);
        let Content { extents, memory } = &mut capture.content;
        if memory.len() + bytes.len() <= KEPT {
            memory.extend_from_slice(bytes);
            return Ok(());
        }
        self.spill(extents, memory)?;
        memory.clear();
        if bytes.len() < KEPT {
            memory.extend_from_slice(bytes);
            return Ok(());
        }
        self.spill(extents, bytes)
    }

    fn spill(&mut self, extents: &mut Vec<(u64, u64)>, bytes: &[u8]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(nameless_file()?),
        };
        file.write_all_at(bytes, self.end)?;
        let begin = self.end;
        self.end += bytes.len() as u64;
        match extents.last_mut() {
            Some((_, end)) if *end == begin => *end = self.end,
            _ => extents.push((begin, self.end)),
        }
        Ok(())
    }

    /// No more comes. If the same answer is here already, this one goes.
    pub(crate) fn close(&mut self, capture: &mut Capture) -> Captured {
        let Capture { content, measure } = std::mem::take(capture);
        let (open, length) = (measure.is_open(), measure.length);
        let key = measure.key();
        let content = match self.known.get(&(key.clone(), open)) {
            Some(known) => {
                self.give_back(&content.extents);
                Arc::clone(known)
            }
            None => self.keep(content, (key.clone(), open)),
        };
        Captured {
            content,
            length,
            lines: key.lines,
            open,
            key,
        }
    }

    fn keep(&mut self, mut content: Content, key: (Key, bool)) -> Arc<Content> {
        content.memory.shrink_to_fit();
        let content = Arc::new(content);
        self.known.insert(key, Arc::clone(&content));
        content
    }

    /// The room is free again where the file system can do that; where it cannot,
    /// the file is larger than it had to be.
    fn give_back(&self, extents: &[(u64, u64)]) {
        for (begin, end) in extents {
            if let Some(file) = &self.file {
                let hole = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
                let _left = fallocate(file, hole, *begin, end - begin);
            }
        }
    }

    /// Tells an answer piece by piece.
    pub(crate) fn read<E: From<io::Error>>(
        &self,
        captured: &Captured,
        tell: &mut dyn FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut piece = Vec::new();
        if let Some(file) = &self.file {
            for &(begin, end) in &captured.content.extents {
                let mut at = begin;
                while at < end {
                    let length = (end - at).min(PIECE as u64);
                    piece.resize(usize::try_from(length).map_err(io::Error::other)?, 0);
                    file.read_exact_at(&mut piece, at)?;
                    tell(&piece)?;
                    at += length;
                }
            }
        }
        tell(&captured.content.memory)
    }
}

/// What is known of an answer without keeping it.
#[derive(Debug, Default)]
struct Measure {
    digest: Sha256,
    length: u64,
    line_feeds: u64,
    /// Whether the last byte was a line feed. It is not in the digest yet.
    ended: bool,
}

impl Measure {
    fn push(&mut self, bytes: &[u8]) {
        let Some((&last, others)) = bytes.split_last() else {
            return;
        };
        if std::mem::replace(&mut self.ended, last == b'\n') {
            self.digest.update(b"\n");
        }
        self.digest.update(if self.ended { others } else { bytes });
        self.length += bytes.len() as u64;
        let line_feed = |&byte: &u8| u64::from(byte == b'\n');
        self.line_feeds += bytes.iter().map(line_feed).sum::<u64>();
    }

    fn is_open(&self) -> bool {
        self.length > 0 && !self.ended
    }

    fn key(self) -> Key {
        Key {
            lines: self.line_feeds + u64::from(self.is_open()),
            length: self.length - u64::from(self.ended),
            digest: self.digest.finalize().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(store: &mut Store, pieces: &[&[u8]]) -> Captured {
        let mut capture = Capture::default();
        for piece in pieces {
            store.push(&mut capture, piece).unwrap();
        }
        store.close(&mut capture)
    }

    fn read(store: &Store, captured: &Captured) -> Vec<u8> {
        let mut all = Vec::new();
        store
            .read(captured, &mut |bytes| {
                all.extend_from_slice(bytes);
                io::Result::Ok(())
            })
            .unwrap();
        all
    }

    #[test]
    fn answers_of_any_size_come_back_as_they_were_also_interleaved() {
        let mut store = Store::default();
        let mut captures = [Capture::default(), Capture::default(), Capture::default()];
        let mut whole = [Vec::new(), Vec::new(), Vec::new()];
        for nth in 0..4000_u32 {
            for (at, size) in [1, 100, 20_000].into_iter().enumerate() {
                if size == 20_000 && nth % 100 > 0 {
                    continue;
                }
                let piece = vec![u8::try_from((nth + size) % 251).unwrap(); size as usize];
                store.push(&mut captures[at], &piece).unwrap();
                whole[at].extend_from_slice(&piece);
            }
        }
        for (capture, whole) in captures.iter_mut().zip(whole) {
            let captured = store.close(capture);
            assert_eq!(captured.length, whole.len() as u64);
            assert!(read(&store, &captured) == whole);
            assert!(captured.content.memory.len() <= KEPT);
        }
    }

    #[test]
    fn answers_are_equal_if_their_lines_are_however_they_came() {
        let mut store = Store::default();
        let mut key = |pieces: &[&[u8]]| captured(&mut store, pieces).key;
        assert_eq!(key(&[b"a\nb\n"]), key(&[b"a", b"\n", b"b"]));
        assert_ne!(key(&[b"a\nb\n"]), key(&[b"a\nb\n\n"]));
        assert_ne!(key(&[b"\n"]), key(&[]));
        assert_ne!(key(&[b"a"]), key(&[b"b"]));
    }

    #[test]
    fn lines_are_counted_also_one_without_end() {
        let mut store = Store::default();
        let mut lines = |pieces: &[&[u8]]| {
            let captured = captured(&mut store, pieces);
            (captured.lines, captured.open)
        };
        assert_eq!(lines(&[]), (0, false));
        assert_eq!(lines(&[b"\n"]), (1, false));
        assert_eq!(lines(&[b"a\n", b"b"]), (2, true));
    }

    #[test]
    fn an_answer_that_is_here_already_is_kept_once_and_each_with_its_own_end() {
        let mut store = Store::default();
        let large = vec![b'x'; 100_000];
        let first = captured(&mut store, &[&large]);
        let second = captured(&mut store, &[&large]);
        let ended = captured(&mut store, &[&large, b"\n"]);
        assert!(Arc::ptr_eq(&first.content, &second.content));
        assert_eq!(first.key, ended.key);
        assert_eq!(read(&store, &second), large);
        assert_eq!(read(&store, &ended).len(), large.len() + 1);
    }
}
