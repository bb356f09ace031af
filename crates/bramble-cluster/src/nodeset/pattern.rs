//! One pattern such as `node[01-10,12]`. Not in here: sets, groups and operators
//! (`parse`).

use super::NodeSet;
use super::error::{NodeSetError, Problem};
use super::gather::Gatherer;
use super::number::{self, MOST_DIGITS, Number, Run, TOO_LARGE};
use super::shape::GAP;
use crate::name::NodeName;

/// Most groups that one pattern of groups may stand for.
const MOST_GROUPS: usize = 1_000;
/// Longest width of a number: no name is longer.
const WIDEST: usize = 63;

/// A pattern, taken apart.
#[derive(Debug)]
pub(super) struct Pattern<'a>(Vec<Piece<'a>>);

/// A piece of a pattern: text without digits, digits, or the inside of a bracket.
#[derive(Debug)]
enum Piece<'a> {
    Text(&'a str),
    Digits(&'a str),
    Bracket(Vec<Steps>),
}

/// `first-last/step`, each written with at least `width` digits.
#[derive(Debug)]
struct Steps {
    first: u64,
    last: u64,
    step: u64,
    width: usize,
}

/// The words that `pattern` stands for, which need not be names.
pub(super) fn words(pattern: &str, at: usize) -> Result<Vec<String>, NodeSetError> {
    if !pattern.contains(['[', ']']) {
        return Ok(vec![pattern.to_owned()]);
    }
    let whole = at..at + pattern.len();
    let pattern = Pattern::read(pattern, at)?;
    let words = pattern.words();
    words.ok_or(NodeSetError {
        at: whole,
        problem: Problem::TooManyGroups(MOST_GROUPS),
    })
}

impl<'a> Pattern<'a> {
    /// Takes `pattern` apart, which stands at `at` in the whole expression.
    pub(super) fn read(pattern: &'a str, at: usize) -> Result<Self, NodeSetError> {
        let mut pieces = Vec::new();
        let mut from = 0;
        while let Some(open) = pattern[from..].find(['[', ']']).map(|found| found + from) {
            let inside = open + 1;
            let close = inside + closing(&pattern[open..], at + open)?;
            add_text(&pattern[from..open], &mut pieces);
            pieces.push(Piece::Bracket(steps(&pattern[inside..close], at + inside)?));
            from = close + 1;
        }
        add_text(&pattern[from..], &mut pieces);
        Ok(Self(pieces))
    }

    /// The nodes that it names, at most `limit`.
    pub(super) fn nodes(&self, limit: usize) -> Result<NodeSet, Problem> {
        if self.count().is_none_or(|count| count > limit as u64) {
            return Err(Problem::TooMany(limit));
        }
        self.check_names()?;
        let mut gatherer = Gatherer::new(limit);
        if self.has_bracket() {
            let (shape, axes) = self.axes()?;
            gatherer.add_rows(&shape, &product(&axes))?;
        } else {
            gatherer.add_name(self.example(false).as_bytes())?;
        }
        gatherer.finish()
    }

    fn has_bracket(&self) -> bool {
        let is_bracket = |piece: &Piece<'_>| matches!(piece, Piece::Bracket(_));
        self.0.iter().any(is_bracket)
    }

    /// How many names there are; `None` when that cannot even be counted.
    fn count(&self) -> Option<u64> {
        self.0.iter().try_fold(1_u64, |product, piece| match piece {
            Piece::Text(_) | Piece::Digits(_) => Some(product),
            Piece::Bracket(list) => product.checked_mul(
                list.iter()
                    .try_fold(0_u64, |sum, steps| sum.checked_add(steps.count()?))?,
            ),
        })
    }

    /// Names of one pattern differ in digits and length only: if the first and the
    /// longest are good, all are.
    fn check_names(&self) -> Result<(), Problem> {
        for name in [self.example(false), self.example(true)] {
            if let Err(source) = name.parse::<NodeName>() {
                return Err(Problem::Name { name, source });
            }
        }
        Ok(())
    }

    /// The first name, or the longest.
    fn example(&self, longest: bool) -> String {
        let piece = |piece: &Piece<'_>| match piece {
            Piece::Text(text) | Piece::Digits(text) => (*text).to_owned(),
            Piece::Bracket(list) if longest => {
                let longest = list.iter().map(Steps::last_text);
                longest.max_by_key(String::len).unwrap_or_default()
            }
            Piece::Bracket(list) => list.first().map(Steps::first_text).unwrap_or_default(),
        };
        self.0.iter().map(piece).collect()
    }

    /// The shape, and the runs of each of its numbers. Digits and brackets that touch
    /// each other are one number.
    fn axes(&self) -> Result<(Vec<u8>, Vec<Vec<Run>>), Problem> {
        let mut shape = Vec::new();
        let mut axes = Vec::new();
        let is_text = |piece: &Piece<'_>| matches!(piece, Piece::Text(_));
        for pieces in self.0.chunk_by(|a, b| is_text(a) == is_text(b)) {
            match pieces {
                [Piece::Digits(digits)] if Number::read(digits.as_bytes()).is_none() => {
                    shape.extend_from_slice(digits.as_bytes());
                }
                [Piece::Text(text), ..] => shape.extend_from_slice(text.as_bytes()),
                numbers => {
                    shape.push(GAP);
                    axes.push(axis(numbers)?);
                }
            }
        }
        Ok((shape, axes))
    }

    /// The texts it stands for, if they are not too many.
    fn words(&self) -> Option<Vec<String>> {
        self.count().filter(|&count| count <= MOST_GROUPS as u64)?;
        let mut words = vec![String::new()];
        for piece in &self.0 {
            let endings: Vec<_> = match piece {
                Piece::Text(text) | Piece::Digits(text) => vec![(*text).to_owned()],
                Piece::Bracket(list) => list.iter().flat_map(Steps::texts).collect(),
            };
            let ends_of = |word| endings.iter().map(move |ending| format!("{word}{ending}"));
            words = words.iter().flat_map(ends_of).collect();
        }
        Some(words)
    }
}

/// How far behind the bracket that `rest` begins with its partner is.
fn closing(rest: &str, at: usize) -> Result<usize, NodeSetError> {
    let fail = |end, problem| {
        Err(NodeSetError {
            at: at..at + end,
            problem,
        })
    };
    if rest.starts_with(']') {
        return fail(1, Problem::Stray);
    }
    let inside = &rest[1..];
    match inside.find(['[', ']']) {
        Some(0) if inside.starts_with(']') => fail(2, Problem::Open),
        Some(found) if inside[found..].starts_with(']') => Ok(found),
        _ => fail(rest.len(), Problem::Open),
    }
}

/// Adds `text` as runs of digits and of other characters.
fn add_text<'a>(text: &'a str, pieces: &mut Vec<Piece<'a>>) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits);
        let (run, after) = rest.split_at(end.unwrap_or(rest.len()));
        pieces.push(if digits {
            Piece::Digits(run)
        } else {
            Piece::Text(run)
        });
        rest = after;
    }
}

/// The inside of a bracket: `1-5,8`.
fn steps(list: &str, at: usize) -> Result<Vec<Steps>, NodeSetError> {
    let mut at = at;
    let mut all = Vec::new();
    for item in list.split(',') {
        let place = at..at + item.len();
        all.push(Steps::read(item).map_err(|problem| NodeSetError { at: place, problem })?);
        at += item.len() + 1;
    }
    Ok(all)
}

impl Steps {
    fn read(item: &str) -> Result<Self, Problem> {
        let (span, step) = match item.split_once('/') {
            Some((span, step)) => (span.trim(), count(step.trim())?),
            None => (item.trim(), 1),
        };
        let (first, last) = span.split_once('-').unwrap_or((span, span));
        let (first, last) = (first.trim(), last.trim());
        let padded = |digits: &str| digits.len() > 1 && digits.starts_with('0');
        let width = if padded(first) { first.len() } else { 1 };
        let steps = Self {
            first: count(first)?,
            last: count(last)?,
            step,
            width,
        };
        if step == 0 {
            return Err(Problem::Step);
        }
        if steps.last < steps.first {
            return Err(Problem::Descending(span.to_owned()));
        }
        if last.len() < width || (padded(last) && last.len() != width) {
            return Err(Problem::Padding(span.to_owned()));
        }
        Ok(steps)
    }

    fn count(&self) -> Option<u64> {
        ((self.last - self.first) / self.step).checked_add(1)
    }

    fn values(&self) -> impl Iterator<Item = u64> {
        let (first, step) = (self.first, self.step);
        (0..self.count().unwrap_or(0)).map(move |nth| first + nth * step)
    }

    fn first_text(&self) -> String {
        format!("{:0width$}", self.first, width = self.width)
    }

    /// The last of the numbers that its steps come to.
    fn last_text(&self) -> String {
        let last = self.last - (self.last - self.first) % self.step;
        format!("{last:0width$}", width = self.width)
    }

    fn texts(&self) -> impl Iterator<Item = String> {
        let width = self.width;
        self.values().map(move |value| format!("{value:0width$}"))
    }

    /// The runs that these numbers make.
    fn runs(&self) -> Result<Vec<Run>, Problem> {
        if self.last >= TOO_LARGE {
            return Err(Problem::Large(self.last.to_string()));
        }
        if self.step == 1 {
            return Ok(number::runs(self.first..=self.last, self.width));
        }
        let single = |value| {
            let width = number::natural_width(value).max(self.width);
            let word = Number::new(value, width).word();
            (word, word)
        };
        Ok(self.values().map(single).collect())
    }
}

/// What `digits` count, at most 63 of them.
fn count(digits: &str) -> Result<u64, Problem> {
    let is_number = !digits.is_empty()
        && digits.len() <= WIDEST
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    let value = is_number.then(|| digits.parse().ok()).flatten();
    value.ok_or_else(|| Problem::Number(digits.chars().take(40).collect()))
}

/// The runs of one number, which is written in several pieces: `1[0-5]`.
fn axis(pieces: &[Piece<'_>]) -> Result<Vec<Run>, Problem> {
    let mut runs: Option<Vec<Run>> = None;
    for piece in pieces {
        let here = match piece {
            Piece::Text(_) => Vec::new(),
            Piece::Digits(digits) => {
                let number = Number::read(digits.as_bytes());
                let number = number.ok_or_else(|| Problem::Large((*digits).to_owned()))?;
                vec![(number.word(), number.word())]
            }
            Piece::Bracket(list) => {
                let all: Result<Vec<_>, _> = list.iter().map(Steps::runs).collect();
                all?.concat()
            }
        };
        runs = Some(match runs {
            Some(before) => appended(&before, &here)?,
            None => here,
        });
    }
    Ok(runs.unwrap_or_default())
}

/// Every number of `left` with every one of `right` behind it.
fn appended(left: &[Run], right: &[Run]) -> Result<Vec<Run>, Problem> {
    let mut runs = Vec::new();
    for word in left.iter().flat_map(|&(first, last)| first..=last) {
        let before = Number::of(word);
        for &(first, last) in right {
            let joined = |behind: Number| join(before, behind);
            runs.push((joined(Number::of(first))?, joined(Number::of(last))?));
        }
    }
    Ok(runs)
}

/// The number with the digits of both.
fn join(before: Number, behind: Number) -> Result<u64, Problem> {
    let too_large = || {
        let mut digits = Vec::new();
        before.write(&mut digits);
        behind.write(&mut digits);
        Problem::Large(String::from_utf8_lossy(&digits).into_owned())
    };
    let power = u32::try_from(behind.width()).ok();
    let power = power
        .filter(|&width| width <= MOST_DIGITS || before.value() == 0)
        .map(|width| 10_u64.saturating_pow(width));
    let value = power
        .and_then(|power| before.value().checked_mul(power))
        .and_then(|value| value.checked_add(behind.value()))
        .filter(|&value| value < TOO_LARGE);
    let value = value.ok_or_else(too_large)?;
    Ok(Number::new(value, before.width() + behind.width()).word())
}

/// All combinations as rows: of the last axis whole runs, of the others each number.
fn product(axes: &[Vec<Run>]) -> Vec<u64> {
    let mut rows = Vec::new();
    add_rows(&mut Vec::new(), axes, &mut rows);
    rows
}

fn add_rows(tuple: &mut Vec<u64>, axes: &[Vec<Run>], rows: &mut Vec<u64>) {
    match axes {
        [] => {}
        [last] => {
            for (first, last) in last {
                rows.extend_from_slice(tuple);
                rows.extend_from_slice(&[*first, *last]);
            }
        }
        [axis, after @ ..] => {
            for number in axis.iter().flat_map(|&(first, last)| first..=last) {
                tuple.push(number);
                add_rows(tuple, after, rows);
                tuple.pop();
            }
        }
    }
}
