//! Why a command could not go on, and what to do about it.

use std::fmt;
use std::path::Path;

use bramble_lab::LabError;

use crate::exit::Exit;

/// The one error of the command: what happened, and hints that follow from it.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
    hints: Vec<String>,
}

impl Failure {
    /// A failure that ends with `exit`.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(doing: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::new(
            Exit::Host,
            format!("cannot {doing} {}: {error}", path.display()),
        )
    }

    /// The same with one more hint.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<LabError> for Failure {
    fn from(error: LabError) -> Self {
        let exit = match error {
            LabError::Interrupted => Exit::Interrupted,
            LabError::Busy { .. } => Exit::Busy,
            LabError::NoSeed(_) | LabError::NoSuchNode { .. } | LabError::SubnetFull(_) => {
                Exit::Usage
            }
            _ => Exit::Host,
        };
        let failure = Self::new(exit, error.to_string());
        match error.remedy() {
            Some(remedy) => failure.hint(remedy),
            None => failure,
        }
    }
}
