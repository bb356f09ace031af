//! `bramble` as it is measured. Not in here: the programs it is held against.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::bed::{Bed, HOME};
use super::measure::Tool;
use super::peers::LIMIT;
use crate::program::command;

/// How our runs are called in the tables.
pub(super) const COLD: &str = "bramble run --cold";
pub(super) const FIRST: &str = "bramble run, starts the keeper";
pub(super) const WARM: &str = "bramble run, warm";

/// One cluster.
#[derive(Debug, Clone)]
pub(super) struct Ours {
    bramble: PathBuf,
    file: PathBuf,
}

impl Ours {
    pub(super) fn new(bed: &Bed, file: &Path) -> Self {
        Self {
            bramble: bed.bramble.clone(),
            file: file.to_owned(),
        }
    }

    /// `bramble` with these words, which may not take longer than the limit.
    pub(super) fn tool<'a>(&'a self, what: &str, words: &'a [&str]) -> Tool<'a> {
        Tool::new(what, move || {
            let mut limited = command("timeout");
            limited.args(["--signal", "KILL", LIMIT]);
            Ok(self.words(limited.arg(&self.bramble), words))
        })
    }

    /// The same without anything around it, which takes a millisecond of its own.
    pub(super) fn bare<'a>(&'a self, what: &str, words: &'a [&str]) -> Tool<'a> {
        Tool::new(what, move || {
            Ok(self.words(&mut command(&self.bramble), words))
        })
    }

    /// The same with no more open files than a login usually gets.
    pub(super) fn with_few_files<'a>(&'a self, what: &str, words: &'a [&str]) -> Tool<'a> {
        Tool::new(what, move || {
            let mut few = command("prlimit");
            few.args(["--nofile=1024:", "timeout", "--signal", "KILL", LIMIT]);
            Ok(self.words(few.arg(&self.bramble), words))
        })
    }

    fn words(&self, command: &mut Command, words: &[&str]) -> Command {
        let mut own = crate::program::command(command.get_program());
        own.args(command.get_args()).arg("--file").arg(&self.file);
        own.args(words)
            .env("HOME", HOME)
            .env_remove("SSH_AUTH_SOCK");
        own
    }
}

/// Cold, with a new keeper, and over the connections it keeps: in this order, since
/// the last needs the one before.
pub(super) fn three_ways<'a>(ours: &'a Ours, words: &'a [Vec<&'a str>; 2]) -> [Tool<'a>; 3] {
    let [cold, kept] = words;
    [
        ours.tool(COLD, cold).fresh(),
        ours.tool(FIRST, kept).fresh(),
        ours.tool(WARM, kept),
    ]
}
