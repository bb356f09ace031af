//! A directory with its mode and owner.

use std::collections::BTreeSet;

use super::{Difference, Key, Kind, Line, Resource, Verdict};
use crate::record::Record;

/// Directories.
pub const KIND: Kind = Kind {
    name: "directory",
    observe: include_str!("observe.sh"),
    apply: include_str!("apply.sh"),
};

/// A directory. What is in it does not matter.
#[derive(Debug, Clone)]
pub struct Directory {
    path: String,
    mode: u32,
    owner: String,
}

impl Directory {
    /// A directory with `mode`, owned by `owner` as `user:group`.
    pub fn new(path: impl Into<String>, mode: u32, owner: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            mode,
            owner: owner.into(),
        }
    }
}

impl Resource for Directory {
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
        let mode = format!("{:o}", self.mode);
        let expect = Record::new([&self.path, "directory", &mode, &self.owner]);
        if seen == Some(&expect) {
            return Verdict::Same;
        }
        // With five digits chmod also takes away set-group-ID, which it otherwise
        // leaves to a directory.
        let exact = format!("{:05o}", self.mode);
        let step = Record::new([&self.path, &exact, &self.owner]);
        match seen {
            Some(seen) if seen.field(1) != "directory" => Verdict::Conflict {
                found: format!("{} is a {}, not a directory", self.path, seen.field(1)),
                remedy: "move it away, then run `bramble up` again".to_owned(),
            },
            seen => {
                let action = if seen.is_some() {
                    "set mode and owner"
                } else {
                    "create"
                };
                let mut difference = Difference::new(action, step, Some(expect));
                let old =
                    |seen: &Record| Line::Removed(format!("{} {}", seen.field(2), seen.field(3)));
                difference.lines.extend(seen.map(old));
                difference
                    .lines
                    .push(Line::Added(format!("{mode} {}", self.owner)));
                difference.verdict()
            }
        }
    }
}
