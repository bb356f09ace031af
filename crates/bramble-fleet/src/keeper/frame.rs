//! What command and keeper say to each other: frames of a length (32 bits, little
//! endian) and a message in postcard's format. Both are the same program of the
//! same build, so the format may change freely. Not in here: who says what when.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bramble_cluster::{NodeName, Secret};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::errand::{Command, Errand, Input, News, Pace, Part, Task, What};

/// Tells which keeper is meant: one with this book, this key, of this build.
pub(super) type Fingerprint = [u8; 32];

/// What a command says.
#[derive(Serialize, Deserialize)]
pub(super) enum ToKeeper {
    /// The first word: which keeper is meant. One with another fingerprint makes
    /// way.
    Hello(Fingerprint),
    /// A round of errands.
    Round(Orders),
    /// The next piece of the common input.
    Input(Bytes),
    /// The common input is over, or cannot be read further, and why.
    InputEnded(Result<(), String>),
    /// Nobody wants the errands any more.
    Halt,
    /// Make way for another keeper.
    Retire,
}

/// What the keeper says.
#[derive(Serialize, Deserialize)]
pub(super) enum ToCommand {
    /// It is the keeper that is meant.
    Welcome,
    /// The keeper has another fingerprint, and ends.
    Stranger,
    /// News of an errand.
    News(usize, News),
    /// So much of the common input may have been sent in all, in bytes.
    Allowed(u64),
}

/// A round of errands. What errands share is written once.
#[derive(Serialize, Deserialize)]
pub(super) struct Orders {
    pub(super) pace: Pace,
    pub(super) agent: Option<PathBuf>,
    pub(super) common: bool,
    tasks: Vec<WireTask>,
    errands: Vec<(NodeName, usize)>,
}

#[derive(Serialize, Deserialize)]
struct WireTask {
    limit: Option<Duration>,
    command: Option<WireCommand>,
}

#[derive(Serialize, Deserialize)]
struct WireCommand {
    line: String,
    parts: Vec<WirePart>,
    shared: bool,
    root: bool,
}

#[derive(Serialize, Deserialize)]
enum WirePart {
    Bytes(Bytes),
    File(PathBuf, u64),
}

impl Orders {
    pub(super) fn new(
        errands: &[Errand],
        pace: Pace,
        agent: Option<PathBuf>,
        common: bool,
    ) -> Self {
        let (mut tasks, mut known) = (Vec::new(), BTreeMap::new());
        let mut number = |task: &Arc<Task>| {
            *known.entry(Arc::as_ptr(task)).or_insert_with(|| {
                tasks.push(WireTask::from(&**task));
                tasks.len() - 1
            })
        };
        let errands = errands
            .iter()
            .map(|errand| (errand.node.clone(), number(&errand.task)))
            .collect();
        Self {
            pace,
            agent,
            common,
            tasks,
            errands,
        }
    }

    pub(super) fn errands(&mut self) -> Vec<Errand> {
        let tasks: Vec<_> = std::mem::take(&mut self.tasks)
            .into_iter()
            .map(|task| Arc::new(Task::from(task)))
            .collect();
        std::mem::take(&mut self.errands)
            .into_iter()
            .filter_map(|(node, task)| {
                let task = Arc::clone(tasks.get(task)?);
                Some(Errand { node, task })
            })
            .collect()
    }
}

impl From<&Task> for WireTask {
    fn from(task: &Task) -> Self {
        Self {
            limit: task.limit,
            command: match &task.what {
                What::Command(command) => Some(WireCommand::from(command)),
                What::Ready => None,
            },
        }
    }
}

impl From<WireTask> for Task {
    fn from(task: WireTask) -> Self {
        Self {
            limit: task.limit,
            what: task
                .command
                .map_or(What::Ready, |command| What::Command(Command::from(command))),
        }
    }
}

impl From<&Command> for WireCommand {
    fn from(command: &Command) -> Self {
        let part = |part: &Part| match part {
            Part::Bytes(bytes) => WirePart::Bytes(bytes.expose().clone()),
            Part::File { path, length } => WirePart::File(path.clone(), *length),
        };
        Self {
            line: command.line.clone(),
            parts: command.input.parts.iter().map(part).collect(),
            shared: command.input.shared,
            root: command.root,
        }
    }
}

impl From<WireCommand> for Command {
    fn from(command: WireCommand) -> Self {
        let part = |part| match part {
            WirePart::Bytes(bytes) => Part::Bytes(Secret::new(bytes)),
            WirePart::File(path, length) => Part::File { path, length },
        };
        Self {
            line: command.line,
            input: Input {
                parts: command.parts.into_iter().map(part).collect(),
                shared: command.shared,
            },
            root: command.root,
        }
    }
}

/// A message as a frame.
pub(super) fn encode(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut frame = postcard::to_extend(message, vec![0; 4]).map_err(io::Error::other)?;
    let length = u32::try_from(frame.len() - 4).map_err(io::Error::other)?;
    frame[..4].copy_from_slice(&length.to_le_bytes());
    Ok(frame)
}

/// A message from what a frame holds after its length.
pub(super) fn decode<M: DeserializeOwned>(frame: &[u8]) -> io::Result<M> {
    postcard::from_bytes(frame).map_err(io::Error::other)
}

/// Takes frames out of a stream that is read in pieces.
#[derive(Default)]
pub(super) struct Frames {
    bytes: Vec<u8>,
    from: usize,
}

impl Frames {
    /// Reads once from `source`: how many bytes, 0 at its end.
    pub(super) fn read(&mut self, source: &mut impl Read) -> io::Result<usize> {
        self.bytes.drain(..self.from);
        self.from = 0;
        let length = self.bytes.len();
        self.bytes.resize(length + (64 << 10), 0);
        let read = source.read(&mut self.bytes[length..]);
        self.bytes.truncate(length + *read.as_ref().unwrap_or(&0));
        read
    }

    /// The next message, if it is whole.
    pub(super) fn next<M: DeserializeOwned>(&mut self) -> io::Result<Option<M>> {
        let rest = &self.bytes[self.from..];
        let Some((length, rest)) = rest.split_first_chunk::<4>() else {
            return Ok(None);
        };
        let length = u32::from_le_bytes(*length) as usize;
        let Some(frame) = rest.get(..length) else {
            return Ok(None);
        };
        let message = decode(frame)?;
        self.from += 4 + length;
        Ok(Some(message))
    }
}
