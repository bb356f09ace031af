//! What a program takes, once: time from start to end, processor time of all its
//! processes, the memory of the largest. Not in here: the programs, and how often each
//! is run.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::Instant;

use wait4::Wait4;

use crate::failure::Failure;

/// How many lines of what a failed program complained of are told.
const TOLD: usize = 3;

/// One run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) seconds: f64,
    /// Processor seconds in user and system mode.
    pub(super) cpu: f64,
    /// Megabytes.
    pub(super) memory: f64,
}

impl Sample {
    /// Of `command`, called `what`; what it prints goes to `output`, what it complains of
    /// beside it.
    pub(super) fn take(what: &str, mut command: Command, output: &Path) -> Result<Self, Failure> {
        let complaints = output.with_extension("err");
        command.stdout(made(output)?).stderr(made(&complaints)?);
        let started = Instant::now();
        let used = command.spawn().and_then(Wait4::wait4);
        let seconds = started.elapsed().as_secs_f64();
        let used = used.map_err(|error| Failure::new(format!("cannot run {what}: {error}")))?;
        went_well(used.status, &complaints)?;
        Ok(Self {
            seconds,
            cpu: (used.rusage.utime + used.rusage.stime).as_secs_f64(),
            memory: megabytes(used.rusage.maxrss),
        })
    }
}

fn made(path: &Path) -> Result<File, Failure> {
    File::create(path).map_err(|error| Failure::file("make", path, &error))
}

fn went_well(status: ExitStatus, complaints: &Path) -> Result<(), Failure> {
    if status.success() {
        return Ok(());
    }
    let said = fs::read_to_string(complaints).unwrap_or_default();
    let lines = said.lines().filter(|line| !line.trim().is_empty());
    let lines: Vec<_> = lines.collect();
    let (_, last) = lines.split_at(lines.len().saturating_sub(TOLD));
    let last = last.join("; ");
    let how = match (status.code(), status.signal()) {
        // As `timeout` ends it.
        (Some(137), _) | (_, Some(9)) => "took too long".to_owned(),
        _ => status.to_string(),
    };
    Err(Failure::new(format!("{how}: {last}")))
}

fn megabytes(bytes: u64) -> f64 {
    // Proof: what exceeds it is more memory than this machine has by far.
    f64::from(u32::try_from(bytes / 1000).unwrap_or(u32::MAX)) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(script: &str) -> Result<Sample, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let mut shell = crate::program::command("sh");
        shell.args(["-c", script]);
        Sample::take("it", shell, &folder.path().join("out"))
    }

    #[test]
    fn a_program_that_fails_says_its_last_words() {
        let words = "echo first >&2; echo; for word in a b c; do echo $word >&2; done; exit 3";
        let why = taken(words).unwrap_err();
        assert_eq!(why.to_string(), "exit status: 3: a; b; c");
    }

    #[test]
    fn processor_time_of_a_program_is_that_of_what_it_started_too() {
        let busy = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        let sample = taken(&format!("sh -c '{busy}'; true")).unwrap();
        assert!(sample.cpu > 0.01, "{sample:?}");
        assert!(sample.memory > 0.1, "{sample:?}");
    }
}
