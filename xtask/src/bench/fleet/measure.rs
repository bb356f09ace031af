//! Programs in turn, and what each takes, a keeper's share included. Not in here: the
//! programs, and what the figures are held against.

use std::path::Path;
use std::process::Command;

use serde::Serialize;

use super::bed::Bed;
use super::keeper;
use crate::bench::sample::Sample;
use crate::failure::Failure;

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
    let command = (tool.typed)()?;
    let kept = keeper::keepers();
    let sample = Sample::take(&tool.what, command, output)?;
    let keeps = keeper::keepers();
    Ok(Sample {
        cpu: sample.cpu + keeps.cpu - kept.cpu,
        memory: sample.memory + keeps.held,
        ..sample
    })
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
}
