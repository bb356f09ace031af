//! The shortest text for a set of names. Not in here: reading it back
//! (`pattern`).

use std::collections::{BTreeMap, BTreeSet};

/// More digits than this are kept as text: they could not be counted with.
const MOST_DIGITS: usize = 18;

/// A number as a name writes it; sorts by value, then by width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Number {
    value: u64,
    digits: usize,
}

/// The text around a name's last number; nothing after it when there is none.
type Shape<'a> = (&'a str, Option<&'a str>);

/// Folds `names`, which come in natural order, along the last number in each:
/// those that differ in it alone share one bracket.
pub(super) fn fold<'a>(names: impl Iterator<Item = &'a str>) -> String {
    // Which shapes there are, in the order of their first name, with the numbers.
    let mut order = Vec::new();
    let mut shapes: BTreeMap<Shape<'_>, BTreeSet<Number>> = BTreeMap::new();
    for name in names {
        let (shape, number) = split(name);
        let numbers = shapes.entry(shape).or_insert_with(|| {
            order.push(shape);
            BTreeSet::new()
        });
        numbers.extend(number);
    }
    let texts = order.iter().filter_map(|shape| {
        let numbers = shapes.get(shape)?;
        Some(format!(
            "{}{}{}",
            shape.0,
            bracket(numbers.clone()),
            shape.1.unwrap_or("")
        ))
    });
    texts.collect::<Vec<_>>().join(",")
}

/// A name as its last number and the text around that.
fn split(name: &str) -> (Shape<'_>, Option<Number>) {
    let is_digit = |c: char| c.is_ascii_digit();
    let end = name.rfind(is_digit).map_or(0, |last| last + 1);
    let start = name[..end]
        .rfind(|c| !is_digit(c))
        .map_or(0, |last| last + 1);
    let digits = &name[start..end];
    match digits.parse() {
        Ok(value) if digits.len() <= MOST_DIGITS => {
            let number = Number {
                value,
                digits: digits.len(),
            };
            ((&name[..start], Some(&name[end..])), Some(number))
        }
        _ => ((name, None), None),
    }
}

/// `[1-5,8]`, or the number itself when there is only one.
fn bracket(mut numbers: BTreeSet<Number>) -> String {
    let mut runs = Vec::new();
    let single = numbers.len() == 1;
    while let Some(first) = numbers.pop_first() {
        let mut last = first;
        while let Some(next) = first.follower(last).filter(|next| numbers.remove(next)) {
            last = next;
        }
        let (first, last) = (first.text(), last.text());
        runs.push(if first == last {
            first
        } else {
            format!("{first}-{last}")
        });
    }
    match runs.as_slice() {
        [] => String::new(),
        [only] if single => only.clone(),
        runs => format!("[{}]", runs.join(",")),
    }
}

impl Number {
    /// What follows `last` in a run that begins here: one more, of the same
    /// width if this is padded with zeros, else of the width it takes.
    fn follower(self, last: Self) -> Option<Self> {
        let value = last.value.checked_add(1)?;
        let natural = width(value);
        let padded = self.digits > width(self.value);
        let digits = if padded {
            natural.max(self.digits)
        } else {
            natural
        };
        // A padded run ends where its numbers outgrow it, to be read by anyone.
        (!padded || digits == self.digits).then_some(Self { value, digits })
    }

    fn text(self) -> String {
        format!("{:0digits$}", self.value, digits = self.digits)
    }
}

fn width(value: u64) -> usize {
    value.checked_ilog10().map_or(1, |log| log as usize + 1)
}
