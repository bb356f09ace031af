//! What is asked of nodes, and what is heard of them. Not in here: how it gets
//! there.

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use bramble_cluster::{NodeName, Secret};
use bramble_converge::Unreachable;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// A task for one node.
#[derive(Debug, Clone)]
pub struct Errand {
    /// Which node.
    pub node: NodeName,
    /// What is to be done there. Errands that share one value are told apart by
    /// their node alone, and cost no more than it.
    pub task: Arc<Task>,
}

/// What one node is to do.
#[derive(Debug, Clone)]
pub struct Task {
    /// What it is.
    pub what: What,
    /// How long it may take once the node is reached; none is without end. A
    /// node that falls silent is given up after a minute either way.
    pub limit: Option<Duration>,
}

/// The kinds of task.
#[derive(Debug, Clone)]
pub enum What {
    /// A command.
    Command(Command),
    /// To answer over SSH and let us in, tried until it does or the limit is over.
    Ready,
}

/// A command for the account's shell.
#[derive(Debug, Clone)]
pub struct Command {
    /// The line. It holds no secret: it can be seen in the node's process list.
    pub line: String,
    /// What it reads.
    pub input: Input,
    /// Whether the line makes processes of root's. These end only at root's
    /// wish, so `sudo` is used for that.
    pub root: bool,
}

/// What a command reads from its standard input.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// First these, one after the other.
    pub parts: Vec<Part>,
    /// Then what all commands of the round read, if this does too.
    pub shared: bool,
}

/// A piece of input.
#[derive(Debug, Clone)]
pub enum Part {
    /// These bytes.
    Bytes(Secret<Bytes>),
    /// The content of a file, read when it is sent. An absolute path, since
    /// another process may do the reading.
    File {
        /// Where it is.
        path: PathBuf,
        /// Its length in bytes. It is an error if the file turns out shorter; what
        /// it has grown meanwhile is not sent.
        length: u64,
    },
}

impl Input {
    /// These bytes and no more.
    pub fn bytes(bytes: &Secret<Vec<u8>>) -> Self {
        Self {
            parts: vec![Part::Bytes(Secret::new(bytes.expose().clone().into()))],
            shared: false,
        }
    }
}

/// How a round of errands is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// How long one connection may take: TCP, key exchange and login together.
    pub connect: Duration,
    /// At how many nodes at the same time.
    pub fanout: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            fanout: 1000,
        }
    }
}

/// What the two ways of carrying out errands are given.
pub(crate) struct Trip<'a> {
    pub(crate) errands: &'a [Errand],
    pub(crate) common: Option<Box<dyn Read + Send>>,
    pub(crate) pace: Pace,
    pub(crate) stop: &'a Arc<AtomicBool>,
}

/// Which of its two outputs a command wrote to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Complaint,
}

/// What is heard of an errand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum News {
    /// The node is reached, and the command is starting there.
    Begun,
    /// The command wrote something, cut anywhere.
    Wrote(Stream, Bytes),
    /// The errand is over. This is the last that is heard of it, and every
    /// errand comes to it: with the exit status, 128 and the signal's number if
    /// one ended it, or with why there is none.
    Ended(Result<u32, Unreachable>),
}
