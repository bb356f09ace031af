//! Lines from the terminal, so that Ctrl-C at a prompt ends the command in order.
//! Not in here: what is asked.

use std::io::BufRead as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How often somebody who waits for a line looks whether Ctrl-C was typed.
const LOOK: Duration = Duration::from_millis(50);

/// Who types.
#[derive(Debug)]
pub(super) struct Keyboard {
    lines: Receiver<String>,
    stop: Arc<AtomicBool>,
}

/// What was typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// A line, without its end.
    Line(String),
    /// Ctrl-D: nothing more will come.
    End,
    /// Ctrl-C.
    Interrupt,
}

impl Keyboard {
    /// Reads standard input from now on. A read cannot be called off, hence the
    /// thread; it ends with the process.
    pub(super) fn new(stop: Arc<AtomicBool>) -> Self {
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in std::io::stdin().lock().split(b'\n') {
                let line = line.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                if line.is_err() || line.is_ok_and(|line| sender.send(line).is_err()) {
                    return;
                }
            }
        });
        Self { lines, stop }
    }

    /// Waits for a line.
    pub(super) fn line(&self) -> Typed {
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Typed::Interrupt;
            }
            match self.lines.recv_timeout(LOOK) {
                Ok(line) => return Typed::Line(line.trim_end_matches('\r').to_owned()),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Typed::End,
            }
        }
    }
}
