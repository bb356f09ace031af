//! Ranges of bytes: united, widened, left out. Not in here: what they stand for.

use std::ops::Range;

/// All of `ranges` as ranges in order that do not touch each other.
pub(super) fn united(mut ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    joined(ranges, 0)
}

/// With gaps filled that are shorter than `gap` bytes, or are none. The ranges are in
/// order.
pub(super) fn joined(ranges: Vec<Range<u64>>, gap: u64) -> Vec<Range<u64>> {
    let mut joined: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end || range.start - last.end < gap => {
                last.end = last.end.max(range.end);
            }
            _ => joined.push(range),
        }
    }
    joined
}

/// What of `whole` none of `parts` covers, which are in order.
pub(super) fn without(whole: &Range<u64>, parts: &[Range<u64>]) -> Vec<Range<u64>> {
    let mut rest = Vec::new();
    let mut at = whole.start;
    for part in parts {
        if at < part.start.min(whole.end) {
            rest.push(at..part.start.min(whole.end));
        }
        at = at.max(part.end);
    }
    if at < whole.end {
        rest.push(at..whole.end);
    }
    rest
}

/// What of `ranges` lies in `window`.
pub(super) fn within(ranges: Vec<Range<u64>>, window: &Range<u64>) -> Vec<Range<u64>> {
    let clip = |range: Range<u64>| range.start.max(window.start)..range.end.min(window.end);
    let clipped = ranges.into_iter().map(clip);
    clipped.filter(|range| !range.is_empty()).collect()
}
