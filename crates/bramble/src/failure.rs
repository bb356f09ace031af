//! Why a command could not go on, and what to do about it.

use std::fmt;
use std::io::{self, ErrorKind};
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
    pub(crate) fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        let error = plain(error);
        Self::new(
            Exit::Host,
            format!("cannot {doing} {}: {error}", path.display()),
        )
    }

    /// The same, of a path that was typed: a slip if another path would do.
    pub(crate) fn named(doing: &str, path: &Path, error: &io::Error) -> Self {
        let exit = match error.kind() {
            ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::IsADirectory
            | ErrorKind::AlreadyExists
            | ErrorKind::InvalidFilename => Exit::Usage,
            _ => Exit::Host,
        };
        Self {
            exit,
            ..Self::file(doing, path, error)
        }
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

/// The error without the name of a file beside, which is nobody's but ours: `tempfile`
/// puts it behind what the system said, and tells it no other way.
pub(crate) fn plain(error: &io::Error) -> String {
    let told = error.to_string();
    match told.split_once(" at path ") {
        Some((said, _)) if error.raw_os_error().is_none() => said.to_owned(),
        _ => told,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_was_typed_wrong_is_a_slip_and_what_this_machine_lacks_is_not() {
        let path = Path::new("a/b");
        for (kind, exit) in [
            (ErrorKind::NotFound, Exit::Usage),
            (ErrorKind::AlreadyExists, Exit::Usage),
            (ErrorKind::StorageFull, Exit::Host),
            (ErrorKind::PermissionDenied, Exit::Host),
        ] {
            let error = io::Error::from(kind);
            assert_eq!(Failure::named("write", path, &error).exit(), exit);
            assert_eq!(Failure::file("write", path, &error).exit(), Exit::Host);
        }
    }

    #[test]
    fn files_beside_are_not_named() {
        let error = tempfile::tempfile_in("/nowhere/at/all").unwrap_err();
        assert!(!plain(&error).contains("/nowhere"), "{error}");
        let error = tempfile::Builder::new().tempfile_in("/nowhere/at/all");
        assert_eq!(
            plain(&error.unwrap_err()),
            "No such file or directory (os error 2)"
        );
    }
}
