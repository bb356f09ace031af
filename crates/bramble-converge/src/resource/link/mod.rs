//! A symbolic link with its target.

use std::collections::BTreeSet;

use super::{Difference, Key, Kind, Line, Resource, Verdict};
use crate::record::Record;

/// Symbolic links.
pub const KIND: Kind = Kind {
    name: "link",
    observe: include_str!("observe.sh"),
    apply: include_str!("apply.sh"),
};

/// A symbolic link.
#[derive(Debug, Clone)]
pub struct Link {
    path: String,
    target: String,
}

impl Link {
    /// A link at `path` that holds the text `target`.
    pub fn new(path: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            target: target.into(),
        }
    }
}

impl Resource for Link {
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
        let expect = Record::new([&self.path, &self.target]);
        match seen {
            Some(seen) if *seen == expect => Verdict::Same,
            Some(seen) if seen.fields().len() < 2 => Verdict::Conflict {
                found: format!("{} is a directory, not a link", self.path),
                remedy: "move it away, then run `bramble up` again".to_owned(),
            },
            seen => {
                let mut difference = Difference::new("point", expect.clone(), Some(expect));
                let old = seen.map(|seen| Line::Removed(seen.field(1).to_owned()));
                difference.lines = old
                    .into_iter()
                    .chain([Line::Added(self.target.clone())])
                    .collect();
                difference.verdict()
            }
        }
    }
}
