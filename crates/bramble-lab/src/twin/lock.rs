//! One process at a time changes a twin. Not in here: what it changes.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::names::{Names, STATE};
use crate::LabError;
use crate::error::at;

/// Longer than a process needs from being made to the start of its program.
const PATIENCE: Duration = Duration::from_secs(5);

/// Held until dropped, or until its process ends in whatever way.
#[derive(Debug)]
pub(super) struct Lock {
    directory: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing would not do: a process that another thread is just making has a
        // copy until its program starts.
        self.directory.unlock().ok();
    }
}

/// Takes the lock on the twin's state directory, which is made for that.
pub(super) fn take(names: &Names) -> Result<Lock, LabError> {
    fs::create_dir_all(STATE).map_err(at("create", Path::new(STATE)))?;
    let path = names.state();
    loop {
        // It holds host keys until they are on the nodes.
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)
            .map_err(at("create", &path))?;
        let directory = File::open(&path).map_err(at("open", &path))?;
        let lock = lock(names, directory)?;
        // Who held it before may have removed the directory since it was opened.
        let ours = lock
            .directory
            .metadata()
            .map_err(at("look at", &path))?
            .ino();
        if fs::metadata(&path).is_ok_and(|there| there.ino() == ours) {
            return Ok(lock);
        }
    }
}

/// Who was killed while it started a program has left a process that holds the lock
/// until that program starts. Only such a lock is waited for.
fn lock(names: &Names, directory: File) -> Result<Lock, LabError> {
    let start = Instant::now();
    loop {
        match directory.try_lock() {
            Ok(()) => return Ok(Lock { directory }),
            Err(TryLockError::Error(source)) => return Err(at("lock", &names.state())(source)),
            Err(TryLockError::WouldBlock) => {}
        }
        let locks = fs::read_to_string("/proc/locks").unwrap_or_default();
        let holder = holder(&locks, inode(&directory));
        if holder.is_some_and(runs) || start.elapsed() > PATIENCE {
            return Err(busy(names, holder));
        }
        thread::sleep(Duration::from_millis(5));
    }
}

fn inode(directory: &File) -> u64 {
    directory
        .metadata()
        .map(|data| data.ino())
        .unwrap_or_default()
}

/// A process that has ended has no program any more, also before its parent takes
/// note. One that was killed has it until the kernel has done what it waits for.
fn runs(pid: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    fs::read_link(format!("/proc/{pid}/exe")).is_ok() && !is_killed(&status)
}

/// Whether SIGKILL waits for the process with this `status`: `SigPnd:\t0000000000000100`.
fn is_killed(status: &str) -> bool {
    let pending = status.lines().filter_map(|line| {
        let (key, signals) = line.split_once(':')?;
        let signals = u64::from_str_radix(signals.trim(), 16);
        signals.ok().filter(|_| matches!(key, "SigPnd" | "ShdPnd"))
    });
    let kill = 1 << (rustix::process::Signal::KILL.as_raw() - 1);
    pending.fold(0, |all, signals| all | signals) & kill != 0
}

fn busy(names: &Names, holder: Option<&str>) -> LabError {
    let holder = holder.map_or_else(
        || "another process".to_owned(),
        |pid| format!("process {pid}"),
    );
    LabError::Busy {
        what: format!("the twin {}", names.id),
        holder,
    }
}

/// The process that holds a lock on `inode`, from the kernel's list:
/// `1: FLOCK ADVISORY WRITE 4711 fd:01:786491 0 EOF`.
fn holder(locks: &str, inode: u64) -> Option<&str> {
    locks.lines().find_map(|line| {
        let mut fields = line.split_whitespace().skip(4);
        let (pid, file) = (fields.next()?, fields.next()?);
        (file.rsplit(':').next()? == inode.to_string()).then_some(pid)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_second_is_told_who_holds_the_twin() {
        if !rustix::process::geteuid().is_root() {
            println!("skipped: the state of twins is root's");
            return;
        }
        let names = Names {
            id: format!("test-{:08x}", std::process::id()),
        };
        let held = take(&names).unwrap();
        let error = take(&names).unwrap_err().to_string();
        let process = format!("process {}", std::process::id());
        fs::remove_dir(names.state()).unwrap();
        drop(held);
        assert!(error.ends_with(&process), "{error}");
    }

    #[test]
    fn a_lock_that_a_killed_process_left_to_a_child_is_waited_for() {
        if !rustix::process::geteuid().is_root() {
            println!("skipped: the state of twins is root's");
            return;
        }
        let names = Names {
            id: format!("left-{:08x}", std::process::id()),
        };
        drop(take(&names).unwrap());
        let start = Instant::now();
        let script = "flock 9 && { sleep 0.3 > /dev/null & } && kill -KILL $$";
        let ended = std::process::Command::new("sh")
            .args(["-c", &format!("exec 9< \"$0\"; {script}")])
            .arg(names.state())
            .status();
        let taken = take(&names);
        fs::remove_dir(names.state()).unwrap();
        assert!(ended.is_ok_and(|status| !status.success()));
        assert!(taken.is_ok(), "{taken:?}");
        assert!(start.elapsed() >= Duration::from_millis(300));
    }

    #[test]
    fn a_process_for_which_a_kill_waits_counts_as_ended() {
        let status =
            |pending: &str| format!("State:\tD\nSigPnd:\t{pending}\nSigIgn:\t0000000000000100\n");
        assert!(is_killed(&status("0000000000000100")));
        assert!(is_killed(&status("0000000000000102")));
        assert!(!is_killed(&status("0000000000000002")));
        assert!(!is_killed(""));
    }

    #[test]
    fn the_holder_of_a_lock_is_found_by_the_inode() {
        let locks = "1: FLOCK  ADVISORY  WRITE 12 fd:01:71 0 EOF\n\
                     2: FLOCK  ADVISORY  WRITE 4711 fd:01:7864 0 EOF\n";
        assert_eq!(holder(locks, 7864), Some("4711"));
        assert_eq!(holder(locks, 786), None);
    }
}
