//! Going through the names of a set in the order of counting. Not in here: texts
//! that stand for several names (`fold`).

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::natural;
use super::number::Number;
use super::rows::Rows;
use super::shape::{self, GAP};
use super::{NodeSet, Shape};
use crate::name::NodeName;

/// The names of a [`NodeSet`], one after the other in the same place: what walks
/// through a million of them makes no text for each.
#[derive(Debug, Clone)]
pub struct Texts<'a> {
    /// The shapes to come, the next one last.
    shapes: Vec<(&'a Shape, &'a Rows)>,
    /// Shapes that begin alike: their names come in turns.
    turns: BinaryHeap<Walk<'a>>,
    /// The walk whose turn it is.
    now: Option<Walk<'a>>,
}

/// The names of a [`NodeSet`], in order.
#[derive(Debug, Clone)]
pub struct Iter<'a>(Texts<'a>);

/// The names of one shape.
#[derive(Debug, Clone)]
struct Walk<'a> {
    shape: &'a [u8],
    rows: &'a Rows,
    /// The row that comes next.
    next: usize,
    /// The name, and where its last number stands in it.
    name: Vec<u8>,
    digits: std::ops::Range<usize>,
    /// Names of this row that are still to come.
    left: u64,
}

impl<'a> Texts<'a> {
    pub(super) fn of(set: &'a NodeSet) -> Self {
        let mut shapes: Vec<_> = set.shapes.iter().collect();
        // Names that begin with other letters do not mix.
        shapes.sort_by(|a, b| shape::beginning(b.0).cmp(shape::beginning(a.0)));
        Self {
            shapes,
            turns: BinaryHeap::new(),
            now: None,
        }
    }

    /// The next name.
    pub fn next_text(&mut self) -> Option<&str> {
        self.advance()?;
        let name = &self.now.as_ref()?.name;
        // Proof: letters, digits and `-` only.
        std::str::from_utf8(name).ok()
    }

    /// Adds names to `block`, each with `end` behind it, until it has `enough` bytes
    /// or there are no more; false if it added none.
    pub fn add_to(&mut self, block: &mut Vec<u8>, end: &str, enough: usize) -> bool {
        let before = block.len();
        while block.len() < enough && self.advance().is_some() {
            let Some(walk) = &mut self.now else { break };
            block.extend_from_slice(&walk.name);
            block.extend_from_slice(end.as_bytes());
            if self.turns.is_empty() {
                walk.add_to(block, end, enough);
            }
        }
        block.len() > before
    }

    /// Makes the next name the one of `now`.
    fn advance(&mut self) -> Option<()> {
        if let Some(walk) = &mut self.now
            && walk.advance()
        {
            if self.turns.is_empty() {
                return Some(());
            }
            self.turns.extend(self.now.take());
        }
        if self.turns.is_empty() {
            self.begin();
        }
        self.now = self.turns.pop();
        self.now.is_some().then_some(())
    }

    /// Takes up the next shapes that begin alike.
    fn begin(&mut self) {
        let Some((first, _)) = self.shapes.last() else {
            return;
        };
        let beginning = shape::beginning(first);
        while let Some((shape, rows)) = self
            .shapes
            .pop_if(|(shape, _)| shape::beginning(shape) == beginning)
        {
            let mut walk = Walk::new(shape, rows);
            if walk.advance() {
                self.turns.push(walk);
            }
        }
    }
}

impl<'a> Iter<'a> {
    pub(super) fn of(set: &'a NodeSet) -> Self {
        Self(Texts::of(set))
    }
}

impl Iterator for Iter<'_> {
    type Item = NodeName;

    fn next(&mut self) -> Option<NodeName> {
        // Proof: only names of nodes come into a set.
        self.0.next_text()?.parse().ok()
    }
}

impl<'a> Walk<'a> {
    fn new(shape: &'a [u8], rows: &'a Rows) -> Self {
        Self {
            shape,
            rows,
            next: 0,
            name: Vec::new(),
            digits: 0..0,
            left: 0,
        }
    }

    /// Makes the next name; false if there is none.
    fn advance(&mut self) -> bool {
        if self.left == 0 {
            return self.begin_row();
        }
        self.left -= 1;
        count_up(&mut self.name[self.digits.clone()]);
        true
    }

    /// Adds the names of this row that are still to come, as far as there is room.
    fn add_to(&mut self, block: &mut Vec<u8>, end: &str, enough: usize) {
        let length = self.name.len();
        self.name.extend_from_slice(end.as_bytes());
        while self.left > 0 && block.len() < enough {
            self.left -= 1;
            count_up(&mut self.name[self.digits.clone()]);
            block.extend_from_slice(&self.name);
        }
        self.name.truncate(length);
    }

    /// Makes the first name of the next row.
    fn begin_row(&mut self) -> bool {
        let Some((before, (first, last))) = self.rows.row(self.next) else {
            return false;
        };
        self.next += 1;
        self.left = last - first;
        self.name.clear();
        let mut numbers = before.iter().chain([&first]);
        for &byte in self.shape {
            if byte != GAP {
                self.name.push(byte);
            } else if let Some(number) = numbers.next() {
                let start = self.name.len();
                Number::of(*number).write(&mut self.name);
                self.digits = start..self.name.len();
            }
        }
        true
    }
}

/// The next number of as many digits.
fn count_up(digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
}

/// The first name comes out of a heap first.
impl Ord for Walk<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        natural::compare(&other.name, &self.name)
    }
}

impl PartialOrd for Walk<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Walk<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Walk<'_> {}
