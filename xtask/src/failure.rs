//! Why a task could not go on: what happened, where, and what to do. Not in
//! here: kinds of failure, since all end a task alike.

use std::fmt;
use std::path::Path;

/// A task's end.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }

    /// A file that cannot be dealt with.
    pub(crate) fn file(doing: &str, path: &Path, why: &dyn fmt::Display) -> Self {
        Self::new(format!("cannot {doing} {}: {why}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}
