//! Folding and expanding a million names, as whole processes. Not in here: whether
//! the answers are right beyond being `nodeset`'s, which tests elsewhere hold.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::super::bed::Bed;
use super::super::measure::{Measured, Tool, once, rounds};
use super::super::report::{Kind, Outcome};
use super::Plan;
use crate::bench::sample::Sample;
use crate::failure::Failure;
use crate::program::{self, command};

/// What ours may take of `nodeset`'s time, and megabytes.
const GOAL: f64 = 0.01;
const GOAL_MEMORY: f64 = 100.0;

const MILLION: u64 = 1_000_000;

/// Names of the inputs.
const SORTED: &str = "sorted";
const HALF: &str = "every second";
const SHUFFLED: &str = "shuffled";
const GRID: &str = "1000 x 1000";
const SMALL_GRID: &str = "100 x 100";

/// Steps by this number through a million reach all of them, without any order
/// that helps, as they have no factor in common.
const STEP: u64 = 618_033;

pub(super) fn measure(bed: &Bed, plan: &Plan) -> Result<Outcome, Failure> {
    let inputs = inputs(bed)?;
    let mut outcome = Outcome::new("node sets of 1,000,000", Vec::new());
    for (what, file) in &inputs {
        let tools = folds(bed, what, file);
        // The largest takes `nodeset` minutes, so it is asked once, or not at all.
        let tools = if *what == GRID {
            &tools[..1]
        } else {
            &tools[..]
        };
        outcome.measured.extend(rounds(bed, tools, plan.runs));
        if *what == GRID && plan.peers_long {
            let nodeset = &folds(bed, what, file)[1];
            let sample = once(nodeset, &bed.path("out/1"))?;
            outcome.measured.push(single(&nodeset.what, sample));
        }
        if *what != GRID || plan.peers_long {
            note_difference(bed, what, &mut outcome);
        }
    }
    outcome
        .measured
        .extend(rounds(bed, &expands(bed), plan.runs));
    note_difference(bed, "expand", &mut outcome);
    if !plan.peers_long {
        outcome.notes.push(format!(
            "nodeset folds {GRID} names in three minutes: left out without --peers-long, and \
             {SMALL_GRID} measured instead"
        ));
    }
    claims(&mut outcome, plan);
    Ok(outcome)
}

fn claims(outcome: &mut Outcome, plan: &Plan) {
    let grid = if plan.peers_long { GRID } else { SMALL_GRID };
    let folds = [SORTED, HALF, SHUFFLED, grid].map(|what| format!("fold, {what}"));
    for work in folds.into_iter().chain(["expand".to_owned()]) {
        outcome.ratio(Kind::Wall, &ours(&work), &theirs(&work), Some(GOAL));
    }
    let folds = [SORTED, HALF, SHUFFLED, GRID].map(|what| format!("fold, {what}"));
    for work in folds.into_iter().chain(["expand".to_owned()]) {
        outcome.most(Kind::Memory, &ours(&work), GOAL_MEMORY);
    }
}

fn ours(work: &str) -> String {
    format!("bramble nodes, {work}")
}

fn theirs(work: &str) -> String {
    format!("nodeset, {work}")
}

/// Ours and the peer on the names of this file.
fn folds<'a>(bed: &'a Bed, what: &str, file: &'a Path) -> [Tool<'a>; 2] {
    let work = format!("fold, {what}");
    let reads = move |program: &Path, words: &[&str]| {
        let names = File::open(file).map_err(|error| Failure::file("read", file, &error))?;
        let mut reads = command(program);
        reads.args(words).stdin(Stdio::from(names)).current_dir("/");
        Ok(reads)
    };
    [
        Tool::new(ours(&work), move || reads(&bed.bramble, &["nodes", "-"])),
        Tool::new(theirs(&work), move || reads(Path::new("nodeset"), &["-f"])),
    ]
}

fn expands(bed: &Bed) -> [Tool<'_>; 2] {
    let all = "node[1-1000000]";
    [
        Tool::new(ours("expand"), move || {
            let mut expand = command(&bed.bramble);
            expand.args(["nodes", "--expand", all]).current_dir("/");
            Ok(expand)
        }),
        Tool::new(theirs("expand"), move || {
            let mut expand = command("nodeset");
            expand.args(["-e", "-S", "\\n", all]);
            Ok(expand)
        }),
    ]
}

/// Both have just written their answers: an answer that differs is worth nothing,
/// however quick.
fn note_difference(bed: &Bed, what: &str, outcome: &mut Outcome) {
    let works = outcome.measured.iter().rev().take(2);
    if works.into_iter().any(|it| it.failed.is_some()) {
        return;
    }
    let both = ["out/0", "out/1"].map(|name| bed.path(name));
    let same = program::output(command("cmp").args(["--silent"]).args(both));
    if same.is_err() {
        let note = format!("{what}: bramble and nodeset did not give the same answer");
        outcome.notes.push(note);
    }
}

fn inputs(bed: &Bed) -> Result<Vec<(&'static str, PathBuf)>, Failure> {
    let grid = |side: u64| move |at: u64| format!("rack{}n{}", at / side + 1, at % side + 1);
    let flat = |number: u64| format!("node{number}");
    Ok(vec![
        (SORTED, names(bed, SORTED, MILLION, |at| flat(at + 1))?),
        (HALF, names(bed, HALF, MILLION, |at| flat(2 * at + 1))?),
        (
            SHUFFLED,
            names(bed, SHUFFLED, MILLION, |at| flat(at * STEP % MILLION + 1))?,
        ),
        (SMALL_GRID, names(bed, SMALL_GRID, 10_000, grid(100))?),
        (GRID, names(bed, GRID, MILLION, grid(1000))?),
    ])
}

/// A file with so many names, one a line. Nothing of it is kept in memory: what this
/// process holds would count for the programs it starts.
fn names(
    bed: &Bed,
    what: &str,
    many: u64,
    name: impl Fn(u64) -> String,
) -> Result<PathBuf, Failure> {
    let path = bed.path(&format!("{}.names", what.replace(' ', "-")));
    let written = File::create(&path).and_then(|file| {
        let mut file = BufWriter::new(file);
        (0..many).try_for_each(|at| writeln!(file, "{}", name(at)))?;
        file.flush()
    });
    written
        .map(|()| path.clone())
        .map_err(|error| Failure::file("write", &path, &error))
}

fn single(what: &str, sample: Sample) -> Measured {
    Measured {
        what: what.to_owned(),
        samples: vec![sample],
        failed: None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn shuffled_numbers_are_all_there_and_in_no_order() {
        let all: BTreeSet<_> = (0..MILLION).map(|at| at * STEP % MILLION).collect();
        assert_eq!(all.len() as u64, MILLION);
        assert_ne!(STEP % MILLION, 1);
    }
}
