//! `cargo xtask test`: everything that must hold, step after step; the first that
//! fails ends it. Not in here: what the tests expect.

mod image;
mod machine;
mod steps;
mod targets;

use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::table::table;
use crate::test::steps::{Outcome, STEPS, Step};
use crate::tree::Tree;

/// Check everything: form, tidiness, lints, scripts, tests, and whole clusters
///
/// Installs the Debian packages that the tests need. Steps that need root are
/// skipped without it, except where `CI` is set: there nothing may be skipped.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Leave out what boots virtual nodes
    #[arg(long)]
    fast: bool,
}

/// What became of a step.
struct Done {
    step: &'static Step,
    outcome: Result<Outcome, Failure>,
    took: Duration,
}

pub(crate) fn run(args: &Args, tree: &Tree) -> Result<(), Failure> {
    let mut done = Vec::new();
    for step in STEPS.iter().filter(|step| !(args.fast && step.boots_nodes)) {
        println!("\n== {}", step.name);
        let started = Instant::now();
        let outcome = (step.run)(tree).and_then(allowed);
        if let Ok(Outcome::Skipped(reason)) = &outcome {
            println!("skipped: {reason}");
        }
        let failed = outcome.is_err();
        done.push(Done {
            step,
            outcome,
            took: started.elapsed(),
        });
        if failed {
            break;
        }
    }
    println!("\n{}", summary(&done));
    for Done { step, outcome, .. } in done {
        outcome.map_err(|why| Failure::new(format!("the step `{}` failed: {why}", step.name)))?;
    }
    Ok(())
}

/// Where `CI` is set, what is skipped has failed.
fn allowed(outcome: Outcome) -> Result<Outcome, Failure> {
    match outcome {
        Outcome::Skipped(reason) if machine::is_ci() => Err(Failure::new(format!(
            "{reason}; where CI is set nothing may be skipped"
        ))),
        other => Ok(other),
    }
}

fn summary(done: &[Done]) -> String {
    let row = |done: &Done| {
        let outcome = match &done.outcome {
            Ok(Outcome::Passed) => "passed".to_owned(),
            Ok(Outcome::Skipped(reason)) => format!("skipped: {reason}"),
            Err(_) => "FAILED".to_owned(),
        };
        let took = format!("{:.1}", done.took.as_secs_f64());
        [done.step.name.to_owned(), took, outcome]
    };
    let mut rows: Vec<_> = done.iter().map(row).collect();
    let all: Duration = done.iter().map(|done| done.took).sum();
    rows.push([
        "all".to_owned(),
        format!("{:.1}", all.as_secs_f64()),
        String::new(),
    ]);
    table(["step", "seconds", "outcome"], &rows)
}
