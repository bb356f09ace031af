//! Another program in the place of this one: it has the terminal, and what ends this one
//! ends it. Not in here: which program.

use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// How often it is looked whether this process is to end.
const GLANCE: Duration = Duration::from_millis(50);

/// What a shell adds to the number of the signal that ended a program.
const BY_SIGNAL: i32 = 128;

/// Runs it to its end; gives its exit status, as a shell tells it. Once `stop` is true,
/// it is asked to end. Ctrl-C reaches it by itself: it is in the terminal's foreground.
pub(crate) fn wait(mut program: Command, stop: &AtomicBool) -> io::Result<u8> {
    let mut child = program.spawn()?;
    // By its number alone another process could be meant that has it next.
    let handle = Pid::from_raw(child.id().cast_signed())
        .and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
    let over = AtomicBool::new(false);
    let ended = thread::scope(|scope| {
        let watch = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                if stop.load(Ordering::Relaxed) {
                    if let Some(handle) = &handle {
                        let _it_may_be_gone = pidfd_send_signal(handle, Signal::TERM);
                    }
                    return;
                }
                thread::park_timeout(GLANCE);
            }
        });
        let ended = child.wait();
        over.store(true, Ordering::Relaxed);
        watch.thread().unpark();
        ended
    });
    ended.map(status)
}

fn status(ended: ExitStatus) -> u8 {
    let by_signal = ended.signal().map(|signal| BY_SIGNAL + signal);
    let status = ended.code().or(by_signal);
    status
        .and_then(|status| u8::try_from(status).ok())
        .unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(line: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", line]);
        shell
    }

    #[test]
    fn it_ends_as_the_program_does() {
        let goes_on = AtomicBool::new(false);
        let ends = |line| wait(shell(line), &goes_on).unwrap();
        assert_eq!(ends("exit 0"), 0);
        assert_eq!(ends("exit 255"), 255);
        assert_eq!(ends("kill -KILL $$"), 137);
        assert!(wait(Command::new("/nowhere/at/all"), &goes_on).is_err());
    }

    #[test]
    fn what_ends_this_process_ends_the_program() {
        let stop = AtomicBool::new(true);
        assert_eq!(wait(shell("exec sleep 1000"), &stop).unwrap(), 143);
    }
}
