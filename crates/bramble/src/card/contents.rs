//! What lies where on a card: its files by name. Not in here: reading file systems
//! (`bramble-card`).

use std::collections::BTreeSet;
use std::ops::Range;

use bramble_card::customise::BootVolume;
use bramble_card::fat::Fat;
use bramble_card::partition::Table;
use bramble_card::survey::{Content, Survey, Volume};
use bramble_card::{ReadAt, Stretch, ext4};

/// The longest file that is looked at for what was written last, in bytes.
const LONGEST: u64 = 64 << 10;

/// How deep directories of a boot partition are looked into for what is missing.
const DEEPEST: usize = 3;

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

/// The names of what lies in `ranges` of `card`, those that lie in one partition by name,
/// and the partitions by their places.
pub(crate) fn owners(card: &impl ReadAt, ranges: &[Range<u64>], parts: &[Part]) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = ranges.to_vec();
    let mut parts: Vec<_> = parts.iter().collect();
    parts.sort_by_key(|part| part.range.start);
    for part in parts {
        let inside = cut(&rest, &part.range);
        rest.retain(|range| range.end <= part.range.start || range.start >= part.range.end);
        if !inside.is_empty() {
            names.extend(owners_in(card, part, &inside));
        }
    }
    if let Some(first) = rest.first() {
        let at = first.start;
        names.push(format!("outside of file systems, from byte {at} on"));
    }
    names
}

/// The same in one partition, with ranges from its start.
fn owners_in(card: &impl ReadAt, part: &Part, inside: &[Range<u64>]) -> BTreeSet<String> {
    let start = part.range.start;
    let volume = Stretch::new(card, start, part.range.end - start);
    let found = match part.kind {
        Kind::Fat => Fat::open(volume).and_then(|fat| fat.owners(inside)).ok(),
        Kind::Ext4 => ext4::owners(&volume, inside).ok(),
    };
    found
        .filter(|found| !found.is_empty())
        .unwrap_or_else(|| BTreeSet::from([format!("something in the partition at byte {start}")]))
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

/// What should be in the boot partition of `card` and is not there under its name: what
/// `wanted`, the card as it has to be, has in its own. Nothing is told of a partition that
/// cannot be read.
pub(crate) fn missing(
    card: &impl ReadAt,
    wanted: &impl ReadAt,
    volume: Option<&BootVolume>,
) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(volume) = volume
        && let Ok(wanted) = Fat::open(stretch(wanted, &volume.range))
        && let Ok(card) = Fat::open(stretch(card, &volume.range))
    {
        missing_in("", DEEPEST, (&wanted, &card), &mut names);
    }
    names
}

/// The same in a directory and those in it, `deeper` levels down.
fn missing_in<W: ReadAt, C: ReadAt>(
    directory: &str,
    deeper: usize,
    (wanted, card): (&Fat<W>, &Fat<C>),
    names: &mut Vec<String>,
) {
    for entry in wanted.list(directory).unwrap_or_default() {
        let name = entry.name;
        let path = match directory {
            "" => name,
            directory => format!("{directory}/{name}"),
        };
        // It is not read: one that is there is too large for that, or a directory.
        let is_missing = matches!(card.read(&path, 0), Ok(None));
        match (is_missing, entry.is_directory) {
            (true, true) => names.push(format!("the directory {path}")),
            (true, false) => names.push(path),
            (false, true) if deeper > 0 => {
                missing_in(&path, deeper - 1, (wanted, card), names);
            }
            (false, _) => {}
        }
    }
}

/// Why `card` is nothing that could be compared with an image which takes `needs` bytes and
/// is `divided` into partitions.
pub(crate) fn no_card(card: &impl ReadAt, needs: u64, divided: bool) -> Option<String> {
    if divided && matches!(Table::read(card), Ok(None)) {
        let what = "no card: it has no partition table, as one that was not written to its end";
        return Some(what.to_owned());
    }
    let length = card.length();
    (length < needs).then(|| format!("too short: {length} of {needs} bytes"))
}

fn stretch<'a, R: ReadAt>(card: &'a R, range: &Range<u64>) -> Stretch<&'a R> {
    Stretch::new(card, range.start, range.end - range.start)
}

/// How many cards were made for its node before this one, as far as it says so itself.
pub(crate) fn generation(card: &impl ReadAt, volume: Option<&BootVolume>) -> u32 {
    let said = volume.and_then(|volume| {
        let fat = Fat::open(stretch(card, &volume.range)).ok()?;
        let meta = fat.read("meta-data", LONGEST).ok()??;
        bramble_card::seed::generation(&String::from_utf8_lossy(&meta))
    });
    said.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_in_their_order_and_not_by_their_digits() {
        let part = |range: Range<u64>| Part {
            range,
            kind: Kind::Ext4,
        };
        let parts = [part(10_000..20_000), part(8_000..9_000)];
        let card = vec![0_u8; 20_000];
        let different = [8_100..8_200, 9_500..9_600, 15_000..15_001];
        assert_eq!(
            owners(&card, &different, &parts),
            [
                "something in the partition at byte 8000",
                "something in the partition at byte 10000",
                "outside of file systems, from byte 9500 on"
            ]
        );
    }

    #[test]
    fn what_is_no_card_or_too_short_is_told_so() {
        let mut card = vec![0_u8; 600];
        let why = no_card(&card, 1000, true).unwrap();
        assert!(
            why.starts_with("no card: it has no partition table"),
            "{why}"
        );
        card[510..512].copy_from_slice(&[0x55, 0xAA]);
        card[450] = 0x0C;
        card[454] = 1;
        card[458] = 1;
        assert_eq!(no_card(&card, 600, true), None);
        let short = Some("too short: 600 of 1000 bytes".to_owned());
        assert_eq!(no_card(&card, 1000, true), short);
        assert_eq!(no_card(&vec![0_u8; 600], 600, false), None);
    }

    #[test]
    fn ranges_are_cut_to_the_partition_they_lie_in() {
        let ranges = [0..10, 90..110, 150..160, 190..300, 400..500];
        assert_eq!(cut(&ranges, &(100..200)), [0..10, 50..60, 90..100]);
        assert_eq!(cut(&ranges, &(310..390)), []);
    }
}
