//! One number of a name as it is counted with: its value and how many digits it
//! is written with, in one word. Not in here: names and sets.

use std::ops::RangeInclusive;

/// Values from here on are not counted with: such digits are text.
pub(super) const TOO_LARGE: u64 = 10_u64.pow(MOST_DIGITS);
/// Digits of the largest value, without leading zeros.
pub(super) const MOST_DIGITS: u32 = 17;

/// Bits of the value; the width stands above them.
const VALUE_BITS: u32 = 57;

/// The first and the last of numbers of one width that follow each other, as words.
pub(super) type Run = (u64, u64);

/// A number as a name writes it: `7` and `07` are two. Ordered by the number of
/// digits, then by value: without padding this is the order of the values.
///
/// Numbers of one width with values that follow each other are words that follow
/// each other. Between two widths there is a gap, so a run never spans two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number(u64);

impl Number {
    /// `value` in `width` digits: the value is below [`TOO_LARGE`], has at most
    /// `width` digits, and the width is at most that of a name.
    pub(super) fn new(value: u64, width: usize) -> Self {
        Self((width as u64) << VALUE_BITS | value)
    }

    /// The number that [`Self::word`] gave.
    pub(super) fn of(word: u64) -> Self {
        Self(word)
    }

    /// The number as a word.
    pub(super) fn word(self) -> u64 {
        self.0
    }

    /// What `digits` count, which are ASCII digits and at most 63.
    pub(super) fn read(digits: &[u8]) -> Option<Self> {
        let significant = digits.iter().position(|&digit| digit != b'0');
        let significant = &digits[significant.unwrap_or(digits.len())..];
        if significant.len() > MOST_DIGITS as usize {
            return None;
        }
        let value = significant
            .iter()
            .fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
        Some(Self::new(value, digits.len()))
    }

    pub(super) fn value(self) -> u64 {
        self.0 & ((1 << VALUE_BITS) - 1)
    }

    /// How many digits it is written with.
    pub(super) fn width(self) -> usize {
        // Proof: seven bits are left.
        usize::try_from(self.0 >> VALUE_BITS).unwrap_or(usize::MAX)
    }

    /// Whether it is written with more digits than its value has.
    pub(super) fn is_padded(self) -> bool {
        self.width() > natural_width(self.value())
    }

    /// Writes the digits at the end of `text`.
    pub(super) fn write(self, text: &mut Vec<u8>) {
        // As many digits as the width can tell.
        let mut digits = [b'0'; 128];
        let mut value = self.value();
        let mut places = digits.iter_mut().rev();
        while value > 0
            && let Some(digit) = places.next()
        {
            // Proof: a remainder of ten fits.
            *digit = b'0' + u8::try_from(value % 10).unwrap_or(0);
            value /= 10;
        }
        text.extend_from_slice(&digits[digits.len() - self.width()..]);
    }
}

/// How many digits `value` has.
pub(super) fn natural_width(value: u64) -> usize {
    value.checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// The runs of numbers from `values`' first to last, each with at least `width`
/// digits: one run for each number of digits.
pub(super) fn runs(values: RangeInclusive<u64>, width: usize) -> Vec<Run> {
    let (mut first, last) = values.into_inner();
    let mut runs = Vec::new();
    while first <= last {
        let digits = natural_width(first).max(width);
        let power = u32::try_from(digits)
            .ok()
            .and_then(|digits| 10_u64.checked_pow(digits));
        let end = power.map_or(last, |power| last.min(power - 1));
        runs.push((
            Number::new(first, digits).word(),
            Number::new(end, digits).word(),
        ));
        first = end + 1;
    }
    runs
}

/// Whether the numbers after the run `before` go on in the run `after`, as `9` in
/// `10`: what is padded ends where its numbers outgrow it.
pub(super) fn goes_on(before: Run, after: Run) -> bool {
    let (first, last) = (Number(before.0), Number(before.1));
    let next = Number(after.0);
    next.value() == last.value() + 1
        && next.width() == last.width() + 1
        && !first.is_padded()
        && !next.is_padded()
}

/// `1-5,8` for these runs, which come in order.
pub(super) fn write_runs(runs: &[Run], text: &mut Vec<u8>) {
    let mut rest = runs;
    while let [first, ..] = rest {
        let pairs = rest.iter().zip(&rest[1..]);
        let more = pairs.take_while(|pair| goes_on(*pair.0, *pair.1)).count();
        if rest.len() < runs.len() {
            text.push(b',');
        }
        Number(first.0).write(text);
        let last = rest[more].1;
        if last != first.0 {
            text.push(b'-');
            Number(last).write(text);
        }
        rest = &rest[more + 1..];
    }
}
