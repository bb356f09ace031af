//! The process that keeps bramble's connections, as the kernel sees it: what it
//! has used, what it holds, and its end. Not in here: its being started, which
//! `bramble run` does.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How it is called in the process list.
const PROGRAM: &str = "bramble";
const VERB: &str = "keeper";

/// Linux tells processor time in this many parts of a second on every architecture.
const TICKS: f64 = 100.0;

/// It is asked to end, and after this time not asked any more.
const FAREWELL: Duration = Duration::from_secs(5);

/// After it, so long the servers have for ending its connections.
const SETTLE: Duration = Duration::from_millis(400);

/// What all keepers in this namespace together have used and hold.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Keepers {
    pub(super) many: usize,
    /// Processor seconds, to a hundredth each.
    pub(super) cpu: f64,
    /// Resident, in megabytes: now, and at most.
    pub(super) holds: f64,
    pub(super) held: f64,
}

pub(super) fn keepers() -> Keepers {
    let each = found();
    Keepers {
        many: each.len(),
        cpu: each.iter().filter_map(|process| cpu(*process)).sum(),
        holds: each.iter().filter_map(|it| megabytes(*it, "VmRSS:")).sum(),
        held: each.iter().filter_map(|it| megabytes(*it, "VmHWM:")).sum(),
    }
}

/// Ends all that are there, so that the next command starts one.
pub(super) fn end() {
    let all = found();
    if all.is_empty() {
        return;
    }
    let started = Instant::now();
    signal(&all, Signal::TERM);
    while !found().is_empty() {
        if started.elapsed() > FAREWELL {
            signal(&found(), Signal::KILL);
        }
        thread::sleep(Duration::from_millis(5));
    }
    thread::sleep(SETTLE);
}

fn signal(processes: &[i32], signal: Signal) {
    for pid in processes
        .iter()
        .filter_map(|process| Pid::from_raw(*process))
    {
        // One that has ended by itself meanwhile is what was wanted.
        let _ended = kill_process(pid, signal);
    }
}

/// Those that live: one that nobody waits for stays in the list without a command.
fn found() -> Vec<i32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|process| is_keeper(&read(*process, "cmdline")))
        .collect()
}

fn is_keeper(command: &str) -> bool {
    let mut words = command.split('\0');
    let program = words.next().unwrap_or_default();
    program.rsplit('/').next() == Some(PROGRAM) && words.any(|word| word == VERB)
}

/// Processor seconds in user and system mode.
fn cpu(process: i32) -> Option<f64> {
    spent(&read(process, "stat"))
}

/// The program's name, in brackets, may hold anything; so fields are counted from
/// after it.
fn spent(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut ticks = fields.split_whitespace().skip(11);
    let mut next = || ticks.next()?.parse::<u32>().ok();
    Some(f64::from(next()? + next()?) / TICKS)
}

fn megabytes(process: i32, name: &str) -> Option<f64> {
    let status = read(process, "status");
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u32 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(f64::from(kilobytes) * 1024.0 / 1e6)
}

/// Nothing of a process that has ended.
fn read(process: i32, file: &str) -> String {
    fs::read_to_string(format!("/proc/{process}/{file}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keeper_is_known_by_program_and_verb() {
        assert!(is_keeper("/a/bramble\0--file\0x\0keeper\0"));
        assert!(!is_keeper("/a/bramble\0run\0@all\0"));
        assert!(!is_keeper("vi\0keeper\0"));
        assert!(!is_keeper(""));
    }

    #[test]
    fn time_is_found_after_a_name_with_brackets_and_spaces() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 1 0 0 0 150 50 9 9 20 0";
        assert_eq!(spent(stat), Some(2.0));
    }
}
