//! What was measured, as tables and as a file. Not in here: measuring.

use std::path::Path;

use serde::Serialize;

use super::desk;
use super::measure::Measured;
use crate::bench::figure::{self, Figure};
use crate::bench::machine::Machine;
use crate::failure::Failure;

/// One row of what is to be reached, with all that was measured for it.
#[derive(Debug, Default, Serialize)]
pub(super) struct Outcome {
    title: String,
    pub(super) figures: Vec<Figure>,
    /// What one must know to read the figures.
    pub(super) notes: Vec<String>,
}

impl Outcome {
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    /// The times of all, and why those have none that could not be measured.
    pub(super) fn times(&mut self, all: &[Measured]) {
        for measured in all {
            if let Some(why) = &measured.failed {
                self.notes.push(format!("{} failed: {why}", measured.what));
            }
            self.figures.push(measured.time());
        }
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    pub(super) fn shown(&self) -> String {
        let table = figure::table(&self.figures);
        format!("{}\n{table}{}\n", self.title, self.notes.join("\n"))
    }
}

/// What `bench/card.json` holds.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    machine: Machine,
    versions: Vec<String>,
    rows: Vec<Outcome>,
}

impl Report {
    pub(super) fn new(machine: Machine, versions: Vec<String>, rows: Vec<Outcome>) -> Self {
        Self {
            machine,
            versions,
            rows,
        }
    }

    pub(super) fn write(&self, file: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Failure::file("write", file, &error))?;
        desk::write(file, text + "\n")
    }

    /// All that is to be reached, in one table.
    pub(super) fn summary(&self) -> String {
        let all = self.rows.iter().flat_map(|row| &row.figures);
        let promised: Vec<_> = all.filter(|figure| figure.has_goal()).collect();
        format!(
            "{}\n{}\n\n{}",
            self.machine,
            self.versions.join("\n"),
            figure::table(promised)
        )
    }
}
