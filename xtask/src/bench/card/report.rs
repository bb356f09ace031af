//! What was measured, as tables. Not in here: measuring.

use serde::Serialize;

use super::measure::Measured;
use crate::bench::figure::{self, Figure};

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

/// All that is to be reached, in one table.
pub(super) fn promised(rows: &[Outcome]) -> String {
    let all = rows.iter().flat_map(|row| &row.figures);
    figure::table(all.filter(|figure| figure.has_goal()))
}
