//! An account with the uid that it has on every node.

use std::collections::BTreeSet;

use bramble_cluster::UserName;

use super::{Difference, Key, Kind, Line, Resource, Verdict};
use crate::record::Record;

/// Accounts.
pub const KIND: Kind = Kind {
    name: "user",
    observe: include_str!("observe.sh"),
    apply: include_str!("apply.sh"),
};

/// An account that logs in by key only.
#[derive(Debug, Clone)]
pub struct User {
    name: UserName,
    uid: u32,
}

impl User {
    /// The account `name` with `uid`, a group of its own with the same number,
    /// and a home directory at `/home/NAME`.
    pub fn new(name: UserName, uid: u32) -> Self {
        Self { name, uid }
    }
}

impl Resource for User {
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
        let uid = self.uid.to_string();
        let expect = Record::new([self.name.as_str(), &uid, &uid]);
        match seen {
            Some(seen) if *seen == expect => Verdict::Same,
            Some(seen) => Verdict::Conflict {
                found: format!(
                    "the account {} has uid {} and gid {}; it must have {uid} on every node, \
                     or shared files belong to somebody else",
                    self.name,
                    seen.field(1),
                    seen.field(2)
                ),
                remedy: format!(
                    "log in as another account and run `usermod -u {uid} {0} && groupmod -g {uid} {0}`",
                    self.name
                ),
            },
            None => {
                let step = Record::new([self.name.as_str(), &uid]);
                let mut difference = Difference::new("create", step, Some(expect));
                difference.lines = vec![Line::Added(format!("uid {uid}"))];
                difference.verdict()
            }
        }
    }
}
