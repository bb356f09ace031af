//! What a program takes: time from start to end, processor time of all its
//! processes, the memory of the largest. Not in here: the programs, and what the
//! figures are held against.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::Instant;

use serde::Serialize;
use wait4::Wait4;

use super::bed::Bed;
use super::keeper;
use crate::failure::Failure;

/// One run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) seconds: f64,
    /// Processor seconds in user and system mode, a keeper's share included.
    pub(super) cpu: f64,
    /// Megabytes: the largest process at its largest, and a keeper at its largest.
    pub(super) memory: f64,
}

type Before<'a> = Box<dyn Fn() -> Result<(), Failure> + 'a>;
type Typed<'a> = Box<dyn Fn() -> Result<Command, Failure> + 'a>;

/// A program with its arguments, to be run again and again.
pub(super) struct Tool<'a> {
    pub(super) what: String,
    typed: Typed<'a>,
    fresh: bool,
    before: Option<Before<'a>>,
}

impl<'a> Tool<'a> {
    pub(super) fn new(
        what: impl Into<String>,
        typed: impl Fn() -> Result<Command, Failure> + 'a,
    ) -> Self {
        Self {
            what: what.into(),
            typed: Box::new(typed),
            fresh: false,
            before: None,
        }
    }

    /// Nothing is left of the runs before: no keeper, and none of its connections.
    pub(super) fn fresh(self) -> Self {
        Self {
            fresh: true,
            ..self
        }
    }

    /// What is put right before each run, and not measured.
    pub(super) fn after(self, before: impl Fn() -> Result<(), Failure> + 'a) -> Self {
        Self {
            before: Some(Box::new(before)),
            ..self
        }
    }
}

/// All runs of one program.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) what: String,
    pub(super) samples: Vec<Sample>,
    /// Why there are no more.
    pub(super) failed: Option<String>,
}

/// The programs in turn, so that what else this machine does befalls all; a first
/// round warms up. A program that fails is not run again.
pub(super) fn rounds(bed: &Bed, tools: &[Tool<'_>], runs: u8) -> Vec<Measured> {
    let mut all: Vec<_> = tools.iter().map(|tool| nothing_yet(&tool.what)).collect();
    for round in 0..=runs {
        for (index, (tool, measured)) in tools.iter().zip(&mut all).enumerate() {
            if measured.failed.is_some() {
                continue;
            }
            match once(tool, &bed.path(&format!("out/{index}"))) {
                Ok(_) if round == 0 => {}
                Ok(sample) => measured.samples.push(sample),
                Err(why) => measured.failed = Some(why.to_string()),
            }
        }
    }
    all
}

fn nothing_yet(what: &str) -> Measured {
    Measured {
        what: what.to_owned(),
        samples: Vec::new(),
        failed: None,
    }
}

/// Runs it once; what it prints goes to this file, what it complains of beside it.
pub(super) fn once(tool: &Tool<'_>, output: &Path) -> Result<Sample, Failure> {
    if tool.fresh {
        keeper::end();
    }
    if let Some(before) = &tool.before {
        before()?;
    }
    let mut command = (tool.typed)()?;
    let complaints = output.with_extension("err");
    command.stdout(make(output)?).stderr(make(&complaints)?);
    let kept = keeper::keepers();
    let started = Instant::now();
    let used = command.spawn().and_then(Wait4::wait4);
    let seconds = started.elapsed().as_secs_f64();
    let used = used.map_err(|error| Failure::new(format!("cannot run {}: {error}", tool.what)))?;
    went_well(used.status, &complaints)?;
    let keeps = keeper::keepers();
    Ok(Sample {
        seconds,
        cpu: (used.rusage.utime + used.rusage.stime).as_secs_f64() + keeps.cpu - kept.cpu,
        memory: megabytes(used.rusage.maxrss) + keeps.held,
    })
}

fn make(path: &Path) -> Result<File, Failure> {
    File::create(path).map_err(|error| Failure::file("make", path, &error))
}

fn went_well(status: ExitStatus, complaints: &Path) -> Result<(), Failure> {
    if status.success() {
        return Ok(());
    }
    let said = fs::read_to_string(complaints).unwrap_or_default();
    let last = said.lines().rfind(|line| !line.trim().is_empty());
    let how = match (status.code(), status.signal()) {
        // As `timeout` ends it.
        (Some(137), _) | (_, Some(9)) => "took too long".to_owned(),
        _ => status.to_string(),
    };
    Err(Failure::new(format!("{how}: {}", last.unwrap_or_default())))
}

fn megabytes(bytes: u64) -> f64 {
    // Proof: what exceeds it is more memory than this machine has by far.
    f64::from(u32::try_from(bytes / 1000).unwrap_or(u32::MAX)) / 1000.0
}

impl Measured {
    /// The median of one figure of its runs.
    pub(super) fn median(&self, figure: fn(&Sample) -> f64) -> Option<f64> {
        let sorted = self.sorted(figure);
        sorted.get(sorted.len().saturating_sub(1) / 2).copied()
    }

    pub(super) fn sorted(&self, figure: fn(&Sample) -> f64) -> Vec<f64> {
        let mut sorted: Vec<_> = self.samples.iter().map(figure).collect();
        sorted.sort_by(f64::total_cmp);
        sorted
    }
}

/// As it is kept in a file.
impl Serialize for Measured {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::json!({
            "what": self.what,
            "seconds": self.sorted(|it| it.seconds),
            "cpu_seconds": self.sorted(|it| it.cpu),
            "memory_mb": self.sorted(|it| it.memory),
            "failed": self.failed,
        })
        .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(seconds: &[f64]) -> Measured {
        let sample = |seconds: &f64| Sample {
            seconds: *seconds,
            cpu: 0.0,
            memory: 0.0,
        };
        Measured {
            samples: seconds.iter().map(sample).collect(),
            ..nothing_yet("a")
        }
    }

    #[test]
    fn the_median_is_in_the_middle_and_of_no_runs_there_is_none() {
        assert_eq!(
            measured(&[3.0, 1.0, 2.0]).median(|it| it.seconds),
            Some(2.0)
        );
        assert_eq!(measured(&[]).median(|it| it.seconds), None);
    }

    #[test]
    fn a_program_that_fails_says_its_last_words() {
        let folder = tempfile::tempdir().unwrap();
        let tool = Tool::new("it", || {
            let mut shell = crate::program::command("sh");
            shell.args(["-c", "echo first >&2; echo last >&2; exit 3"]);
            Ok(shell)
        });
        let why = once(&tool, &folder.path().join("out")).unwrap_err();
        assert_eq!(why.to_string(), "exit status: 3: last");
    }

    #[test]
    fn processor_time_of_a_program_is_that_of_what_it_started_too() {
        let folder = tempfile::tempdir().unwrap();
        let tool = Tool::new("it", || {
            let mut shell = crate::program::command("sh");
            let busy = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
            shell.args(["-c", &format!("sh -c '{busy}'; true")]);
            Ok(shell)
        });
        let sample = once(&tool, &folder.path().join("out")).unwrap();
        assert!(sample.cpu > 0.01, "{sample:?}");
        assert!(sample.memory > 0.1, "{sample:?}");
    }
}
