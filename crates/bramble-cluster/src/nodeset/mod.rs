//! Sets of nodes as values, written as `ClusterShell` does: `node[1-5,8]`,
//! `@worker`, with `,` or white space for union, `!` difference, `&` intersection
//! and `^` symmetric difference, taken from left to right.
//!
//! A set is kept by shape (`r%n%` for `r1n2`), and the names of a shape as sorted
//! runs of numbers: a million names of few shapes cost no text, and what is done to
//! them is arithmetic.
//!
//! Not in here: which nodes there are; whoever parses says so through [`Names`].

mod blocks;
mod error;
mod fold;
mod gather;
mod names;
mod natural;
mod number;
mod parse;
mod pattern;
mod rows;
mod shape;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

pub use error::{NodeSetError, Problem};
pub use gather::Gatherer;
pub use names::{Iter, Texts};
pub use parse::{Names, PlainNames, parse, parse_at_most};

use crate::name::NodeName;
use rows::{Keep, Rows};
use shape::{Parts, Shape};

/// Most names that one expression may stand for. It bounds what a slip such as
/// `node[1-99999999]` costs; no cluster of boards comes near.
pub const LIMIT: usize = 100_000;

/// A set of nodes, in the order in which a person counts: `node2` before `node10`.
/// `node1` and `node01` are two nodes.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct NodeSet {
    /// None of them is empty.
    shapes: BTreeMap<Shape, Rows>,
}

impl NodeSet {
    /// The set of nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// The names, in order.
    pub fn iter(&self) -> Iter<'_> {
        Iter::of(self)
    }

    /// The names as texts, in order, for who wants to write many of them.
    pub fn texts(&self) -> Texts<'_> {
        Texts::of(self)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.shapes.values().map(Rows::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }

    /// Whether `name` is one of them.
    pub fn contains(&self, name: &NodeName) -> bool {
        let mut parts = Parts::new();
        parts.take(name.as_str().as_bytes())
            && self
                .shapes
                .get(parts.shape())
                .is_some_and(|rows| rows.contains(parts.numbers()))
    }

    /// Those in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.clone()
            .combined(other.clone(), |here, there| here || there)
    }

    /// Those in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.clone()
            .combined(other.clone(), |here, there| here && there)
    }

    /// Adds those of `other`.
    pub fn absorb(&mut self, other: Self) {
        *self = std::mem::take(self).combined(other, |here, there| here || there);
    }

    /// Those here that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.clone()
            .combined(other.clone(), |here, there| here && !there)
    }

    /// Those in exactly one of both.
    #[must_use]
    pub fn symmetric_difference(&self, other: &Self) -> Self {
        self.clone()
            .combined(other.clone(), |here, there| here != there)
    }

    /// The set in `parts` parts (fewer if there are not as many nodes), in order and
    /// as equal as can be: the first ones have one more.
    #[must_use]
    pub fn split(&self, parts: usize) -> Vec<Self> {
        let count = self.len();
        let parts = parts.min(count);
        let mut texts = self.texts();
        let part = |index: usize| {
            let size = count / parts + usize::from(index < count % parts);
            let mut gatherer = Gatherer::new(count);
            for _ in 0..size {
                let name = texts.next_text().unwrap_or_default();
                // Proof: a name of this set, and no more of them than it has.
                let _is_name = gatherer.add_name(name.as_bytes());
            }
            gatherer.finish().unwrap_or_default()
        };
        (0..parts).map(part).collect()
    }

    /// The shortest text that [`parse`] reads back as this set: `node[1-5,8]`.
    pub fn fold(&self) -> String {
        fold::fold(self.shapes.iter())
    }

    /// What `keep` wants of the names of both. Only shapes that both have cost
    /// anything.
    fn combined(mut self, other: Self, keep: Keep) -> Self {
        if !keep(true, false) {
            self.shapes
                .retain(|shape, _| other.shapes.contains_key(shape));
        }
        for (shape, there) in other.shapes {
            if let Some(here) = self.shapes.remove(&shape) {
                let both = here.combine(&there, keep);
                if !both.is_empty() {
                    self.shapes.insert(shape, both);
                }
            } else if keep(false, true) {
                self.shapes.insert(shape, there);
            }
        }
        self
    }
}

impl<'a> IntoIterator for &'a NodeSet {
    type Item = NodeName;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl FromIterator<NodeName> for NodeSet {
    fn from_iter<I: IntoIterator<Item = NodeName>>(names: I) -> Self {
        let mut gatherer = Gatherer::new(usize::MAX);
        for name in names {
            // Proof: it is a name, and there is no limit.
            let _is_name = gatherer.add_name(name.as_str().as_bytes());
        }
        gatherer.finish().unwrap_or_default()
    }
}

impl fmt::Display for NodeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.fold())
    }
}

impl fmt::Debug for NodeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NodeSet").field(&self.fold()).finish()
    }
}

impl Serialize for NodeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.fold())
    }
}

#[cfg(test)]
mod tests;
