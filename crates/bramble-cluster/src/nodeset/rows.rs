//! All names of one shape: sorted runs of numbers, and the algebra on them. Not in
//! here: what the numbers mean (`number`), and sets with several shapes.

use std::cmp::Ordering;

use super::number::Run;

/// Tuples of numbers as rows: all numbers but the last, then the first and the last
/// of a run that the last number goes through. A name without numbers is a row from
/// 0 to 0.
///
/// Rows are sorted, do not overlap, and no two could be one. Equal sets are therefore
/// equal rows, a thousand nodes that follow each other cost as much as one, and every
/// operation is one walk along both operands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rows {
    /// Words to a row: two more than numbers before the last.
    stride: usize,
    words: Vec<u64>,
}

/// What to keep of tuples that are here or not in the left and in the right operand.
pub(super) type Keep = fn(bool, bool) -> bool;

impl Rows {
    /// No rows of names with as many numbers.
    pub(super) fn new(dimensions: usize) -> Self {
        Self {
            stride: dimensions.max(1) + 1,
            words: Vec::new(),
        }
    }

    /// Rows from `words`, in any order, that may overlap.
    pub(super) fn of(dimensions: usize, mut words: Vec<u64>) -> Self {
        let mut rows = Self::new(dimensions);
        sort(&mut words, rows.stride);
        for row in words.chunks_exact(rows.stride) {
            let (before, run) = row.split_at(rows.stride - 2);
            rows.push(before, run[0], run[1]);
        }
        rows
    }

    /// Rows from tuples in any order, which may be there twice.
    pub(super) fn of_tuples(dimensions: usize, mut tuples: Vec<u64>) -> Self {
        let mut rows = Self::new(dimensions);
        let length = rows.stride - 1;
        sort(&mut tuples, length);
        // What is not needed of it is never touched.
        rows.words.reserve(tuples.len() / length * rows.stride);
        for tuple in tuples.chunks_exact(length) {
            let (before, last) = tuple.split_at(length - 1);
            rows.push(before, last[0], last[0]);
        }
        rows
    }

    /// Adds a run that does not begin before the last.
    fn push(&mut self, before: &[u64], first: u64, last: u64) {
        let length = self.words.len();
        if length >= self.stride {
            let row = &mut self.words[length - self.stride..];
            let (same, run) = row.split_at_mut(self.stride - 2);
            if same == before && first <= run[1] + 1 {
                run[1] = run[1].max(last);
                return;
            }
        }
        self.words.extend_from_slice(before);
        self.words.extend_from_slice(&[first, last]);
    }

    /// Numbers of a tuple before the last.
    pub(super) fn before(&self) -> usize {
        self.stride - 2
    }

    /// The rows: numbers before the last, and the run.
    pub(super) fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.words.chunks_exact(self.stride).map(|row| {
            let (before, run) = row.split_at(row.len() - 2);
            (before, (run[0], run[1]))
        })
    }

    /// The row at `index`.
    pub(super) fn row(&self, index: usize) -> Option<Row<'_>> {
        let row = self.words.get(index * self.stride..)?.get(..self.stride)?;
        let (before, run) = row.split_at(row.len() - 2);
        Some((before, (run[0], run[1])))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How many tuples.
    pub(super) fn len(&self) -> usize {
        let count = |(first, last): Run| usize::try_from(last - first + 1);
        // Proof: every tuple was counted against a limit before it came in.
        self.iter()
            .map(|(_, run)| count(run).unwrap_or(usize::MAX))
            .sum()
    }

    /// All words of all rows.
    pub(super) fn into_words(self) -> Vec<u64> {
        self.words
    }

    /// Whether `tuple` is there; of a name without numbers, the empty one.
    pub(super) fn contains(&self, tuple: &[u64]) -> bool {
        let (before, last) = match tuple.split_last() {
            Some((last, before)) => (before, *last),
            None => (tuple, 0),
        };
        let (mut low, mut high) = (0, self.words.len() / self.stride);
        while low < high {
            let middle = low.midpoint(high);
            let Some((other, run)) = self.row(middle) else {
                return false;
            };
            match other.cmp(before).then(run.0.cmp(&last)) {
                Ordering::Greater => high = middle,
                _ => low = middle + 1,
            }
        }
        low.checked_sub(1)
            .and_then(|index| self.row(index))
            .is_some_and(|(other, run)| other == before && run.1 >= last)
    }

    /// What `keep` wants of the tuples of both.
    pub(super) fn combine(&self, other: &Self, keep: Keep) -> Self {
        let mut result = Self {
            stride: self.stride,
            words: Vec::new(),
        };
        let (mut lefts, mut rights) = (self.iter(), other.iter());
        let (mut left, mut right) = (lefts.next(), rights.next());
        loop {
            let (a, b) = match (left, right) {
                (None, None) => return result,
                (Some(a), Some(b)) if overlap(a, b) => (a, b),
                (Some(a), b) if b.is_none_or(|b| a < b) => {
                    result.push_if(keep(true, false), a);
                    left = lefts.next();
                    continue;
                }
                (_, b) => {
                    if let Some(b) = b {
                        result.push_if(keep(false, true), b);
                    }
                    right = rights.next();
                    continue;
                }
            };
            let (from, to) = (a.1.0.max(b.1.0), a.1.1.min(b.1.1));
            if a.1.0 < from {
                result.push_if(keep(true, false), (a.0, (a.1.0, from - 1)));
            } else if b.1.0 < from {
                result.push_if(keep(false, true), (b.0, (b.1.0, from - 1)));
            }
            result.push_if(keep(true, true), (a.0, (from, to)));
            left = rest(a, to).or_else(|| lefts.next());
            right = rest(b, to).or_else(|| rights.next());
        }
    }

    fn push_if(&mut self, wanted: bool, (before, (first, last)): Row<'_>) {
        if wanted {
            self.push(before, first, last);
        }
    }
}

/// Numbers before the last, and the run of the last.
pub(super) type Row<'a> = (&'a [u64], Run);

fn overlap(a: Row<'_>, b: Row<'_>) -> bool {
    a.1.0 <= b.1.1 && b.1.0 <= a.1.1 && a.0 == b.0
}

/// What is left of a row behind `to`.
fn rest(row: Row<'_>, to: u64) -> Option<Row<'_>> {
    (row.1.1 > to).then_some((row.0, (to + 1, row.1.1)))
}

/// Sorts tuples of `length` words that stand one behind the other.
pub(super) fn sort(words: &mut Vec<u64>, length: usize) {
    match length {
        1 => words.sort_unstable(),
        2 => words.as_chunks_mut::<2>().0.sort_unstable(),
        3 => words.as_chunks_mut::<3>().0.sort_unstable(),
        4 => words.as_chunks_mut::<4>().0.sort_unstable(),
        _ => {
            let mut tuples: Vec<_> = words.chunks_exact(length).collect();
            tuples.sort_unstable();
            *words = tuples.concat();
        }
    }
}
