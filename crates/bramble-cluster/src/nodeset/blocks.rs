//! Names with several numbers, taken together in blocks: in a block every number of
//! the first axis goes with every one of the second, and so on. Not in here: their
//! text (`fold`).
//!
//! To find the fewest blocks is a hard problem (rectangles in a grid with holes), so
//! good ones are looked for, in steps none of which compares all names with all:
//!
//! 1. Numbers of an axis are alike if the same tuples of other numbers go with them.
//!    They stay together in every good answer, so one of them stands for all. A grid
//!    without holes is now a single tuple, a rack with one hole four.
//! 2. What is left is cut along one axis: numbers with the same others share a block,
//!    and the others are cut along the next axis. In which order the axes are taken
//!    matters, so several are tried.
//! 3. Where little is left, the largest block is also looked for and taken out again
//!    and again.
//!
//! Whoever asks takes the partition with the shortest text.

use std::collections::BTreeMap;

use super::number::Run;
use super::rows::{self, Row, Rows};

/// For each axis the runs of its numbers.
pub(super) type Block = Vec<Vec<Run>>;

/// For each axis some of its classes.
type Cut = Vec<Vec<u64>>;

/// Tuples of at most as many are looked through for the largest block.
const FEW: usize = 2_000;
/// With more axes than this not all orders of them are tried.
const ALL_ORDERS: usize = 3;

/// Tuples of one length, sorted, one behind the other.
#[derive(Debug, Clone)]
struct Tuples {
    length: usize,
    words: Vec<u64>,
}

/// Numbers of an axis that are alike, for each class of the axis.
type Classes = Vec<Vec<u64>>;

/// Ways to make `rows`, which have several numbers, of blocks.
pub(super) fn partitions(rows: &Rows) -> impl Iterator<Item = Vec<Block>> {
    let (tuples, classes) = compress(rows);
    let cuts = cuts(&tuples);
    cuts.into_iter().map(move |cuts| {
        let mut blocks: Vec<_> = cuts.iter().map(|cut| block(cut, &classes)).collect();
        blocks.sort_unstable();
        blocks
    })
}

/// Classes as the numbers that they stand for.
fn block(cut: &Cut, classes: &[Classes]) -> Block {
    let axis = |(chosen, classes): (&Vec<u64>, &Classes)| {
        let numbers = chosen.iter().flat_map(|&class| &classes[index(class)]);
        let numbers = Rows::of_tuples(1, numbers.copied().collect());
        numbers.iter().map(|(_, run)| run).collect()
    };
    cut.iter().zip(classes).map(axis).collect()
}

/// One tuple for all that are alike, and for each axis which number stands for which.
fn compress(rows: &Rows) -> (Tuples, Vec<Classes>) {
    let mut all = Vec::new();
    let (classes, mut tuples) = first_classes(rows);
    all.push(classes);
    for _ in 0..rows.before() {
        let (classes, turned) = tuples.turned();
        all.push(classes);
        tuples = turned;
    }
    tuples.sort();
    (tuples, all)
}

/// The classes of the first axis, and tuples with the first axis, as classes, behind
/// all others. Made of rows, since a grid is large when every tuple of it is written.
fn first_classes(rows: &Rows) -> (Classes, Tuples) {
    let all: Vec<_> = rows.iter().collect();
    let mut slices: BTreeMap<Vec<Row<'_>>, Vec<u64>> = BTreeMap::new();
    for same in all.chunk_by(|a, b| a.0[0] == b.0[0]) {
        let slice = same.iter().map(|(before, run)| (&before[1..], *run));
        let numbers = slices.entry(slice.collect()).or_default();
        numbers.push(same[0].0[0]);
    }
    let mut tuples = Tuples::new(rows.before() + 1);
    for (class, slice) in (0..).zip(slices.keys()) {
        for (before, (first, last)) in slice {
            for number in *first..=*last {
                tuples.words.extend_from_slice(before);
                tuples.words.extend_from_slice(&[number, class]);
            }
        }
    }
    (slices.into_values().collect(), tuples)
}

impl Tuples {
    fn new(length: usize) -> Self {
        Self {
            length,
            words: Vec::new(),
        }
    }

    fn sort(&mut self) {
        rows::sort(&mut self.words, self.length);
    }

    fn iter(&self) -> impl Iterator<Item = &[u64]> {
        self.words.chunks_exact(self.length)
    }

    fn count(&self) -> usize {
        self.words.len() / self.length
    }

    /// For each number of the first axis what goes with it; sorted by both.
    fn slices(&self) -> Vec<(u64, Self)> {
        let mut slices: Vec<(u64, Self)> = Vec::new();
        for tuple in self.iter() {
            let (first, rest) = (tuple[0], &tuple[1..]);
            match slices.last_mut() {
                Some((number, slice)) if *number == first => slice.words.extend_from_slice(rest),
                _ => slices.push((
                    first,
                    Self {
                        length: self.length - 1,
                        words: rest.to_vec(),
                    },
                )),
            }
        }
        slices
    }

    /// Numbers of the first axis by what goes with them.
    fn alike(&self) -> BTreeMap<Vec<u64>, Vec<u64>> {
        let mut alike: BTreeMap<_, Vec<u64>> = BTreeMap::new();
        for (number, slice) in self.slices() {
            alike.entry(slice.words).or_default().push(number);
        }
        alike
    }

    /// The classes of the first axis, and these tuples with the first axis, as classes,
    /// behind all others.
    fn turned(mut self) -> (Classes, Self) {
        self.sort();
        let alike = self.alike();
        let mut turned = Self::new(self.length);
        for (class, slice) in (0..).zip(alike.keys()) {
            for rest in slice.chunks_exact(self.length - 1) {
                turned.words.extend_from_slice(rest);
                turned.words.push(class);
            }
        }
        (alike.into_values().collect(), turned)
    }

    /// These tuples with their axes in another order.
    fn ordered(&self, order: &[usize]) -> Self {
        let words = self
            .iter()
            .flat_map(|tuple| order.iter().map(|&axis| tuple[axis]));
        let mut ordered = Self {
            length: self.length,
            words: words.collect(),
        };
        ordered.sort();
        ordered
    }

    /// Blocks along the first axis, then along the next.
    fn cut(self) -> Vec<Cut> {
        if self.length == 1 {
            return vec![vec![self.words]];
        }
        let mut cuts = Vec::new();
        for (slice, numbers) in self.alike() {
            let rest = Self {
                length: self.length - 1,
                words: slice,
            };
            for cut in rest.cut() {
                cuts.push([vec![numbers.clone()], cut].concat());
            }
        }
        cuts
    }

    /// Blocks, the largest first: some numbers of the first axis and what goes with all
    /// of them.
    fn cut_largest(self) -> Vec<Cut> {
        if self.length == 1 {
            return vec![vec![self.words]];
        }
        let mut cuts = Vec::new();
        let mut slices = self.slices();
        while let Some((numbers, shared)) = largest(&slices) {
            for (number, slice) in &mut slices {
                if numbers.contains(number) {
                    slice.remove(&shared);
                }
            }
            slices.retain(|(_, slice)| !slice.words.is_empty());
            for cut in shared.cut_largest() {
                cuts.push([vec![numbers.clone()], cut].concat());
            }
        }
        cuts
    }

    /// Takes those of `other` out.
    fn remove(&mut self, other: &Self) {
        let kept = self.iter().filter(|tuple| !other.has(tuple));
        self.words = kept.flatten().copied().collect();
    }

    fn has(&self, tuple: &[u64]) -> bool {
        let (mut low, mut high) = (0, self.count());
        while low < high {
            let middle = low.midpoint(high);
            let other = &self.words[middle * self.length..][..self.length];
            if other < tuple {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        self.words
            .get(low * self.length..)
            .is_some_and(|rest| rest.starts_with(tuple))
    }

    fn holds(&self, other: &Self) -> bool {
        other.count() <= self.count() && other.iter().all(|tuple| self.has(tuple))
    }
}

/// Of all slices the one that makes the largest block, with the numbers whose slices
/// hold it.
fn largest(slices: &[(u64, Tuples)]) -> Option<(Vec<u64>, Tuples)> {
    let block = |(_, shared): &(u64, Tuples)| {
        let holding = slices.iter().filter(|(_, slice)| slice.holds(shared));
        let numbers: Vec<_> = holding.map(|(number, _)| *number).collect();
        (numbers, shared.clone())
    };
    let blocks = slices.iter().map(block);
    blocks.max_by_key(|(numbers, shared)| numbers.len() * shared.count())
}

/// Ways to cut `tuples` into blocks.
fn cuts(tuples: &Tuples) -> Vec<Vec<Cut>> {
    let mut all = Vec::new();
    for order in orders(tuples.length) {
        let ordered = tuples.ordered(&order);
        let restore = |cuts: Vec<Cut>| -> Vec<Cut> {
            cuts.into_iter().map(|cut| restored(cut, &order)).collect()
        };
        all.push(restore(ordered.clone().cut()));
        if tuples.count() <= FEW {
            all.push(restore(ordered.cut_largest()));
        }
    }
    all
}

/// The axes in their own order again.
fn restored(cut: Cut, order: &[usize]) -> Cut {
    let mut axes: Vec<_> = order.iter().zip(cut).collect();
    axes.sort_unstable_by_key(|(axis, _)| **axis);
    axes.into_iter().map(|(_, numbers)| numbers).collect()
}

/// Orders of so many axes: all, or those that begin with each of them.
fn orders(axes: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    if axes > ALL_ORDERS {
        let turned = |first| (0..axes).map(|axis| (axis + first) % axes).collect();
        return (0..axes).map(turned).collect();
    }
    for _ in 0..axes {
        orders = orders
            .iter()
            .flat_map(|order: &Vec<usize>| {
                let others = (0..axes).filter(|axis| !order.contains(axis));
                others.map(|axis| [order.as_slice(), &[axis]].concat())
            })
            .collect();
    }
    orders
}

fn index(class: u64) -> usize {
    // Proof: there are no more classes than numbers in memory.
    usize::try_from(class).unwrap_or(usize::MAX)
}
