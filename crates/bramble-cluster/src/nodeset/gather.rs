//! A set that is being made: names in any order and in any number, each for the
//! price of a few words. Not in here: reading expressions (`parse`).

use std::collections::BTreeMap;

use super::NodeSet;
use super::error::Problem;
use super::rows::Rows;
use super::shape::{self, Parts, Shape};

/// Makes a [`NodeSet`] of many names without a text for each of them.
#[derive(Debug, Clone)]
pub struct Gatherer {
    limit: usize,
    /// Where the names of a shape are gathered.
    places: BTreeMap<Shape, usize>,
    heaps: Vec<Heap>,
    /// The heap of the name before: names of a shape tend to come together.
    latest: usize,
    parts: Parts,
    /// Tuples and rows that came in since they were last put in order.
    fresh: usize,
}

/// Names of one shape, not in order yet.
#[derive(Debug, Clone)]
struct Heap {
    shape: Shape,
    dimensions: usize,
    /// The row that the names at the end of the input make: names that come in order
    /// cost nothing but a longer run.
    row: Vec<u64>,
    tuples: Vec<u64>,
    rows: Vec<u64>,
}

impl Gatherer {
    /// Nobody yet, and at most `limit` names.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            places: BTreeMap::new(),
            heaps: Vec::new(),
            latest: 0,
            parts: Parts::new(),
            fresh: 0,
        }
    }

    /// Adds the node called `name`; false if that is no node's name.
    pub fn add_name(&mut self, name: &[u8]) -> Result<bool, Problem> {
        if !self.parts.take(name) {
            return Ok(false);
        }
        let place = self.place();
        let heap = &mut self.heaps[place];
        match self.parts.numbers().split_last() {
            Some((last, before)) => heap.add(before, *last),
            None => heap.add(&[], 0),
        }
        self.came_in(1)?;
        Ok(true)
    }

    /// Adds all nodes of `set`.
    pub fn add_set(&mut self, set: NodeSet) -> Result<(), Problem> {
        for (shape, rows) in set.shapes {
            self.add_rows(&shape, &rows.into_words())?;
        }
        Ok(())
    }

    /// Adds the rows of a shape, in any order.
    pub(super) fn add_rows(&mut self, shape: &[u8], words: &[u64]) -> Result<(), Problem> {
        let place = self.place_of(shape);
        self.heaps[place].rows.extend_from_slice(words);
        self.came_in(words.len() / (shape::dimensions(shape).max(1) + 1))
    }

    /// The set of all that came in.
    pub fn finish(mut self) -> Result<NodeSet, Problem> {
        self.put_in_order()?;
        let shapes = self.heaps.into_iter().filter_map(|mut heap| {
            let rows = heap.take();
            (!rows.is_empty()).then_some((heap.shape, rows))
        });
        Ok(NodeSet {
            shapes: shapes.collect(),
        })
    }

    /// Where names of the shape go that was just taken apart.
    fn place(&mut self) -> usize {
        let shape = self.parts.shape();
        match self.heaps.get(self.latest) {
            Some(heap) if &*heap.shape == shape => self.latest,
            _ => {
                let shape = Shape::from(shape);
                self.place_of(&shape)
            }
        }
    }

    fn place_of(&mut self, shape: &[u8]) -> usize {
        let place = self.places.get(shape).copied().unwrap_or_else(|| {
            self.places.insert(shape.into(), self.heaps.len());
            self.heaps.push(Heap::new(shape));
            self.heaps.len() - 1
        });
        self.latest = place;
        place
    }

    /// What comes twice takes no room for ever: it is put in order from time to time.
    fn came_in(&mut self, count: usize) -> Result<(), Problem> {
        self.fresh += count;
        if self.fresh <= self.limit {
            return Ok(());
        }
        self.put_in_order()
    }

    fn put_in_order(&mut self) -> Result<(), Problem> {
        self.fresh = 0;
        let mut count = 0_usize;
        for heap in &mut self.heaps {
            let rows = heap.take();
            count = count.saturating_add(rows.len());
            heap.rows = rows.into_words();
        }
        if count > self.limit {
            return Err(Problem::TooMany(self.limit));
        }
        Ok(())
    }
}

impl Heap {
    fn new(shape: &[u8]) -> Self {
        Self {
            shape: shape.into(),
            dimensions: shape::dimensions(shape),
            row: Vec::new(),
            tuples: Vec::new(),
            rows: Vec::new(),
        }
    }

    fn add(&mut self, before: &[u64], last: u64) {
        if let [same @ .., first, end] = self.row.as_mut_slice()
            && last >= *first
            && last <= *end + 1
            && same == before
        {
            *end = last.max(*end);
            return;
        }
        self.end_row();
        self.row.extend_from_slice(before);
        self.row.extend_from_slice(&[last, last]);
    }

    fn end_row(&mut self) {
        match self.row.as_slice() {
            [tuple @ .., end] if tuple.last() == Some(end) => self.tuples.extend_from_slice(tuple),
            row => self.rows.extend_from_slice(row),
        }
        self.row.clear();
    }

    /// All that is here, in order; nothing is left.
    fn take(&mut self) -> Rows {
        self.end_row();
        let tuples = Rows::of_tuples(self.dimensions, std::mem::take(&mut self.tuples));
        let rows = Rows::of(self.dimensions, std::mem::take(&mut self.rows));
        match (rows.is_empty(), tuples.is_empty()) {
            (_, true) => rows,
            (true, _) => tuples,
            _ => rows.combine(&tuples, |left, right| left || right),
        }
    }
}
