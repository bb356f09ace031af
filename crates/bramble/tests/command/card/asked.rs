//! Questions at a terminal, with somebody who answers or presses Ctrl-C.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use super::{image, make, place};
use crate::typed::Place;

/// How long something is waited for that has to come.
const LONG: Duration = Duration::from_mins(1);

/// A terminal with a program in it.
struct Terminal {
    ours: File,
    child: Child,
    seen: String,
}

impl Terminal {
    /// Runs `script` in a shell, which finds the command as `$BRAMBLE`.
    fn types(place: &Place, script: &str) -> Self {
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
    fn sees(&mut self, text: &str) {
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
    fn hides(&mut self) {
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

    fn presses(&mut self, keys: &str) {
        self.ours.write_all(keys.as_bytes()).unwrap();
    }

    /// How the program ended, and what it said since it was last looked at.
    fn ends(mut self) -> (i32, String) {
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

/// A cluster, an image, and a card with nothing on it.
fn with_card() -> Place {
    let place = place();
    image(place.folder());
    make(place.folder(), "truncate", &["-s", "100M", "card"]);
    place
}

fn has_partitions(place: &Place) -> bool {
    let card = fs::read(place.path("card")).unwrap();
    card[510..512] == [0x55, 0xaa]
}

#[test]
fn cards_are_written_after_a_yes_and_not_after_anything_else() {
    let place = with_card();
    let script = "exec \"$BRAMBLE\" card write node1=card --image system.img";
    let mut terminal = Terminal::types(&place, script);
    terminal.sees("Type `yes`");
    terminal.presses("y\n");
    assert_eq!(terminal.ends().0, 1);
    assert!(!has_partitions(&place));
    let mut terminal = Terminal::types(&place, script);
    terminal.sees("Type `yes`");
    terminal.presses("yes\n");
    let (status, said) = terminal.ends();
    assert_eq!(status, 0, "{said}");
    assert!(has_partitions(&place));
}

#[test]
fn ctrl_c_at_the_question_ends_the_command() {
    let place = with_card();
    let script = "exec \"$BRAMBLE\" card write node1=card --image system.img";
    let mut terminal = Terminal::types(&place, script);
    terminal.sees("Type `yes`");
    terminal.presses("\u{3}");
    let (status, said) = terminal.ends();
    assert_eq!(status, 130, "{said}");
    assert!(said.contains("interrupted"), "{said}");
    assert!(!has_partitions(&place));
}

#[test]
fn where_the_image_comes_by_standard_input_the_terminal_itself_is_asked() {
    let place = with_card();
    let script = "\"$BRAMBLE\" card write node1=card --image - < system.img 2> said";
    let mut terminal = Terminal::types(&place, script);
    terminal.sees("Type `yes`");
    terminal.presses("yes\n");
    let (status, said) = terminal.ends();
    assert_eq!(status, 0, "{said}");
    assert!(has_partitions(&place));
}

#[test]
fn a_password_is_kept_until_another_or_none_is_wanted() {
    let place = with_card();
    let types = |out: &str, word: &str, password: Option<&str>| {
        let rest = format!("card image node1 --image system.img -o {out} {word}");
        let mut terminal = Terminal::types(&place, &format!("exec \"$BRAMBLE\" {rest}"));
        if let Some(password) = password {
            for question in ["password of the account: ", "once more: "] {
                terminal.sees(question);
                terminal.hides();
                terminal.presses(&format!("{password}\n"));
            }
        }
        let (status, said) = terminal.ends();
        assert_eq!(status, 0, "{said}");
        assert!(
            password.is_none_or(|password| !said.contains(password)),
            "{said}"
        );
        let hash = fs::read_to_string(place.path(".bramble/keys/password-hash"));
        (hash.ok(), said)
    };
    let (first, _) = types("one", "--ask-password", Some("correct horse"));
    assert!(first.as_ref().unwrap().starts_with("$6$"));
    let (again, said) = types("two", "", None);
    assert_eq!(again, first);
    assert!(said.contains("--no-password"), "{said}");
    assert_eq!(
        types("three", "--ask-password", Some("correct horse")).0,
        first
    );
    assert_ne!(
        types("four", "--ask-password", Some("battery staple")).0,
        first
    );
    assert_eq!(types("five", "--no-password", None).0, None);
}

#[test]
fn ctrl_c_at_a_hidden_question_ends_the_command() {
    let place = with_card();
    let script = "exec \"$BRAMBLE\" card image node1 --image system.img -o out --ask-password";
    let mut terminal = Terminal::types(&place, script);
    terminal.sees("password of the account: ");
    terminal.hides();
    terminal.presses("\u{3}");
    let (status, said) = terminal.ends();
    assert_eq!(status, 130, "{said}");
}
