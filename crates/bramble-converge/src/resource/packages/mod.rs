//! Packages of the distribution that must be installed.

use std::collections::BTreeSet;

use super::{Difference, Key, Kind, Line, Resource, Verdict};
use crate::record::Record;

/// Packages.
pub const KIND: Kind = Kind {
    name: "packages",
    observe: include_str!("observe.sh"),
    apply: include_str!("apply.sh"),
};

/// Packages that one role needs: installed together, in one run of `apt-get`.
#[derive(Debug, Clone)]
pub struct Packages {
    names: Vec<&'static str>,
}

impl Packages {
    /// These packages, in any version that the distribution has.
    pub fn new<const N: usize>(names: [&'static str; N]) -> Self {
        Self {
            names: names.into(),
        }
    }
}

impl Resource for Packages {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn id(&self) -> String {
        self.names.join(" ")
    }

    fn question(&self) -> Record {
        Record::new([self.id()])
    }

    fn differ(&self, seen: Option<&Record>, _: &BTreeSet<Key>) -> Verdict {
        let expect = Record::new([self.id().as_str(), ""]);
        if seen == Some(&expect) {
            return Verdict::Same;
        }
        let missing = seen.map_or_else(|| self.id(), |seen| seen.field(1).to_owned());
        let step = Record::new([self.id().as_str(), &missing]);
        let mut difference = Difference::new("install", step, Some(expect));
        difference.lines = missing
            .split_whitespace()
            .map(|name| Line::Added(name.to_owned()))
            .collect();
        difference.verdict()
    }
}
