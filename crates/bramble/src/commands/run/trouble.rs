//! Why answers could not be shown to their end.

use std::io;

use crate::exit::Exit;
use crate::failure::Failure;

/// What came between.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Whoever read has read enough: `| head`.
    Closed,
    /// Something to be told.
    Failed(Failure),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::Closed;
        }
        Self::Failed(Failure::new(
            Exit::Host,
            format!("cannot print the answers: {error}"),
        ))
    }
}
