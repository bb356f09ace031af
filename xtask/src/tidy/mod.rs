//! `cargo xtask tidy`: the house's rules that no compiler knows. A rule is a
//! function from the project to findings; all of them are reported in one go.
//! Not in here: what `cargo fmt` and clippy tell.

mod code;
mod files;
mod links;
mod measure;
mod project;
mod registries;
mod rooms;
mod source;

use std::fmt;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::tidy::project::Project;
use crate::tree::Tree;

/// Check the rules of the house: headers, lengths, names, crates, registries, links
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print how long files and functions are instead
    #[arg(long)]
    measure: bool,
}

/// One place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    file: PathBuf,
    /// Zero for the file as a whole.
    line: usize,
    what: String,
}

/// A finding that is let pass.
#[derive(Debug)]
struct Exception {
    file: &'static str,
    /// How the finding begins.
    what: &'static str,
    reason: &'static str,
}

/// As few as can be: each is a promise to come back.
const EXCEPTIONS: &[Exception] = &[];

const RULES: &[fn(&Project) -> Vec<Finding>] = &[
    files::headers,
    files::lengths,
    files::names,
    files::ends_of_lines,
    files::loose_ends,
    code::functions,
    code::panics,
    rooms::dependencies,
    rooms::pure_lints,
    registries::complete,
    links::lead_somewhere,
];

pub(crate) fn run(args: &Args, tree: &Tree) -> Result<(), Failure> {
    if args.measure {
        print!("{}", measure::report(&Project::read(tree)?));
        return Ok(());
    }
    check(tree)
}

/// Fails if any rule is broken.
pub(crate) fn check(tree: &Tree) -> Result<(), Failure> {
    let project = Project::read(tree)?;
    let all: Vec<_> = RULES.iter().flat_map(|rule| rule(&project)).collect();
    let findings = excused(all, EXCEPTIONS);
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        println!("{} files are tidy", project.texts.len());
        return Ok(());
    }
    Err(Failure::new(format!(
        "the rules of the house are broken, each place is named above: {}",
        findings.len()
    )))
}

/// What is left after `exceptions`; one that excuses nothing is a finding itself.
fn excused(mut findings: Vec<Finding>, exceptions: &[Exception]) -> Vec<Finding> {
    for exception in exceptions {
        let before = findings.len();
        findings.retain(|finding| {
            finding.file != Path::new(exception.file) || !finding.what.starts_with(exception.what)
        });
        if findings.len() == before {
            findings.push(Finding::new(
                Path::new(exception.file),
                format!("needs its exception no more ({})", exception.reason),
            ));
        }
    }
    findings.sort();
    findings
}

impl Finding {
    fn new(file: &Path, what: impl Into<String>) -> Self {
        Self::at(file, 0, what)
    }

    fn at(file: &Path, line: usize, what: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        match self.line {
            0 => write!(f, "{file}: {}", self.what),
            line => write!(f, "{file}:{line}: {}", self.what),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_excuses_its_finding_and_is_a_finding_without_one() {
        let exceptions = [Exception {
            file: "a.rs",
            what: "too long",
            reason: "a table",
        }];
        let long = Finding::new(Path::new("a.rs"), "too long: 600 lines");
        assert_eq!(excused(vec![long], &exceptions), []);
        let left = excused(Vec::new(), &exceptions);
        assert_eq!(
            left[0].to_string(),
            "a.rs: needs its exception no more (a table)"
        );
    }
}
