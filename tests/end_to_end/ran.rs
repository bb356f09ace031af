//! Commands, and claims about what came of them that show all of it when they are
//! wrong. Not in here: which commands.

use std::fmt;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// What runs, to be ended should the scenarios be.
static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// A command that runs.
pub(crate) struct Running {
    command: String,
    child: Child,
    started: Instant,
}

/// A command that has ended.
pub(crate) struct Ran {
    command: String,
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let started = Instant::now();
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        RUNNING.lock().unwrap().push(Pid::from_child(&child));
        Self {
            command: format!("{command:?}"),
            child,
            started,
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it says, to be read while it runs.
    pub(crate) fn stderr(&mut self) -> ChildStderr {
        self.child.stderr.take().unwrap()
    }

    /// Waits until it has ended.
    pub(crate) fn finish(self) -> Ran {
        let pid = Pid::from_child(&self.child);
        let output = self.child.wait_with_output().unwrap();
        forget(pid);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ran {
            command: self.command,
            status: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            took: self.started.elapsed(),
        }
    }

    /// Sends it a signal, waits for its end, and gives its exit code: none if it
    /// was the signal that ended it.
    pub(crate) fn end(mut self, signal: Signal) -> Option<i32> {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).unwrap();
        let status = self.child.wait().unwrap();
        forget(pid);
        status.code()
    }
}

fn forget(pid: Pid) {
    RUNNING.lock().unwrap().retain(|running| *running != pid);
}

/// Ends whatever runs, at once.
pub(crate) fn kill_all() {
    for pid in RUNNING.lock().unwrap().drain(..) {
        // It may have ended by itself a moment ago.
        kill_process(pid, Signal::KILL).ok();
    }
}

impl Ran {
    pub(crate) fn of(command: &mut Command) -> Self {
        Running::start(command).finish()
    }

    #[track_caller]
    pub(crate) fn exits(&self, status: i32) -> &Self {
        assert_eq!(self.status, Some(status), "the exit code of {self}");
        self
    }

    #[track_caller]
    pub(crate) fn prints(&self, text: &str) -> &Self {
        assert!(
            self.stdout.contains(text),
            "`{text}` is not printed by {self}"
        );
        self
    }

    /// Says on standard error.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(self.stderr.contains(text), "`{text}` is not said by {self}");
        self
    }

    /// Does not say on standard error.
    #[track_caller]
    pub(crate) fn is_silent_about(&self, text: &str) -> &Self {
        assert!(!self.stderr.contains(text), "`{text}` is said by {self}");
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON ({error}) from {self}"))
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            command,
            status,
            stdout,
            stderr,
            took,
        } = self;
        writeln!(f, "{command}: status {status:?} after {took:.1?}")?;
        write!(f, "--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}
