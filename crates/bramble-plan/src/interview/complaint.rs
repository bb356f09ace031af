//! Why an answer cannot be taken. Not in here: the rules that answers are held to.

use std::fmt;

use bramble_cluster::diagnostic::Diagnostic;

/// Why an answer cannot be taken, and what could stand there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong, without a full stop.
    pub what: String,
    /// What could stand there.
    pub remedy: Option<String>,
}

impl Complaint {
    pub(super) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            remedy: Some(remedy.into()),
        }
    }

    /// What the reader of cluster files would say.
    pub(super) fn of(diagnostic: &Diagnostic) -> Self {
        Self {
            what: diagnostic.title.clone(),
            remedy: diagnostic.help.clone(),
        }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.remedy {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}
