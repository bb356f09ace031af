//! The steps of `cargo xtask test`, in their order: what is quick to tell comes
//! first, but for the image that tests look into. Not in here: which tests there
//! are.

use std::process::Command;

use super::{image, machine, targets};
use crate::failure::Failure;
use crate::program::{self, command};
use crate::tidy;
use crate::tree::Tree;

/// One thing that must hold.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) name: &'static str,
    /// Whether `--fast` leaves it out.
    pub(super) boots_nodes: bool,
    pub(super) run: fn(&Tree) -> Result<Outcome, Failure>,
}

/// How a step ended that did not fail.
#[derive(Debug)]
pub(super) enum Outcome {
    Passed,
    /// With the reason.
    Skipped(String),
}

pub(super) const STEPS: &[Step] = &[
    step("packages", machine::prepare),
    step("formatting", formatting),
    step("tidy", |tree| tidy::check(tree).map(passed)),
    step("clippy", clippy),
    step("shell scripts", shell_scripts),
    Step {
        boots_nodes: true,
        ..step("base image", |tree| image::make(tree, &mut cargo(tree)))
    },
    step("fast tests", fast_tests),
    Step {
        boots_nodes: true,
        ..step("virtual nodes", |tree| slow_test("real", tree))
    },
    Step {
        boots_nodes: true,
        ..step("end to end", |tree| slow_test("end_to_end", tree))
    },
];

/// Findings that are no mistakes here: what another file defines, which is not
/// there to be read; and `a && b || c` where c is meant for a failure of either.
const SCRIPTS_MAY: &str = "--exclude=SC1091,SC2015";

const fn step(name: &'static str, run: fn(&Tree) -> Result<Outcome, Failure>) -> Step {
    Step {
        name,
        boots_nodes: false,
        run,
    }
}

fn passed((): ()) -> Outcome {
    Outcome::Passed
}

fn formatting(tree: &Tree) -> Result<Outcome, Failure> {
    program::run(cargo(tree).args(["fmt", "--all", "--check"])).map(passed)
}

fn clippy(tree: &Tree) -> Result<Outcome, Failure> {
    let words = "clippy --workspace --all-targets --locked -- -D warnings";
    program::run(cargo(tree).args(words.split(' '))).map(passed)
}

/// Every script by itself, as the shell of a Debian node reads it.
fn shell_scripts(tree: &Tree) -> Result<Outcome, Failure> {
    if !program::is_there("shellcheck") {
        return Ok(Outcome::Skipped("shellcheck is not installed".to_owned()));
    }
    let scripts = tree.with_extension("sh")?;
    let mut check = command("shellcheck");
    check.current_dir(&tree.root);
    program::run(check.args(["--shell=sh", SCRIPTS_MAY]).args(&scripts))?;
    println!("{} scripts", scripts.len());
    Ok(Outcome::Passed)
}

/// One selection of packages throughout: another would unify features otherwise,
/// and build dependencies a second time.
fn fast_tests(tree: &Tree) -> Result<Outcome, Failure> {
    let mut fast = targets::tests(&mut cargo(tree))?;
    fast.retain(|name| !targets::SLOW.contains(&name.as_str()));
    let mut test = tests(tree);
    test.args(["--lib", "--bins"]);
    for name in &fast {
        test.args(["--test", name]);
    }
    program::run(&mut test).map(passed)
}

fn slow_test(name: &str, tree: &Tree) -> Result<Outcome, Failure> {
    if !machine::is_root() {
        return Ok(Outcome::Skipped(
            "only root can boot virtual nodes".to_owned(),
        ));
    }
    if !targets::tests(&mut cargo(tree))?
        .iter()
        .any(|found| found == name)
    {
        return Ok(Outcome::Skipped(format!(
            "the workspace has no test called {name}"
        )));
    }
    program::run(tests(tree).args(["--test", name])).map(passed)
}

fn tests(tree: &Tree) -> Command {
    let mut test = cargo(tree);
    test.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    if machine::is_ci() {
        test.env("BRAMBLE_NO_SKIP", "1");
    }
    test
}

fn cargo(tree: &Tree) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut cargo = command(program);
    cargo.current_dir(&tree.root);
    cargo
}
