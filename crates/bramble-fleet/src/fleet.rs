//! Many nodes at once behind a plain blocking interface. Not in here: SSH
//! itself, and waiting for nodes that are still starting (`ready`).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use bramble_cluster::NodeName;
use bramble_converge::{Answer, Answers, Request, Transport, Unreachable};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::book::{AddressBook, routes};
use crate::command::Command;
use crate::connection::Purpose;
use crate::error::FleetError;
use crate::login::{Identity, Login};
use crate::pool::{NoChannel, Pool};
use crate::reason::too_slow;

/// How often the wish to stop is looked at.
const GLANCE: Duration = Duration::from_millis(25);

/// How long is waited for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For one connection: TCP, key exchange and login together.
    pub connect: Duration,
    /// For one command; none is without end. A node that falls silent is given
    /// up after a minute either way.
    pub command: Option<Duration>,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            command: None,
        }
    }
}

/// All nodes of an address book. A connection is made when its node is first
/// asked something, and kept for the next time.
pub struct Fleet {
    pub(crate) pool: Arc<Pool>,
    pub(crate) runtime: Handle,
    owned: Option<Runtime>,
    patience: Patience,
    stop: Arc<AtomicBool>,
}

impl Fleet {
    /// Checks the book and the keys; nothing is connected yet. Once `stop` is
    /// true, whatever runs returns with what it has.
    pub fn new(
        book: AddressBook,
        identity: Identity,
        patience: Patience,
        stop: Arc<AtomicBool>,
    ) -> Result<Self, FleetError> {
        let pool = Pool::new(routes(book)?, Login::new(identity)?, patience.connect);
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("bramble-fleet")
            .enable_all()
            .build()
            .map_err(FleetError::Runtime)?;
        Ok(Self {
            pool: Arc::new(pool),
            runtime: runtime.handle().clone(),
            owned: Some(runtime),
            patience,
            stop,
        })
    }

    /// Takes every message until the last task has dropped its sender, and passes
    /// the wish to stop on to the tasks.
    pub(crate) fn listen<M>(
        &self,
        messages: &Receiver<M>,
        halt: &watch::Sender<bool>,
        mut take: impl FnMut(M),
    ) {
        loop {
            if self.stop.load(Ordering::Relaxed) {
                halt.send_replace(true);
            }
            match messages.recv_timeout(GLANCE) {
                Ok(message) => take(message),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet")
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        if let Some(runtime) = self.owned.take() {
            // The plain way would wait for a name that is still being resolved.
            runtime.shutdown_background();
        }
    }
}

impl Transport for Fleet {
    fn exchange(
        &self,
        requests: BTreeMap<NodeName, Request>,
        heard: &mut dyn FnMut(&NodeName, &str),
    ) -> Answers {
        let mut answers: Answers = requests
            .keys()
            .map(|node| (node.clone(), Err(unanswered())))
            .collect();
        let (tell, told) = channel();
        let (halt, _) = watch::channel(false);
        let began = Instant::now();
        for (node, request) in requests {
            let errand = Errand {
                pool: Arc::clone(&self.pool),
                limit: self.patience.command,
                began,
                halted: halt.subscribe(),
                tell: tell.clone(),
            };
            self.runtime.spawn(errand.run(node, request));
        }
        drop(tell);
        self.listen(&told, &halt, |news| match news {
            News::Line(node, line) => heard(&node, &line),
            News::Answer(node, answer) => {
                answers.insert(node, answer);
            }
        });
        answers
    }
}

/// Stands for a node until it has answered, and stays only if its task panicked.
fn unanswered() -> Unreachable {
    Unreachable::Lost("no answer was kept; this is a fault in bramble, please report it".to_owned())
}

enum News {
    Line(NodeName, String),
    Answer(NodeName, Result<Answer, Unreachable>),
}

/// One request to one node.
struct Errand {
    pool: Arc<Pool>,
    limit: Option<Duration>,
    began: Instant,
    halted: watch::Receiver<bool>,
    tell: Sender<News>,
}

impl Errand {
    async fn run(mut self, node: NodeName, request: Request) {
        let answer = self.answer(&node, &request).await;
        // The listener waits for every sender, this one among them.
        drop(self.tell.send(News::Answer(node, answer)));
    }

    async fn answer(&mut self, node: &NodeName, request: &Request) -> Result<Answer, Unreachable> {
        let opened = tokio::select! {
            biased;
            () = halted(&mut self.halted) => return Err(Unreachable::Interrupted),
            opened = self.pool.open(node, Purpose::Command, self.began) => opened,
        };
        let mut command = Command::new(opened.map_err(NoChannel::reason)?);
        let tell = |line| drop(self.tell.send(News::Line(node.clone(), line)));
        let answer = tokio::select! {
            biased;
            () = halted(&mut self.halted) => Err(Unreachable::Interrupted),
            () = over(self.limit) => {
                Err(too_slow("the command".to_owned(), self.limit.unwrap_or_default()))
            }
            answer = command.run(&request.command, request.input.expose().clone(), tell) => answer,
        };
        if matches!(
            answer,
            Err(Unreachable::Interrupted | Unreachable::TooSlow { .. })
        ) {
            command.abandon().await;
        }
        answer
    }
}

/// Ends when the user wants everything to end.
pub(crate) async fn halted(halt: &mut watch::Receiver<bool>) {
    // A sender that is gone means that nobody listens: the same wish.
    drop(halt.wait_for(|&wish| wish).await);
}

async fn over(limit: Option<Duration>) {
    match limit {
        Some(limit) => tokio::time::sleep(limit).await,
        None => std::future::pending().await,
    }
}
