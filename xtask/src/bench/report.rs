//! What a benchmark of many rows leaves behind. Not in here: the rows.

use std::path::Path;

use serde::Serialize;

use super::machine::Machine;
use crate::failure::Failure;

/// What is kept in a file.
#[derive(Debug, Serialize)]
pub(super) struct Report<Row> {
    machine: Machine,
    /// Of all programs that were measured.
    versions: Vec<String>,
    pub(super) rows: Vec<Row>,
}

impl<Row: Serialize> Report<Row> {
    pub(super) fn new(machine: Machine, versions: Vec<String>, rows: Vec<Row>) -> Self {
        Self {
            machine,
            versions,
            rows,
        }
    }

    /// What the figures in `table` were taken on, and they.
    pub(super) fn under_its_heading(&self, table: &str) -> String {
        format!("{}\n{}\n\n{table}", self.machine, self.versions.join("\n"))
    }

    pub(super) fn write(&self, file: &Path) -> Result<(), Failure> {
        keep(self, file)
    }
}

/// Keeps what was measured as JSON.
pub(super) fn keep(measured: &impl Serialize, file: &Path) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(measured)
        .map_err(|error| Failure::file("write", file, &error))?;
    std::fs::write(file, text + "\n").map_err(|error| Failure::file("write", file, &error))
}
