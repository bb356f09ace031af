//! What a command reads: its own parts, then what all read. Files are read once
//! for all nodes that are sent them at about the same time. Not in here: where the
//! common input comes from (`common_input`).

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use russh::ChannelWriteHalf;
use russh::client::Msg;

use crate::common_input::Reader;
use crate::errand::{Part, Task, What};
use crate::flow::Flow;

/// Bytes of a file that are read and sent at a time.
const PIECE: u64 = 256 << 10;

/// Pieces that are remembered for other nodes: 32 MiB in all. A node that has
/// fallen back further reads for itself.
const REMEMBERED: usize = 128;

/// Files that are kept open, for the same reason.
const OPEN: usize = 16;

/// The input of one command.
pub(crate) struct Feed {
    pub(crate) task: Arc<Task>,
    pub(crate) common: Option<Reader>,
    pub(crate) shelf: Arc<Shelf>,
}

/// Why input did not get to its end.
pub(crate) enum NotFed {
    /// It cannot be read here, and why.
    Unreadable(String),
    /// The command reads no more, or the connection is gone.
    Closed,
}

impl From<russh::Error> for NotFed {
    fn from(_: russh::Error) -> Self {
        Self::Closed
    }
}

impl Feed {
    /// Sends all of it.
    pub(crate) async fn pour(
        mut self,
        writer: &ChannelWriteHalf<Msg>,
        flow: &Flow,
    ) -> Result<(), NotFed> {
        let task = Arc::clone(&self.task);
        let What::Command(command) = &task.what else {
            return Ok(());
        };
        let sink = Sink { writer, flow };
        for part in &command.input.parts {
            match part {
                Part::Bytes(bytes) => sink.send(bytes.expose().clone()).await?,
                Part::File { path, length } => self.pour_file(path, *length, &sink).await?,
            }
        }
        if let Some(common) = &mut self.common {
            while let Some(bytes) = common.next().await.map_err(|error| unreadable(&error))? {
                sink.send(bytes).await?;
            }
        }
        Ok(())
    }

    async fn pour_file(&self, path: &Path, length: u64, sink: &Sink<'_>) -> Result<(), NotFed> {
        let mut from = 0;
        while from < length {
            let piece = self
                .shelf
                .piece(path, from, PIECE.min(length - from))
                .map_err(|error| NotFed::Unreadable(format!("{}: {error}", path.display())))?;
            from += piece.len() as u64;
            sink.send(piece).await?;
        }
        Ok(())
    }
}

/// Where input goes.
struct Sink<'a> {
    writer: &'a ChannelWriteHalf<Msg>,
    flow: &'a Flow,
}

impl Sink<'_> {
    async fn send(&self, mut bytes: Bytes) -> Result<(), NotFed> {
        while !bytes.is_empty() {
            let room = self.flow.room(bytes.len()).await;
            self.writer.data_bytes(bytes.split_to(room)).await?;
        }
        Ok(())
    }
}

fn unreadable(error: &io::Error) -> NotFed {
    NotFed::Unreadable(error.to_string())
}

/// Pieces of files, read once for all.
#[derive(Default)]
pub(crate) struct Shelf {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    files: VecDeque<(PathBuf, Arc<File>)>,
    pieces: VecDeque<(PathBuf, u64, Bytes)>,
}

impl Shelf {
    /// `length` bytes of the file from `from`. Others wait meanwhile: they most
    /// likely want the same.
    fn piece(&self, path: &Path, from: u64, length: u64) -> io::Result<Bytes> {
        let mut state = self.state();
        let known = state
            .pieces
            .iter()
            .rev()
            .find(|(of, at, _)| *at == from && of == path);
        if let Some((_, _, bytes)) = known {
            return Ok(bytes.clone());
        }
        let file = state.file(path)?;
        let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        file.read_exact_at(&mut bytes, from).map_err(shorter)?;
        let bytes = Bytes::from(bytes);
        if state.pieces.len() == REMEMBERED {
            state.pieces.pop_front();
        }
        state
            .pieces
            .push_back((path.to_owned(), from, bytes.clone()));
        Ok(bytes)
    }

    /// What is remembered is right after a panic, too.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn file(&mut self, path: &Path) -> io::Result<Arc<File>> {
        if let Some((_, file)) = self.files.iter().find(|(of, _)| of == path) {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(File::open(path)?);
        if self.files.len() == OPEN {
            self.files.pop_front();
        }
        self.files.push_back((path.to_owned(), Arc::clone(&file)));
        Ok(file)
    }
}

fn shorter(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return io::Error::new(error.kind(), "it became shorter while it was sent");
    }
    error
}
