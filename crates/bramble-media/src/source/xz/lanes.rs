//! Blocks that are unpacked at the same time and wanted one after the other. What waits
//! is bounded. Not in here: unpacking.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::source::piece::Piece;

/// How many pieces of the block whose turn it is may wait though all the room is taken
/// by others: without any, nothing would ever go on.
const ALWAYS: usize = 2;

/// What comes out of a block.
#[derive(Debug)]
pub(super) enum Step {
    /// The next bytes.
    Piece(Piece),
    /// All of it has come out.
    End,
    /// Something was wrong at this byte of the file.
    Failed(u64, io::Error),
}

/// A queue for each block that is being unpacked.
#[derive(Debug)]
pub(super) struct Lanes {
    state: Mutex<State>,
    changed: Condvar,
    /// How many steps may wait.
    room: usize,
}

#[derive(Debug)]
struct State {
    queues: BTreeMap<usize, VecDeque<Step>>,
    /// The block whose turn it is.
    turn: usize,
    waiting: usize,
    stopped: bool,
}

impl Lanes {
    /// Room for as many steps, of all blocks together.
    pub(super) fn new(room: usize) -> Self {
        let state = State {
            queues: BTreeMap::new(),
            turn: 0,
            waiting: 0,
            stopped: false,
        };
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
            room,
        }
    }

    /// Waits until there is room. Whether the step is still wanted.
    pub(super) fn put(&self, block: usize, step: Step) -> bool {
        let mut state = self.wait_while(|state| {
            let own = state.queues.get(&block).map_or(0, VecDeque::len);
            let is_first = state.turn == block && own < ALWAYS;
            !state.stopped && state.waiting >= self.room && !is_first
        });
        if state.stopped {
            return false;
        }
        state.queues.entry(block).or_default().push_back(step);
        state.waiting += 1;
        drop(state);
        self.changed.notify_all();
        true
    }

    /// Waits for the next step of a block, whose turn it then is. Nothing comes after a
    /// stop.
    pub(super) fn take(&self, block: usize) -> Option<Step> {
        self.lock().turn = block;
        self.changed.notify_all();
        let is_empty = |state: &State| state.queues.get(&block).is_none_or(VecDeque::is_empty);
        let mut state = self.wait_while(|state| !state.stopped && is_empty(state));
        let step = state.queues.get_mut(&block)?.pop_front()?;
        state.waiting -= 1;
        if matches!(step, Step::End) {
            state.queues.remove(&block);
        }
        drop(state);
        self.changed.notify_all();
        Some(step)
    }

    /// Ends all waiting.
    pub(super) fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// What stops if a thread that holds it panics: nobody must wait for it for ever.
    pub(super) fn stop_if_panicking(&self) -> StopIfPanicking<'_> {
        StopIfPanicking(self)
    }

    /// A thread that panics leaves a state that is whole, since each changes it at once.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while(&self, condition: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let state = self
            .changed
            .wait_while(self.lock(), |state| condition(state));
        state.unwrap_or_else(PoisonError::into_inner)
    }
}

/// See [`Lanes::stop_if_panicking`].
#[derive(Debug)]
pub(super) struct StopIfPanicking<'a>(&'a Lanes);

impl Drop for StopIfPanicking<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}
