//! What is written once and read by many, each at its own pace: the standard
//! input of a command on many nodes. What a slow reader has not read yet lies in
//! a file without a name, so that neither memory nor the others pay for it. Not in
//! here: where it comes from.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use tokio::sync::{Notify, watch};

use crate::nameless::nameless_file;

/// How far the writer may be ahead of the fastest reader, in bytes. It bounds
/// what endless input costs when nobody reads it.
pub(crate) const AHEAD: u64 = 8 << 20;

/// Bytes that a reader takes at a time.
const PIECE: u64 = 128 << 10;

/// Bytes that are read from the source at a time.
const READ: usize = 64 << 10;

/// The writing end.
pub(crate) struct CommonInput {
    /// None where there is no room for one: then nothing is kept, and the readers are
    /// told why.
    file: Option<Arc<File>>,
    extent: watch::Sender<Extent>,
    front: Arc<Front>,
}

#[derive(Debug, Clone, Default)]
struct Extent {
    written: u64,
    ended: Option<Result<(), String>>,
}

/// Where the fastest reader is.
#[derive(Debug, Default)]
struct Front {
    at: AtomicU64,
    moved: Notify,
}

/// A reading end.
pub(crate) struct Reader {
    file: Option<Arc<File>>,
    extent: watch::Receiver<Extent>,
    front: Arc<Front>,
    at: u64,
}

impl CommonInput {
    pub(crate) fn new() -> Self {
        let file = nameless_file();
        let ended = file.as_ref().err().map(|error| Err(error.to_string()));
        Self {
            file: file.ok().map(Arc::new),
            extent: watch::Sender::new(Extent { written: 0, ended }),
            front: Arc::default(),
        }
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader {
            file: self.file.clone(),
            extent: self.extent.subscribe(),
            front: Arc::clone(&self.front),
            at: 0,
        }
    }

    /// Appends. Once that has failed, or the end was told, nothing more is taken.
    pub(crate) fn push(&self, bytes: &[u8]) {
        let Extent { written, ended } = self.extent.borrow().clone();
        let (None, Some(file)) = (ended, &self.file) else {
            return;
        };
        match file.write_all_at(bytes, written) {
            Ok(()) => self
                .extent
                .send_modify(|extent| extent.written += bytes.len() as u64),
            Err(error) => self.end(Err(error.to_string())),
        }
    }

    /// No more comes: this was all, or the rest cannot be had, and why.
    pub(crate) fn end(&self, how: Result<(), String>) {
        self.extent.send_modify(|extent| {
            extent.ended.get_or_insert(how);
        });
    }

    /// How much may have been written in all by now, in bytes.
    fn allowed(&self) -> u64 {
        self.front.at.load(Ordering::Acquire) + AHEAD
    }

    /// Waits until more than `allowed` may have been written.
    pub(crate) async fn more_than(&self, allowed: u64) -> u64 {
        loop {
            let moved = self.front.moved.notified();
            let now = self.allowed();
            if now > allowed {
                return now;
            }
            moved.await;
        }
    }
}

impl Reader {
    /// What comes next; nothing at the end.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Bytes>> {
        let at = self.at;
        let extent = self
            .extent
            .wait_for(|extent| extent.written > at || extent.ended.is_some())
            .await
            .map(|extent| extent.clone())
            // A writer that is gone has nothing more to say.
            .unwrap_or_default();
        let length = extent.written.saturating_sub(at).min(PIECE);
        if length == 0 {
            let ended = extent.ended.unwrap_or(Ok(()));
            return ended.map(|()| None).map_err(io::Error::other);
        }
        let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        if let Some(file) = &self.file {
            file.read_exact_at(&mut bytes, at)?;
        }
        self.at += length;
        self.front.at.fetch_max(self.at, Ordering::AcqRel);
        self.front.moved.notify_waiters();
        Ok(Some(Bytes::from(bytes)))
    }
}

/// Reads `source` to its end, a piece at a time. `room` waits until more may be
/// taken than the bytes it is told, and `take` takes a piece.
pub(crate) fn pour(
    source: &mut dyn Read,
    room: &mut dyn FnMut(u64),
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut piece = vec![0; READ];
    let mut taken = 0;
    loop {
        room(taken);
        let length = match source.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        take(&piece[..length])?;
        taken += length as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn rest(reader: &mut Reader) -> Vec<u8> {
        let mut all = Vec::new();
        while let Some(bytes) = reader.next().await.unwrap() {
            all.extend_from_slice(&bytes);
        }
        all
    }

    #[tokio::test]
    async fn every_reader_gets_all_of_it_also_one_that_comes_late() {
        let input = CommonInput::new();
        let mut early = input.reader();
        input.push(b"one ");
        assert_eq!(early.next().await.unwrap().unwrap(), &b"one "[..]);
        input.push(&vec![b'x'; 300_000]);
        input.end(Ok(()));
        let mut late = input.reader();
        assert_eq!(rest(&mut early).await.len(), 300_000);
        assert_eq!(rest(&mut late).await.len(), 300_004);
    }

    #[tokio::test]
    async fn what_was_lost_on_the_way_is_told_and_not_passed_over() {
        let input = CommonInput::new();
        let mut reader = input.reader();
        input.push(b"some");
        input.end(Err("no space".to_owned()));
        input.push(b"more");
        input.end(Ok(()));
        assert_eq!(reader.next().await.unwrap().unwrap(), &b"some"[..]);
        assert_eq!(reader.next().await.unwrap_err().to_string(), "no space");
    }

    #[tokio::test]
    async fn a_writer_may_go_on_once_the_fastest_reader_has_read() {
        let input = CommonInput::new();
        let mut reader = input.reader();
        assert_eq!(input.allowed(), AHEAD);
        input.push(b"12345");
        let (more, _) = tokio::join!(input.more_than(AHEAD), reader.next());
        assert_eq!(more, AHEAD + 5);
    }
}
