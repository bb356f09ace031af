//! The order in which a person counts names. Not in here: anything else about
//! names.

use std::cmp::Ordering;

use crate::name::NodeName;

/// A name that sorts by the numbers in it: `node2` before `node10`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Natural(pub(super) NodeName);

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right) = (self.0.as_str(), other.0.as_str());
        // The last comparison tells `node1` from `node01`, which count alike.
        compare(left, right)
            .then_with(|| left.len().cmp(&right.len()))
            .then_with(|| left.cmp(right))
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares run by run: digits by their value, anything else by its characters.
fn compare(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left, right);
    while !left.is_empty() && !right.is_empty() {
        let (a, rest_of_left) = first_run(left);
        let (b, rest_of_right) = first_run(right);
        let order = match (is_number(a), is_number(b)) {
            (true, true) => compare_numbers(a, b),
            _ => a.cmp(b),
        };
        if order != Ordering::Equal {
            return order;
        }
        (left, right) = (rest_of_left, rest_of_right);
    }
    left.len().cmp(&right.len())
}

/// Splits after the leading digits, or before the first digit.
fn first_run(text: &str) -> (&str, &str) {
    let digits = is_number(text);
    let end = text
        .find(|c: char| c.is_ascii_digit() != digits)
        .unwrap_or(text.len());
    text.split_at(end)
}

fn is_number(run: &str) -> bool {
    run.starts_with(|c: char| c.is_ascii_digit())
}

/// Compares without parsing, since a name may hold 63 digits.
fn compare_numbers(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}
