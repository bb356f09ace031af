//! A path at which there must be nothing.

use std::collections::BTreeSet;

use super::{Difference, Key, Kind, Resource, Verdict};
use crate::record::Record;

/// Paths that must be free.
pub const KIND: Kind = Kind {
    name: "absent",
    observe: include_str!("observe.sh"),
    apply: include_str!("apply.sh"),
};

/// A file or link that must not be there. A directory is never removed.
#[derive(Debug, Clone)]
pub struct Absent {
    path: String,
}

impl Absent {
    /// Nothing at `path`.
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into() }
    }
}

impl Resource for Absent {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn id(&self) -> String {
        self.path.clone()
    }

    fn question(&self) -> Record {
        Record::new([&self.path])
    }

    fn differ(&self, seen: Option<&Record>, _: &BTreeSet<Key>) -> Verdict {
        match seen.map(|seen| seen.field(1)) {
            None => Verdict::Same,
            Some("directory") => Verdict::Conflict {
                found: format!("{} is a directory", self.path),
                remedy: "move it away, then run `bramble up` again".to_owned(),
            },
            Some(_) => Difference::new("remove", Record::new([&self.path]), None).verdict(),
        }
    }
}
