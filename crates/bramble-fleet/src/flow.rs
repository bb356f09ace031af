//! How much of a command's input may be under way to its node. Not in here: where
//! the input comes from (`feed`).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

/// Bytes that may be under way, less than the two megabytes that OpenSSH's server
/// offers. What its command has not read yet it holds in a buffer that is made anew,
/// copied and cleared for each packet that it grows by: for 50 MB that came faster
/// than they were read, a third of all that the node's processor had to do. So many
/// keep a gigabit a second busy over 4 ms there and back, and 100 Mbit/s over 40 ms.
const AHEAD: u64 = 512 << 10;

/// Where nothing is heard for this time, the way is long, or the server seldom says
/// what it has taken: twice as much may be under way from then on, up to its window.
const PATIENCE: Duration = Duration::from_millis(100);

/// What one command has been sent, and how much more it may be sent now.
pub(crate) struct Flow {
    state: Mutex<State>,
    moved: Notify,
}

struct State {
    ahead: u64,
    sent: u64,
    /// How much may have been sent in all.
    allowed: u64,
    /// The window at its widest.
    widest: u64,
}

impl Flow {
    /// Nothing is sent yet.
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                ahead: AHEAD,
                sent: 0,
                allowed: AHEAD,
                widest: 0,
            }),
            moved: Notify::new(),
        }
    }

    /// The server has widened its window, to this many bytes.
    pub(crate) fn widened(&self, window: u32) {
        self.state().widened(u64::from(window));
        self.moved.notify_one();
    }

    /// Waits until something may be sent, and gives how many of these bytes, which
    /// count as sent from then on. At least one must be wanted.
    pub(crate) async fn room(&self, wanted: usize) -> usize {
        loop {
            let room = self.state().take(wanted);
            if room > 0 {
                return room;
            }
            if timeout(PATIENCE, self.moved.notified()).await.is_err() {
                self.state().go_further();
            }
        }
    }

    /// What is counted is right after a panic, too.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, wanted: usize) -> usize {
        let room = self.allowed - self.sent;
        let taken = usize::try_from(room).map_or(wanted, |room| room.min(wanted));
        self.sent += taken as u64;
        taken
    }

    /// What is still to leave this machine is not in the window yet, so that a
    /// little more than `ahead` may be under way for a moment.
    fn widened(&mut self, window: u64) {
        self.widest = self.widest.max(window);
        let under_way = self.widest - window;
        let more = self.ahead.saturating_sub(under_way);
        self.allowed = self.allowed.max(self.sent + more);
    }

    fn go_further(&mut self) {
        self.allowed += self.ahead;
        self.ahead *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What OpenSSH's server offers.
    const WINDOW: u32 = 2 << 20;

    /// Takes as much as there is without waiting.
    fn take_all(flow: &Flow) -> u64 {
        flow.state().take(usize::MAX) as u64
    }

    #[test]
    fn as_much_may_be_sent_as_was_taken_there() {
        let flow = Flow::new();
        flow.widened(WINDOW);
        assert_eq!(take_all(&flow), AHEAD);
        assert_eq!(take_all(&flow), 0);
        let unread = 300_000;
        flow.widened(WINDOW - unread);
        assert_eq!(take_all(&flow), AHEAD - u64::from(unread));
        flow.widened(WINDOW);
        assert_eq!(take_all(&flow), AHEAD);
    }

    #[test]
    fn a_small_window_is_never_waited_for_here() {
        let flow = Flow::new();
        let window = 24 << 10;
        for _ in 0..100 {
            flow.widened(window);
            flow.widened(0);
            assert!(take_all(&flow) >= u64::from(window));
        }
    }

    #[tokio::test]
    async fn a_server_that_says_nothing_is_sent_more_after_a_while() {
        let flow = Flow::new();
        assert_eq!(flow.room(1 << 30).await as u64, AHEAD);
        assert_eq!(flow.room(1 << 30).await as u64, AHEAD);
        assert_eq!(flow.room(1 << 30).await as u64, 2 * AHEAD);
    }

    #[tokio::test]
    async fn whoever_waits_goes_on_as_soon_as_something_was_taken() {
        let flow = Flow::new();
        flow.widened(WINDOW);
        assert_eq!(flow.room(1 << 30).await as u64, AHEAD);
        let waiting = async {
            let room = flow.room(1 << 30).await;
            (room as u64, flow.state().ahead)
        };
        let taking = async { flow.widened(WINDOW - 100) };
        let (waited, ()) = tokio::join!(waiting, taking);
        assert_eq!(waited, (AHEAD - 100, AHEAD));
    }
}
