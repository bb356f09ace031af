//! A kernel setting, now and after a restart.

use std::collections::BTreeSet;

use super::{Difference, Key, Kind, Line, Resource, Verdict};
use crate::record::Record;

/// Kernel settings.
pub const KIND: Kind = Kind {
    name: "sysctl",
    observe: include_str!("observe.sh"),
    apply: include_str!("apply.sh"),
};

/// A kernel setting. It is kept in a file of its own in `/etc/sysctl.d`, since
/// Debian 13 no longer reads `/etc/sysctl.conf` (its release notes, 5.1.15).
#[derive(Debug, Clone)]
pub struct Sysctl {
    name: &'static str,
    value: String,
}

impl Sysctl {
    /// The setting `name`, as `sysctl` writes it, has `value`.
    pub fn new(name: &'static str, value: impl Into<String>) -> Self {
        Self {
            name,
            value: value.into(),
        }
    }
}

impl Resource for Sysctl {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn id(&self) -> String {
        self.name.to_owned()
    }

    fn question(&self) -> Record {
        Record::new([self.name])
    }

    fn differ(&self, seen: Option<&Record>, _: &BTreeSet<Key>) -> Verdict {
        let kept = format!("{} = {}", self.name, self.value);
        let expect = Record::new([self.name, &self.value, &kept]);
        if seen == Some(&expect) {
            return Verdict::Same;
        }
        let step = Record::new([self.name, &self.value, &kept]);
        let mut difference = Difference::new("set", step, Some(expect));
        let old = seen.map(|seen| seen.field(1));
        let old = old.filter(|&old| old != self.value);
        let old = old.map(|old| Line::Removed(format!("{} = {old}", self.name)));
        difference.lines.extend(old);
        difference.lines.push(Line::Added(kept));
        difference.verdict()
    }
}
