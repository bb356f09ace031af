//! What a role can want true on a node: one folder a kind of resource.
//!
//! A kind owns everything about itself: what is wanted, how it is observed, how
//! the wish differs from what was seen, how the change is made, and what will
//! be seen afterwards. No other file matches on the kind.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use bramble_cluster::Secret;

use crate::record::Record;

pub mod absent;
pub mod directory;
pub mod file;
pub mod hostname;
pub mod link;
pub mod packages;
pub mod service;
pub mod sysctl;
pub mod user;

pub use absent::Absent;
pub use directory::Directory;
pub use file::File;
pub use hostname::Hostname;
pub use link::Link;
pub use packages::Packages;
pub use service::Service;
pub use sysctl::Sysctl;
pub use user::User;

/// Every kind of resource, by name.
pub const KINDS: &[&Kind] = &[
    &absent::KIND,
    &directory::KIND,
    &file::KIND,
    &hostname::KIND,
    &link::KIND,
    &packages::KIND,
    &service::KIND,
    &sysctl::KIND,
    &user::KIND,
];

/// A kind of resource, as the scripts on the node know it.
#[derive(Debug)]
pub struct Kind {
    /// Its name, which its shell functions bear.
    pub name: &'static str,
    /// Defines `observe_NAME`: questions on standard input, one record each; a
    /// fact record on standard output for each resource that is there.
    pub observe: &'static str,
    /// Defines `apply_NAME`: the fields of a step as arguments. Status 0 means
    /// done.
    pub apply: &'static str,
}

/// Which resource: unique on a node.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key {
    /// The kind's name.
    pub kind: String,
    /// Which of that kind: a path, a unit, an account.
    pub id: String,
}

impl Key {
    /// The key of `kind` and `id`.
    pub fn new(kind: &str, id: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            id: id.to_owned(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.id)
    }
}

/// One thing that should be true on a node.
pub trait Resource: fmt::Debug {
    /// Its kind.
    fn kind(&self) -> &'static Kind;

    /// Which of its kind: the same fact record comes back under this name.
    fn id(&self) -> String;

    /// What the node is asked; the first field is [`Resource::id`].
    fn question(&self) -> Record;

    /// How what was seen, if it is there at all, differs from what is wanted.
    /// `changed` are the resources that the plan changes before this one.
    fn differ(&self, seen: Option<&Record>, changed: &BTreeSet<Key>) -> Verdict;

    /// The key under which it is declared, observed and changed.
    fn key(&self) -> Key {
        Key::new(self.kind().name, &self.id())
    }
}

/// What comparing a wish with a fact says.
#[derive(Debug)]
pub enum Verdict {
    /// Nothing to do.
    Same,
    /// Something to do.
    Differs(Box<Difference>),
    /// It differs, and bramble must not change it by itself.
    Conflict {
        /// What was found.
        found: String,
        /// What the owner can do.
        remedy: String,
    },
}

/// What is to be done about one resource.
#[derive(Debug, Clone)]
pub struct Difference {
    /// What will happen, as a verb and its reason: `restart, since file ... changes`.
    pub action: String,
    /// The change line by line, where it can be shown.
    pub lines: Vec<Line>,
    /// A step that must precede every other of the plan, if the kind needs one.
    pub prepare: Option<Record>,
    /// The fields that `apply_KIND` gets, the id first. Hidden, since a file's
    /// content may be a secret.
    pub step: Secret<Record>,
    /// The fact that will be observed afterwards, if any.
    pub expect: Option<Record>,
}

impl Difference {
    /// A difference with nothing to show line by line and nothing to prepare.
    pub fn new(action: impl Into<String>, step: Record, expect: Option<Record>) -> Self {
        Self {
            action: action.into(),
            lines: Vec::new(),
            prepare: None,
            step: Secret::new(step),
            expect,
        }
    }

    /// As a verdict.
    pub fn verdict(self) -> Verdict {
        Verdict::Differs(Box::new(self))
    }
}

/// One line of a shown difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "sign", content = "text", rename_all = "kebab-case")]
pub enum Line {
    /// Stays.
    Context(String),
    /// Comes.
    Added(String),
    /// Goes.
    Removed(String),
    /// Unchanged lines that are not shown.
    Gap(usize),
}
