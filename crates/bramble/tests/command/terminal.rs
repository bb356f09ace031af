//! A terminal with somebody at it. Not in here: what is asked.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use crate::typed::Place;

/// How long something is waited for that has to come.
const LONG: Duration = Duration::from_mins(1);

/// A terminal with a program in it.
pub(crate) struct Terminal {
    ours: File,
    child: Child,
    seen: String,
}

impl Terminal {
    /// Runs `script` in a shell, which finds the command as `$BRAMBLE`.
    pub(crate) fn types(place: &Place, script: &str) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
        let not_for_us = OFlags::NOCTTY.bits().cast_signed();
        let mut open = File::options();
        let open = open.read(true).write(true).custom_flags(not_for_us);
        let theirs = || Stdio::from(open.open(&name).unwrap());
        let child = Command::new("setsid")
            .args(["--ctty", "--wait", "sh", "-c", script])
            .current_dir(place.folder())
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("HOME", place.folder())
            .env("BRAMBLE", env!("CARGO_BIN_EXE_bramble"))
            .stdin(theirs())
            .stdout(theirs())
            .stderr(theirs())
            .spawn()
            .unwrap();
        Self {
            ours: File::from(ours),
            child,
            seen: String::new(),
        }
    }

    /// Waits for `text`, and forgets what came up to it.
    pub(crate) fn sees(&mut self, text: &str) {
        let began = Instant::now();
        while !self.seen.contains(text) {
            assert!(began.elapsed() < LONG, "no {text:?} in {:?}", self.seen);
            assert!(self.goes_on(), "no {text:?} in {:?}", self.seen);
        }
        let (_, rest) = self.seen.split_once(text).unwrap();
        self.seen = rest.to_owned();
    }

    /// Takes what is there; whether there may be more.
    fn goes_on(&mut self) -> bool {
        let step = Timespec {
            tv_sec: 0,
            tv_nsec: 100_000_000,
        };
        let mut waited = [PollFd::new(&self.ours, PollFlags::IN)];
        if poll(&mut waited, Some(&step)).unwrap() == 0 {
            return true;
        }
        let mut part = [0; 4096];
        // It has an error in place of an end.
        let count = self.ours.read(&mut part).unwrap_or(0);
        self.seen += &String::from_utf8_lossy(&part[..count]);
        count > 0
    }

    /// Waits until nothing that is typed is shown: questions are asked just before.
    pub(crate) fn hides(&mut self) {
        let began = Instant::now();
        let shows = |ours: &File| {
            let modes = tcgetattr(ours).unwrap().local_modes;
            modes.contains(LocalModes::ECHO)
        };
        while shows(&self.ours) {
            assert!(began.elapsed() < LONG, "it shows what is typed");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn presses(&mut self, keys: &str) {
        self.ours.write_all(keys.as_bytes()).unwrap();
    }

    /// How the program ended, and what it said since it was last looked at.
    pub(crate) fn ends(mut self) -> (i32, String) {
        let began = Instant::now();
        while self.goes_on() {
            assert!(began.elapsed() < LONG, "it goes on after {:?}", self.seen);
        }
        let status = self.child.wait().unwrap();
        // As a shell tells it.
        let by_signal = || 128 + status.signal().unwrap();
        let code = status.code().unwrap_or_else(by_signal);
        (code, std::mem::take(&mut self.seen))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
