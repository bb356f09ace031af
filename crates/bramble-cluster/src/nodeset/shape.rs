//! A name taken apart: its shape, which is the text around its numbers, and the
//! numbers. Not in here: many names of one shape (`rows`).

use super::number::Number;

/// Stands in a shape for a number; no name has it.
pub(super) const GAP: u8 = b'%';

/// Longest name, in bytes: one label of a host name (RFC 1123).
const LONGEST: usize = 63;
/// Most numbers in a name of that length.
const MOST_NUMBERS: usize = LONGEST.div_ceil(2);

/// The text of a name with a [`GAP`] for every number: `r%n%-ib`. Digits that are
/// too many to be counted with are text.
pub(super) type Shape = Box<[u8]>;

/// How many numbers a name of this shape has.
pub(super) fn dimensions(shape: &[u8]) -> usize {
    shape.iter().map(|&byte| usize::from(byte == GAP)).sum()
}

/// The text before a shape's first number.
pub(super) fn beginning(shape: &[u8]) -> &[u8] {
    let end = shape
        .iter()
        .position(|&byte| byte == GAP || byte.is_ascii_digit());
    &shape[..end.unwrap_or(shape.len())]
}

/// Room for one name that was taken apart, to be used again for the next.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    shape: [u8; LONGEST],
    shape_length: usize,
    numbers: [u64; MOST_NUMBERS],
    count: usize,
}

impl Parts {
    pub(super) fn new() -> Self {
        Self {
            shape: [0; LONGEST],
            shape_length: 0,
            numbers: [0; MOST_NUMBERS],
            count: 0,
        }
    }

    /// Takes `name` apart; false if it is no node's name, by the rules of
    /// [`crate::name::NodeName`].
    pub(super) fn take(&mut self, name: &[u8]) -> bool {
        (self.shape_length, self.count) = (0, 0);
        if name.len() > LONGEST {
            return false;
        }
        let mut rest = name;
        let mut letters = false;
        while let [first, ..] = rest {
            if first.is_ascii_digit() {
                rest = self.take_number(rest);
            } else if first.is_ascii_lowercase() || *first == b'-' {
                letters = true;
                self.push(*first);
                rest = &rest[1..];
            } else {
                return false;
            }
        }
        letters && !name.starts_with(b"-") && !name.ends_with(b"-")
    }

    /// Takes the number that `rest` begins with, and gives what follows it.
    fn take_number<'a>(&mut self, rest: &'a [u8]) -> &'a [u8] {
        let end = rest.iter().position(|byte| !byte.is_ascii_digit());
        let (digits, after) = rest.split_at(end.unwrap_or(rest.len()));
        if let Some(number) = Number::read(digits) {
            self.push(GAP);
            self.numbers[self.count] = number.word();
            self.count += 1;
        } else {
            for &digit in digits {
                self.push(digit);
            }
        }
        after
    }

    fn push(&mut self, byte: u8) {
        self.shape[self.shape_length] = byte;
        self.shape_length += 1;
    }

    pub(super) fn shape(&self) -> &[u8] {
        &self.shape[..self.shape_length]
    }

    /// The numbers, in the order in which the name has them.
    pub(super) fn numbers(&self) -> &[u64] {
        &self.numbers[..self.count]
    }
}
