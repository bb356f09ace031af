//! Sets of nodes as values, written as `ClusterShell` does: `node[1-5,8]`,
//! `@worker`, with `,` union, `!` difference, `&` intersection and `^` symmetric
//! difference, taken from left to right.
//!
//! Not in here: which nodes there are; whoever parses says so through [`Names`].

mod error;
mod fold;
mod natural;
mod parse;
mod pattern;

use std::collections::BTreeSet;
use std::collections::btree_set;
use std::fmt;

use serde::{Serialize, Serializer};

pub use error::{NodeSetError, Problem};
pub use parse::{Names, PlainNames, parse};

use crate::name::NodeName;
use natural::Natural;

/// Most names that one expression may stand for. It bounds what a slip such as
/// `node[1-99999999]` costs; no cluster of boards comes near.
pub const LIMIT: usize = 100_000;

/// A set of nodes, in the order in which a person counts: `node2` before `node10`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NodeSet(BTreeSet<Natural>);

/// The names of a [`NodeSet`], in order.
#[derive(Debug, Clone)]
pub struct Iter<'a>(btree_set::Iter<'a, Natural>);

impl NodeSet {
    /// The set of nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// The names, in order.
    pub fn iter(&self) -> Iter<'_> {
        Iter(self.0.iter())
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `name` is one of them.
    pub fn contains(&self, name: &NodeName) -> bool {
        self.0.contains(&Natural(name.clone()))
    }

    /// Those in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self(&self.0 | &other.0)
    }

    /// Those in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(&self.0 & &other.0)
    }

    /// Adds those of `other`.
    pub fn absorb(&mut self, mut other: Self) {
        // Appending rebuilds the whole set: it pays only where both are large.
        if other.len() * 8 < self.len() {
            self.0.extend(other.0);
        } else {
            self.0.append(&mut other.0);
        }
    }

    /// Those here that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self(&self.0 - &other.0)
    }

    /// Those in exactly one of both.
    #[must_use]
    pub fn symmetric_difference(&self, other: &Self) -> Self {
        Self(&self.0 ^ &other.0)
    }

    /// The shortest text that [`parse`] reads back as this set: `node[1-5,8]`.
    pub fn fold(&self) -> String {
        fold::fold(self.iter().map(NodeName::as_str))
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = &'a NodeName;

    fn next(&mut self) -> Option<&'a NodeName> {
        self.0.next().map(|Natural(name)| name)
    }
}

impl<'a> IntoIterator for &'a NodeSet {
    type Item = &'a NodeName;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl FromIterator<NodeName> for NodeSet {
    fn from_iter<I: IntoIterator<Item = NodeName>>(names: I) -> Self {
        Self(names.into_iter().map(Natural).collect())
    }
}

impl fmt::Display for NodeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.fold())
    }
}

impl Serialize for NodeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.fold())
    }
}

#[cfg(test)]
mod tests;
