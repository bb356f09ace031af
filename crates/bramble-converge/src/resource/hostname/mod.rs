//! The node's own name, now and after a restart.

use std::collections::BTreeSet;

use bramble_cluster::NodeName;

use super::{Difference, Key, Kind, Line, Resource, Verdict};
use crate::record::Record;

/// Host names.
pub const KIND: Kind = Kind {
    name: "hostname",
    observe: include_str!("observe.sh"),
    apply: include_str!("apply.sh"),
};

/// The name a node calls itself.
#[derive(Debug, Clone)]
pub struct Hostname {
    name: NodeName,
}

impl Hostname {
    /// The node is called `name`.
    pub fn new(name: NodeName) -> Self {
        Self { name }
    }
}

impl Resource for Hostname {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn id(&self) -> String {
        self.name.to_string()
    }

    fn question(&self) -> Record {
        Record::new([self.name.as_str()])
    }

    fn differ(&self, seen: Option<&Record>, _: &BTreeSet<Key>) -> Verdict {
        let name = self.name.as_str();
        let expect = Record::new([name, name, name]);
        if seen == Some(&expect) {
            return Verdict::Same;
        }
        let old = seen.map_or("", |seen| seen.field(1));
        let mut difference = Difference::new("set", Record::new([name]), Some(expect));
        difference.lines = vec![Line::Removed(old.to_owned()), Line::Added(name.to_owned())];
        difference.verdict()
    }
}
