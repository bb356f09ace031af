//! The order in which a person counts names. Not in here: anything else about
//! names.

use std::cmp::Ordering;

/// Compares run by run: numbers by how many digits they have and then by value,
/// anything else by its characters. So `node2` comes before `node10`.
pub(super) fn compare(left: &[u8], right: &[u8]) -> Ordering {
    let (mut left, mut right) = (left, right);
    while !left.is_empty() && !right.is_empty() {
        let (a, rest_of_left) = first_run(left);
        let (b, rest_of_right) = first_run(right);
        let order = if is_number(a) && is_number(b) {
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        } else {
            a.cmp(b)
        };
        if order != Ordering::Equal {
            return order;
        }
        (left, right) = (rest_of_left, rest_of_right);
    }
    left.len().cmp(&right.len())
}

/// Splits after the leading digits, or before the first digit.
fn first_run(text: &[u8]) -> (&[u8], &[u8]) {
    let digits = is_number(text);
    let end = text.iter().position(|byte| byte.is_ascii_digit() != digits);
    text.split_at(end.unwrap_or(text.len()))
}

fn is_number(run: &[u8]) -> bool {
    run.first().is_some_and(u8::is_ascii_digit)
}
