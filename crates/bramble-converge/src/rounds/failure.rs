//! Why a node is not what it should be, in words with a remedy. Not in here: how
//! it was found out.

use serde::Serialize;

use crate::resource::Key;
use crate::script::Malformed;
use crate::transport::Unreachable;

/// Why a node is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NodeFailure {
    /// It gave no answer.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    /// The account may not become root without a password.
    #[error("sudo wants a password there: allow it with `NOPASSWD:ALL` in /etc/sudoers.d")]
    Sudo,
    /// It answered something else.
    #[error("{malformed}{}", said(.complaint))]
    Malformed {
        /// What is wrong with the answer.
        malformed: Malformed,
        /// The last of its standard error.
        complaint: String,
    },
    /// Something is in the way that bramble must not change.
    #[error("{key}: {found}; {remedy}")]
    Conflict {
        /// Which resource.
        key: Key,
        /// What was found.
        found: String,
        /// What the owner can do.
        remedy: String,
    },
    /// A step failed; those after it were not tried.
    #[error("{key} failed with status {status}{}", said(.complaint))]
    Step {
        /// Which resource.
        key: Key,
        /// The step's exit status.
        status: String,
        /// The last of its standard error.
        complaint: String,
    },
    /// A step said that it succeeded, and what is there now is something else.
    #[error("{key} is not what it was set to: expected {expected}, found {found}")]
    Surprise {
        /// Which resource.
        key: Key,
        /// The fact expected.
        expected: String,
        /// The fact observed.
        found: String,
    },
}

fn said(complaint: &str) -> String {
    if complaint.is_empty() {
        String::new()
    } else {
        format!(":\n{complaint}")
    }
}

impl Serialize for NodeFailure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
