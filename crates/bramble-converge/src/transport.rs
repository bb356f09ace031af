//! The way to the nodes, as far as converging knows it. Implemented by
//! `bramble-fleet` over SSH; whether a node is a board or virtual does not show.

use std::collections::BTreeMap;

use bramble_cluster::{NodeName, Secret};
use serde::{Deserialize, Serialize};

/// What one node is asked in one exchange.
#[derive(Debug, Clone)]
pub struct Request {
    /// A command line for the account's shell. It holds no secret: it can be
    /// seen in the node's process list.
    pub command: String,
    /// What the command reads from its standard input.
    pub input: Secret<Vec<u8>>,
}

/// What a node answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The command's exit status; 128 and the signal's number if one ended it,
    /// as a shell says it.
    pub status: u32,
    /// Its standard output.
    pub output: Vec<u8>,
    /// Its standard error.
    pub complaint: Vec<u8>,
}

/// Why a node gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Unreachable {
    /// No way to the address, or nothing listens there.
    #[error("no answer at {address}: {reason}")]
    NoAnswer {
        /// Host and port.
        address: String,
        /// In the words of the operating system.
        reason: String,
    },
    /// The time allowed was over.
    #[error("{what} took longer than {seconds} s")]
    TooSlow {
        /// "connecting to 10.55.0.3:22", "the command".
        what: String,
        /// The time allowed.
        seconds: u64,
    },
    /// Somebody else may be answering at the address.
    #[error(
        "the host key is not the one pinned: expected {expected}, got {found}; another machine \
         answers at this address, or the node was set up anew"
    )]
    WrongHostKey {
        /// Fingerprint, as `ssh-keygen -l` writes it.
        expected: String,
        /// Likewise.
        found: String,
    },
    /// The node refused every key offered.
    #[error("{user} was refused at login: none of the {offered} keys offered is allowed there")]
    Refused {
        /// The account.
        user: String,
        /// How many keys were tried.
        offered: usize,
    },
    /// The node refused every key offered, and the private key was not among them.
    #[error(
        "{user} was refused at login: none of the {offered} keys of the ssh-agent is allowed \
         there, and the private key could not be offered: {reason}"
    )]
    RefusedWithoutKey {
        /// The account.
        user: String,
        /// How many keys were tried.
        offered: usize,
        /// Why the private key was not.
        reason: String,
    },
    /// The node is behind another that could not be reached.
    #[error("{via} is the way there, and could not be reached: {reason}")]
    NoWay {
        /// The node in between.
        via: NodeName,
        /// Why it could not be reached.
        reason: Box<Self>,
    },
    /// The connection ended before the answer was whole.
    #[error("the connection was lost: {0}")]
    Lost(String),
    /// What it was to be sent cannot be read on this machine.
    #[error("what it was to be sent cannot be read: {0}")]
    NoInput(String),
    /// The user asked for the end.
    #[error("interrupted")]
    Interrupted,
}

/// What each node answered, or why it did not.
pub type Answers = BTreeMap<NodeName, Result<Answer, Unreachable>>;

/// The way to the nodes.
pub trait Transport {
    /// Puts one request to each node, to all at the same time, and waits for
    /// every answer. `heard` is told every line of standard output as it comes.
    fn exchange(
        &self,
        requests: BTreeMap<NodeName, Request>,
        heard: &mut dyn FnMut(&NodeName, &str),
    ) -> Answers;
}
