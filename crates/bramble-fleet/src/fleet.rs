//! Many nodes at once behind a plain blocking interface: over connections of
//! this process's own, or over those that a keeper has. Not in here: SSH itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Read;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bramble_cluster::NodeName;
use bramble_converge::{Answer, Answers, Request, Transport, Unreachable};

use crate::book::{AddressBook, routes};
use crate::errand::{Command, Errand, Input, News, Pace, Stream, Task, Trip, What};
use crate::error::FleetError;
use crate::keeper::Keeper;
use crate::lines::Lines;
use crate::login::{Guest, Identity, Login};
use crate::own::Own;

/// All nodes of an address book. A connection is made when its node is first
/// asked something, and kept for the next time.
pub struct Fleet {
    book: AddressBook,
    identity: Identity,
    guest: Option<(NodeName, Guest)>,
    keeper: Option<Keeper>,
    own: OnceLock<Own>,
    stop: Arc<AtomicBool>,
}

impl Fleet {
    /// Checks the book and the keys; nothing is connected yet. Once `stop` is
    /// true, whatever runs returns with what it has.
    pub fn new(
        book: AddressBook,
        identity: Identity,
        stop: Arc<AtomicBool>,
    ) -> Result<Self, FleetError> {
        routes(&book)?;
        Login::new(&identity)?;
        Ok(Self {
            book,
            identity,
            guest: None,
            keeper: None,
            own: OnceLock::new(),
            stop,
        })
    }

    /// The same, with `guest` in place of the cluster's account at `node`: a machine that
    /// does not know that account yet. Nodes on the way there are logged in to as ever.
    /// No keeper keeps such connections.
    #[must_use]
    pub fn with_guest(self, node: NodeName, guest: Guest) -> Self {
        Self {
            guest: Some((node, guest)),
            keeper: None,
            ..self
        }
    }

    /// The same over the connections of `keeper`, which then outlast this process.
    /// Where it cannot be had, this process makes its own.
    #[must_use]
    pub fn kept_by(self, keeper: Keeper) -> Self {
        Self {
            keeper: Some(keeper),
            ..self
        }
    }

    /// Sets out on all errands at the same time and comes back when each has ended.
    /// `common` is what those read whose input is shared. News are told with the
    /// errand's place in `errands`, in the order in which they come; whoever takes
    /// them slowly slows the nodes down.
    pub fn carry_out(
        &self,
        errands: &[Errand],
        common: Option<Box<dyn Read + Send>>,
        pace: Pace,
        take: &mut dyn FnMut(usize, News),
    ) {
        let mut open = vec![true; errands.len()];
        let trip = Trip {
            errands,
            common,
            pace,
            stop: &self.stop,
        };
        let ended = self.set_out(trip, &mut |errand, news| {
            if let Some(open) = open.get_mut(errand) {
                *open = !matches!(news, News::Ended(_));
                take(errand, news);
            }
        });
        let reason = ended.err().unwrap_or_else(unanswered);
        for errand in (0..open.len()).filter(|&errand| open[errand]) {
            take(errand, News::Ended(Err(reason.clone())));
        }
    }

    /// `Err` is the reason for all errands of which no end was told.
    fn set_out(
        &self,
        trip: Trip<'_>,
        take: &mut dyn FnMut(usize, News),
    ) -> Result<(), Unreachable> {
        let kept = self
            .keeper
            .as_ref()
            .and_then(|keeper| keeper.line(&self.book, &self.identity));
        if let Some(line) = kept {
            return line.carry_out(trip, take);
        }
        self.own()?.carry_out(trip, take)
    }

    fn own(&self) -> Result<&Own, Unreachable> {
        if let Some(own) = self.own.get() {
            return Ok(own);
        }
        let own = Own::new(&self.book, &self.identity, self.guest.as_ref())
            .map_err(|error| Unreachable::Lost(error.to_string()))?;
        Ok(self.own.get_or_init(|| own))
    }

    /// Tries every node until it answers over SSH and lets us in, or `limit` is
    /// over, and tells each that is ready at once. Returns those that did not,
    /// with the last reason. A wrong host key ends the wait for its node: time
    /// does not make it right.
    pub fn wait_ready(
        &self,
        nodes: &BTreeSet<NodeName>,
        limit: Duration,
        ready: &mut dyn FnMut(&NodeName),
    ) -> BTreeMap<NodeName, Unreachable> {
        let task = Arc::new(Task {
            what: What::Ready,
            limit: Some(limit),
        });
        let errand = |node: &NodeName| Errand {
            node: node.clone(),
            task: Arc::clone(&task),
        };
        let errands: Vec<_> = nodes.iter().map(errand).collect();
        let mut missing = BTreeMap::new();
        self.carry_out(&errands, None, Pace::default(), &mut |errand, news| {
            let node = &errands[errand].node;
            match news {
                News::Ended(Ok(_)) => ready(node),
                News::Ended(Err(reason)) => {
                    missing.insert(node.clone(), reason);
                }
                News::Begun | News::Wrote(..) => {}
            }
        });
        missing
    }
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet").finish_non_exhaustive()
    }
}

impl Transport for Fleet {
    fn exchange(
        &self,
        requests: BTreeMap<NodeName, Request>,
        heard: &mut dyn FnMut(&NodeName, &str),
    ) -> Answers {
        let errands: Vec<_> = requests.into_iter().map(errand).collect();
        let mut listening: Vec<_> = errands.iter().map(|_| Listening::default()).collect();
        let mut answers = Answers::new();
        self.carry_out(&errands, None, Pace::default(), &mut |errand, news| {
            let (node, said) = (&errands[errand].node, &mut listening[errand]);
            match news {
                News::Begun => {}
                News::Wrote(Stream::Output, bytes) => {
                    said.lines.push(&bytes, &mut |line| {
                        heard(node, &String::from_utf8_lossy(line));
                    });
                    said.keep(Stream::Output, &bytes);
                }
                News::Wrote(Stream::Complaint, bytes) => said.keep(Stream::Complaint, &bytes),
                News::Ended(outcome) => {
                    said.lines.finish(&mut |line| {
                        heard(node, &String::from_utf8_lossy(line));
                    });
                    let answer = outcome.and_then(|status| said.answer(status));
                    answers.insert(node.clone(), answer);
                }
            }
        });
        answers
    }
}

fn errand((node, request): (NodeName, Request)) -> Errand {
    let command = Command {
        line: request.command,
        input: Input::bytes(&request.input),
        root: false,
    };
    Errand {
        node,
        task: Arc::new(Task {
            what: What::Command(command),
            limit: None,
        }),
    }
}

/// What a node has said so far.
#[derive(Default)]
struct Listening {
    lines: Lines,
    output: Vec<u8>,
    complaint: Vec<u8>,
    /// Whether it has said more than is kept.
    endless: bool,
}

impl Listening {
    fn keep(&mut self, stream: Stream, bytes: &[u8]) {
        if self.output.len() + self.complaint.len() + bytes.len() > LONGEST {
            self.endless = true;
            return;
        }
        match stream {
            Stream::Output => self.output.extend_from_slice(bytes),
            Stream::Complaint => self.complaint.extend_from_slice(bytes),
        }
    }

    fn answer(&mut self, status: u32) -> Result<Answer, Unreachable> {
        if self.endless {
            let most = LONGEST >> 20;
            return Err(Unreachable::Lost(format!(
                "it answered with more than {most} MiB, where some lines were asked for"
            )));
        }
        Ok(Answer {
            status,
            output: std::mem::take(&mut self.output),
            complaint: std::mem::take(&mut self.complaint),
        })
    }
}

/// Longest answer of an exchange, in bytes. What bramble asks for itself is short;
/// the longest is what a job printed.
const LONGEST: usize = 64 << 20;

/// The reason of a node whose task ended without one.
fn unanswered() -> Unreachable {
    Unreachable::Lost("no answer was kept; this is a fault in bramble, please report it".to_owned())
}
