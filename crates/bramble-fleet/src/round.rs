//! A round of errands: each in a task of its own, so many at a time, until it is
//! done, too late, or not wanted any more. Not in here: who wants it (`fleet`,
//! `keeper`).

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bramble_cluster::NodeName;
use bramble_converge::Unreachable;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::Instant;

use crate::command::Running;
use crate::common_input::CommonInput;
use crate::connection::Purpose;
use crate::errand::{Command, Errand, News, Pace, Task, What};
use crate::feed::{Feed, Shelf};
use crate::pool::{Ask, NoChannel, Pool};
use crate::ready;
use crate::reason::too_slow;
use crate::teller::Teller;

/// News that wait to be taken. Whoever is slow to take them slows the nodes down,
/// and costs no memory.
pub(crate) const WAITING: usize = 256;

/// What all errands of a round share.
pub(crate) struct Round {
    pub(crate) pool: Arc<Pool>,
    pub(crate) pace: Pace,
    /// The socket of the ssh-agent of whoever asks.
    pub(crate) agent: Option<PathBuf>,
    pub(crate) common: Option<Arc<CommonInput>>,
    pub(crate) halted: watch::Receiver<bool>,
    pub(crate) news: mpsc::Sender<(usize, News)>,
}

impl Round {
    /// Sets out on all errands. Whoever listens has heard all when the last
    /// sender is gone.
    pub(crate) fn set_out(self, errands: Vec<Errand>) {
        let ask = Ask {
            since: Instant::now(),
            limit: self.pace.connect,
            agent: self.agent.map(Arc::from),
        };
        let fanout = self.pace.fanout.clamp(1, Semaphore::MAX_PERMITS);
        let turns = Arc::new(Semaphore::new(fanout));
        let shelf = Arc::<Shelf>::default();
        for (errand, Errand { node, task }) in errands.into_iter().enumerate() {
            let walk = Walk {
                pool: Arc::clone(&self.pool),
                ask: ask.clone(),
                turns: Arc::clone(&turns),
                halted: self.halted.clone(),
                teller: Teller {
                    errand,
                    news: self.news.clone(),
                },
                feed: Feed {
                    common: common(&task, self.common.as_deref()),
                    task: Arc::clone(&task),
                    shelf: Arc::clone(&shelf),
                },
            };
            tokio::spawn(walk.run(node, task));
        }
    }
}

fn common(task: &Task, common: Option<&CommonInput>) -> Option<crate::common_input::Reader> {
    match &task.what {
        What::Command(command) if command.input.shared => common.map(CommonInput::reader),
        _ => None,
    }
}

/// One errand on its way.
struct Walk {
    pool: Arc<Pool>,
    ask: Ask,
    turns: Arc<Semaphore>,
    halted: watch::Receiver<bool>,
    teller: Teller,
    feed: Feed,
}

impl Walk {
    async fn run(self, node: NodeName, task: Arc<Task>) {
        let Self {
            pool,
            mut ask,
            turns,
            mut halted,
            teller,
            feed,
        } = self;
        let turn = tokio::select! {
            biased;
            () = halt(&mut halted) => None,
            turn = turns.acquire() => turn.ok(),
        };
        let outcome = match (&task.what, turn) {
            (_, None) => Err(Unreachable::Interrupted),
            (What::Command(command), Some(_)) => {
                // One that waited for its turn is not bound by what failed before it.
                let recent = Instant::now().checked_sub(ask.limit);
                ask.since = recent.map_or(ask.since, |recent| ask.since.max(recent));
                let errand = Attempt {
                    pool: &pool,
                    node: &node,
                    ask: &ask,
                    limit: task.limit,
                };
                errand.command(command, feed, &teller, &mut halted).await
            }
            (What::Ready, Some(_)) => tokio::select! {
                biased;
                () = halt(&mut halted) => Err(Unreachable::Interrupted),
                outcome = ready::wait(&pool, &node, &ask, task.limit) => outcome.map(|()| 0),
            },
        };
        teller.tell(News::Ended(outcome)).await;
    }
}

/// A command's way to its node.
struct Attempt<'a> {
    pool: &'a Pool,
    node: &'a NodeName,
    ask: &'a Ask,
    limit: Option<Duration>,
}

impl Attempt<'_> {
    async fn command(
        &self,
        command: &Command,
        feed: Feed,
        teller: &Teller,
        halted: &mut watch::Receiver<bool>,
    ) -> Result<u32, Unreachable> {
        let opened = tokio::select! {
            biased;
            () = halt(halted) => return Err(Unreachable::Interrupted),
            opened = self.pool.open(self.node, Purpose::Command, self.ask) => opened,
        };
        let mut running = Running::new(
            opened.map_err(NoChannel::reason)?,
            self.pool.mark(),
            command.root,
        );
        let outcome = tokio::select! {
            biased;
            () = halt(halted) => Err(Unreachable::Interrupted),
            () = over(self.limit) => {
                Err(too_slow("the command".to_owned(), self.limit.unwrap_or_default()))
            }
            outcome = running.run(command, feed, teller) => outcome,
        };
        match outcome {
            Err(
                Unreachable::Interrupted | Unreachable::TooSlow { .. } | Unreachable::NoInput(_),
            ) => running.abandon().await,
            _ => self.pool.put_back(self.node, running.into_connection()),
        }
        outcome
    }
}

/// Ends when the user wants everything to end.
async fn halt(halted: &mut watch::Receiver<bool>) {
    // A sender that is gone means that nobody listens: the same wish.
    drop(halted.wait_for(|&wish| wish).await);
}

async fn over(limit: Option<Duration>) {
    match limit {
        Some(limit) => tokio::time::sleep(limit).await,
        None => std::future::pending().await,
    }
}
