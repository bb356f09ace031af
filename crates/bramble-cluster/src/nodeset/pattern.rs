//! One pattern such as `node[01-10,12]`, expanded into names. Not in here: sets,
//! groups and operators (`parse`).

use std::ops::Range;

use super::error::{NodeSetError, Problem};
use crate::name::NodeName;

/// A piece of a pattern: text, or the numbers that may stand in its place.
enum Piece<'a> {
    Text(&'a str),
    Numbers(Vec<Numbers>),
}

/// `first-last/step`, each written with at least `width` digits.
struct Numbers {
    first: u64,
    last: u64,
    step: u64,
    width: usize,
}

/// All names of `pattern`, at most `limit` of them; `at` is where the pattern
/// stands in the whole expression.
pub(super) fn expand(
    pattern: &str,
    at: usize,
    limit: usize,
) -> Result<Vec<NodeName>, NodeSetError> {
    let whole = at..at + pattern.len();
    let fail = |problem| NodeSetError {
        at: whole.clone(),
        problem,
    };
    let pieces = pieces(pattern, at)?;
    if count(&pieces).is_none_or(|count| count > limit as u64) {
        return Err(fail(Problem::TooMany));
    }
    let mut names = vec![String::new()];
    for piece in &pieces {
        names = append(&names, piece);
    }
    let parse = |name: String| {
        name.parse().map_err(|source| {
            fail(Problem::Name {
                name: name.clone(),
                source,
            })
        })
    };
    names.into_iter().map(parse).collect()
}

fn pieces(pattern: &str, at: usize) -> Result<Vec<Piece<'_>>, NodeSetError> {
    let mut pieces = Vec::new();
    let mut from = 0;
    while let Some(open) = pattern[from..].find(['[', ']']).map(|found| found + from) {
        let fail = |end, problem| NodeSetError {
            at: at + open..at + end,
            problem,
        };
        if pattern[open..].starts_with(']') {
            return Err(fail(open + 1, Problem::Stray));
        }
        let inside = open + 1;
        let close = match pattern[inside..]
            .find(['[', ']'])
            .map(|found| found + inside)
        {
            Some(found) if pattern[found..].starts_with(']') => found,
            _ => return Err(fail(pattern.len(), Problem::Open)),
        };
        if close == inside {
            return Err(fail(close + 1, Problem::Open));
        }
        pieces.push(Piece::Text(&pattern[from..open]));
        pieces.push(Piece::Numbers(numbers(
            &pattern[inside..close],
            at + inside,
        )?));
        from = close + 1;
    }
    pieces.push(Piece::Text(&pattern[from..]));
    Ok(pieces)
}

/// The inside of a bracket: `1-5,8`.
fn numbers(list: &str, at: usize) -> Result<Vec<Numbers>, NodeSetError> {
    let mut at = at;
    let mut all = Vec::new();
    for item in list.split(',') {
        let place = at..at + item.len();
        all.push(range(item.trim()).map_err(|problem| NodeSetError { at: place, problem })?);
        at += item.len() + 1;
    }
    Ok(all)
}

fn range(item: &str) -> Result<Numbers, Problem> {
    let (span, step) = match item.split_once('/') {
        Some((span, step)) => (span, number(step)?),
        None => (item, 1),
    };
    let (first, last) = span.split_once('-').unwrap_or((span, span));
    let padded = |digits: &str| digits.len() > 1 && digits.starts_with('0');
    let width = if padded(first) { first.len() } else { 1 };
    let numbers = Numbers {
        first: number(first)?,
        last: number(last)?,
        step,
        width,
    };
    if step == 0 {
        return Err(Problem::Step);
    }
    if numbers.last < numbers.first {
        return Err(Problem::Descending(span.to_owned()));
    }
    if last.len() < width || (padded(last) && last.len() != width) {
        return Err(Problem::Padding(span.to_owned()));
    }
    Ok(numbers)
}

/// A number that fits a name: at most 63 digits of padding, and a value that
/// can be counted with.
fn number(digits: &str) -> Result<u64, Problem> {
    let is_number = !digits.is_empty()
        && digits.len() <= 63
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    let value = is_number.then(|| digits.parse().ok()).flatten();
    value.ok_or_else(|| Problem::Number(digits.chars().take(40).collect()))
}

/// How many names there will be; `None` when that cannot even be counted.
fn count(pieces: &[Piece<'_>]) -> Option<u64> {
    pieces.iter().try_fold(1_u64, |product, piece| match piece {
        Piece::Text(_) => Some(product),
        Piece::Numbers(list) => product.checked_mul(
            list.iter()
                .try_fold(0_u64, |sum, numbers| sum.checked_add(numbers.count()?))?,
        ),
    })
}

fn append(names: &[String], piece: &Piece<'_>) -> Vec<String> {
    match piece {
        Piece::Text(text) => names.iter().map(|name| format!("{name}{text}")).collect(),
        Piece::Numbers(list) => {
            let endings: Vec<_> = list.iter().flat_map(Numbers::texts).collect();
            let ends_of = |name| endings.iter().map(move |ending| format!("{name}{ending}"));
            names.iter().flat_map(ends_of).collect()
        }
    }
}

impl Numbers {
    fn count(&self) -> Option<u64> {
        ((self.last - self.first) / self.step).checked_add(1)
    }

    fn texts(&self) -> impl Iterator<Item = String> {
        let (first, step, width) = (self.first, self.step, self.width);
        let steps: Range<u64> = 0..self.count().unwrap_or(0);
        steps.map(move |nth| format!("{:0width$}", first + nth * step))
    }
}
