//! Somebody at a terminal, who is asked and answers. Not in here: what is asked.

use std::fs::File;
use std::io::{IsTerminal as _, Write as _, stderr, stdin};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};

use bramble_cluster::Secret;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hidden;

/// How long an answer is waited for before Ctrl-C is looked for, in nanoseconds.
const LOOK: i64 = 100_000_000;

/// The longest answer, in bytes: more does not fit into a line of a terminal.
const LONGEST: usize = 4096;

/// Where somebody sits.
#[derive(Debug)]
pub(crate) enum Desk {
    /// At standard input and standard error.
    Standard,
    /// At the terminal that the command was started from.
    Terminal(File),
}

impl Desk {
    /// Where somebody can be asked, if anywhere. Where standard input is `taken` by
    /// something else, only the terminal itself will do.
    pub(crate) fn find(taken: bool) -> Option<Self> {
        if taken {
            let terminal = File::options().read(true).write(true).open("/dev/tty");
            return terminal.ok().map(Self::Terminal);
        }
        (stdin().is_terminal() && stderr().is_terminal()).then_some(Self::Standard)
    }

    /// Asks, and returns the answer without the end of its line; `None` if there is no
    /// answer to come. Fails as soon as `stop` is set, and an answer after that is none.
    pub(crate) fn ask(
        &self,
        question: &str,
        stop: &AtomicBool,
        console: &mut Console,
    ) -> Result<Option<String>, Failure> {
        let answer = match self {
            Self::Standard => {
                console.prompt(question);
                line(stdin(), stop)
            }
            Self::Terminal(terminal) => {
                console.clear_status();
                let asked = (&*terminal).write_all(question.as_bytes());
                asked.map_err(|error| unanswered(&error))?;
                line(terminal, stop)
            }
        };
        if stop.load(Ordering::Relaxed) {
            // The cursor stands behind the question.
            console.say("");
            return Err(Failure::new(Exit::Interrupted, "interrupted"));
        }
        answer.map_err(|error| unanswered(&error.into()))
    }

    /// Asks for what must not be seen.
    pub(crate) fn ask_hidden(
        &self,
        question: &str,
        console: &mut Console,
    ) -> Result<Option<Secret<String>>, Failure> {
        match self {
            Self::Standard => hidden::ask(question, console),
            Self::Terminal(_) => hidden::ask_at_terminal(question, console).map(Some),
        }
    }
}

fn unanswered(error: &std::io::Error) -> Failure {
    Failure::new(Exit::Host, format!("no answer can be read: {error}"))
}

/// The next line of `input`. It is waited for in short steps: reading goes on after a
/// signal, and Ctrl-C would be heard only with the answer.
fn line(input: impl AsFd, stop: &AtomicBool) -> Result<Option<String>, Errno> {
    let step = Timespec {
        tv_sec: 0,
        tv_nsec: LOOK,
    };
    let mut answer = Vec::new();
    while !stop.load(Ordering::Relaxed) && answer.len() < LONGEST {
        let mut waited = [PollFd::new(&input, PollFlags::IN)];
        match poll(&mut waited, Some(&step)) {
            Ok(0) | Err(Errno::INTR) => continue,
            Ok(_) => {}
            Err(error) => return Err(error),
        }
        let mut part = [0; 256];
        let count = match rustix::io::read(&input, &mut part) {
            Err(Errno::INTR | Errno::AGAIN) => continue,
            read => read?,
        };
        if count == 0 {
            return Ok(None);
        }
        answer.extend_from_slice(&part[..count]);
        if answer.ends_with(b"\n") {
            break;
        }
    }
    Ok(Some(String::from_utf8_lossy(&answer).trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_answer_is_a_line_and_the_end_of_input_is_none() {
        let (reader, mut writer) = std::io::pipe().unwrap();
        let stop = AtomicBool::new(false);
        writer.write_all(b" yes\n").unwrap();
        assert_eq!(line(&reader, &stop).unwrap().unwrap(), "yes");
        writer.write_all(b"\n").unwrap();
        assert_eq!(line(&reader, &stop).unwrap().unwrap(), "");
        drop(writer);
        assert_eq!(line(&reader, &stop).unwrap(), None);
    }

    #[test]
    fn nobody_waits_for_an_answer_once_it_is_to_stop() {
        let (reader, _writer) = std::io::pipe().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let pressed = Arc::clone(&stop);
        let presses = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            pressed.store(true, Ordering::Relaxed);
        });
        assert_eq!(line(&reader, &stop).unwrap().unwrap(), "");
        presses.join().unwrap();
    }
}
