//! What lies where on a card: its files by name. Not in here: reading file systems
//! (`bramble-card`).

use std::collections::BTreeSet;
use std::ops::Range;

use bramble_card::customise::BootVolume;
use bramble_card::fat::Fat;
use bramble_card::survey::{Content, Survey, Volume};
use bramble_card::{ReadAt, Stretch, ext4};

/// The longest file that is looked at for what was written last, in bytes.
const LONGEST: u64 = 64 << 10;

/// A partition of which the files can be named.
#[derive(Debug)]
pub(crate) struct Part {
    range: Range<u64>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Fat,
    Ext4,
}

/// The partitions that are understood.
pub(crate) fn parts(survey: &Survey) -> Vec<Part> {
    let part = |volume: &Volume| {
        let kind = match volume.content() {
            Content::Fat { .. } => Kind::Fat,
            Content::Ext4 { .. } => Kind::Ext4,
            _ => return None,
        };
        Some(Part {
            range: volume.range(),
            kind,
        })
    };
    survey.volumes().iter().filter_map(part).collect()
}

/// The names of what lies in `ranges` of `card`.
pub(crate) fn owners(
    card: &impl ReadAt,
    ranges: &[Range<u64>],
    parts: &[Part],
) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = ranges.to_vec();
    for part in parts {
        let inside = cut(&rest, &part.range);
        rest.retain(|range| range.end <= part.range.start || range.start >= part.range.end);
        if inside.is_empty() {
            continue;
        }
        let length = part.range.end - part.range.start;
        let volume = Stretch::new(card, part.range.start, length);
        let found = match part.kind {
            Kind::Fat => Fat::open(volume).and_then(|fat| fat.owners(&inside)).ok(),
            Kind::Ext4 => ext4::owners(&volume, &inside).ok(),
        };
        let unnamed = || {
            BTreeSet::from([format!(
                "something in the partition at byte {}",
                part.range.start
            )])
        };
        names.extend(
            found
                .filter(|found| !found.is_empty())
                .unwrap_or_else(unnamed),
        );
    }
    if let Some(first) = rest.first() {
        names.insert(format!(
            "outside of file systems, from byte {} on",
            first.start
        ));
    }
    names
}

/// The parts of `ranges` that lie in `part`, from its start.
fn cut(ranges: &[Range<u64>], part: &Range<u64>) -> Vec<Range<u64>> {
    let inside = |range: &Range<u64>| {
        let start = range.start.max(part.start);
        let end = range.end.min(part.end);
        (start < end).then(|| start - part.start..end - part.start)
    };
    ranges.iter().filter_map(inside).collect()
}

/// How many cards were made for its node before this one, as far as it says so itself.
pub(crate) fn generation(card: &impl ReadAt, volume: Option<&BootVolume>) -> u32 {
    let said = volume.and_then(|volume| {
        let length = volume.range.end - volume.range.start;
        let fat = Fat::open(Stretch::new(card, volume.range.start, length)).ok()?;
        let meta = fat.read("meta-data", LONGEST).ok()??;
        bramble_card::seed::generation(&String::from_utf8_lossy(&meta))
    });
    said.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_the_partition_they_lie_in() {
        let ranges = [0..10, 90..110, 150..160, 190..300, 400..500];
        assert_eq!(cut(&ranges, &(100..200)), [0..10, 50..60, 90..100]);
        assert_eq!(cut(&ranges, &(310..390)), []);
    }
}
