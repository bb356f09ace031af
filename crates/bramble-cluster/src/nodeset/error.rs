//! Why a text is no node set, with the faulty part. Not in here: the grammar.

use std::ops::Range;

use crate::name::NameError;

/// Why a text is no node set, and which part of it is to blame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct NodeSetError {
    /// The faulty part, in bytes of the expression.
    pub at: Range<usize>,
    /// What is wrong with it.
    #[source]
    pub problem: Problem,
}

/// What can be wrong with a node set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Nothing where a name should be: `node1,,node3`.
    #[error("a node's name is missing here")]
    Empty,
    /// `node[1-5` or `node[]`.
    #[error("a `[` needs a range and a `]`, such as `[1-5,8]`")]
    Open,
    /// `node1-5]` or `node[[1]`.
    #[error("this bracket has no partner")]
    Stray,
    /// `node[1-x]`.
    #[error("`{0}` is no number")]
    Number(String),
    /// `node[5-1]`.
    #[error("the range `{0}` runs backwards")]
    Descending(String),
    /// More digits than can be counted with.
    #[error("the number `{0}` has more than {most} digits", most = super::number::MOST_DIGITS)]
    Large(String),
    /// `node[01-9]`: padded with zeros to a width that the end does not have.
    #[error("both ends of the range `{0}` need the same number of digits")]
    Padding(String),
    /// `node[1-9/0]`.
    #[error("a step of 0 never ends")]
    Step,
    /// More names than may be.
    #[error("that is more than {0} nodes")]
    TooMany(usize),
    /// A pattern of groups that stands for more than anybody has.
    #[error("that is more than {0} groups")]
    TooManyGroups(usize),
    /// One of the names is no host name.
    #[error("`{name}` is no node's name: {source}")]
    Name {
        /// The name as the pattern gives it.
        name: String,
        /// What is wrong with it.
        source: NameError,
    },
    /// A group where there are none, as in the names of new nodes.
    #[error("a group such as `@{0}` cannot stand here")]
    NoGroups(String),
    /// A group where no cluster is known.
    #[error("`@{0}` is a group of a cluster, and there is no cluster file")]
    NoCluster(String),
    /// `@colour:red`.
    #[error("no such source of groups `{found}`: there are {known}")]
    UnknownSource {
        /// The source as written.
        found: String,
        /// Those that there are.
        known: String,
    },
    /// `@nobody`.
    #[error("no such group `@{group}`{}", likely(.suggestion.as_deref()))]
    UnknownGroup {
        /// The group without its `@`.
        group: String,
        /// What was probably meant, with its `@`.
        suggestion: Option<String>,
    },
    /// A name that no node has.
    #[error("no such node `{name}`{}", likely(.suggestion.as_deref()))]
    UnknownNode {
        /// The name as written, or as the pattern gives it.
        name: String,
        /// What was probably meant.
        suggestion: Option<String>,
    },
}

impl NodeSetError {
    /// What is too much for what was left of `limit` is too much for all of it.
    pub(super) fn of_all(self, limit: usize) -> Self {
        let problem = match self.problem {
            Problem::TooMany(_) => Problem::TooMany(limit),
            problem => problem,
        };
        Self { problem, ..self }
    }
}

fn likely(suggestion: Option<&str>) -> String {
    suggestion
        .map(|name| format!("; did you mean `{name}`?"))
        .unwrap_or_default()
}
