//! The 32-byte slots of a directory, and the files they tell of. Not in here: where the
//! slots lie, and which names are good.

use std::ops::Range;

use super::geometry::{le16, le32};
use super::{Entry, Kind, Modified, name};

/// One of the slots that a directory is made of.
pub(super) type Slot = [u8; SLOT];

/// Bytes of a slot.
pub(super) const SLOT: usize = 32;
/// The first byte of a slot that is free.
pub(super) const FREED: u8 = 0xe5;
/// The first byte of the first slot that was never used: none after it is either.
pub(super) const UNUSED: u8 = 0;

const LABEL: u8 = 0x08;
const DIRECTORY: u8 = 0x10;
const ARCHIVE: u8 = 0x20;
/// A piece of a long name, among the bits that say so.
const LONG: u8 = 0x0f;
const LONG_MASK: u8 = 0x3f;
/// The first slot of a long name, which has its last piece.
const LAST_PIECE: u8 = 0x40;

/// The names of the two records that lead to a directory itself and to its parent.
pub(super) const OWN: [u8; 11] = *b".          ";
pub(super) const PARENT: [u8; 11] = *b"..         ";

/// Characters of a long name in one slot, and where they stand in it.
const PIECE: usize = 13;
const PIECE_PLACES: [usize; PIECE] = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

/// A file, directory or label, as its slots tell it.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// The long name if there is a good one, else the short one.
    pub(super) name: String,
    /// Its slots, by their number in the directory: those of the long name if it belongs
    /// to it, and its own, which is the last.
    pub(super) slots: Range<usize>,
    /// Its own slot.
    pub(super) slot: Slot,
}

impl Record {
    pub(super) fn short(&self) -> [u8; 11] {
        std::array::from_fn(|index| self.slot[index])
    }

    pub(super) fn is_label(&self) -> bool {
        self.slot[11] & LABEL != 0
    }

    pub(super) fn is_directory(&self) -> bool {
        self.slot[11] & DIRECTORY != 0
    }

    /// Whether it is one of the two that lead to a directory itself and to its parent.
    pub(super) fn is_dots(&self) -> bool {
        matches!(self.short(), OWN | PARENT)
    }

    /// Its first cluster; 0 if it has none.
    pub(super) fn cluster(&self, kind: Kind) -> u32 {
        let low = u32::from(le16(&self.slot, 26));
        let high = u32::from(le16(&self.slot, 20));
        if kind == Kind::Fat32 {
            high << 16 | low
        } else {
            low
        }
    }

    /// In bytes.
    pub(super) fn size(&self) -> u32 {
        le32(&self.slot, 28)
    }

    pub(super) fn modified(&self) -> Modified {
        Modified::of_fields(le16(&self.slot, 24), le16(&self.slot, 22))
    }

    pub(super) fn entry(&self) -> Entry {
        let is_directory = self.is_directory();
        Entry {
            name: self.name.clone(),
            size: if is_directory {
                0
            } else {
                u64::from(self.size())
            },
            is_directory,
            modified: self.modified(),
        }
    }
}

/// All records in the slots of a directory, up to the first slot that was never used.
pub(super) fn records(slots: &[Slot]) -> Vec<Record> {
    let mut records = Vec::new();
    let mut long = None;
    let used = slots.iter().take_while(|slot| slot[0] != UNUSED);
    for (index, slot) in used.enumerate() {
        if slot[0] == FREED {
            long = None;
        } else if is_piece(slot) {
            long = Long::with(long, index, slot);
        } else {
            records.push(record(index, slot, long.take()));
        }
    }
    records
}

fn is_piece(slot: &Slot) -> bool {
    slot[11] & LONG_MASK == LONG
}

fn record(index: usize, slot: &Slot, long: Option<Long>) -> Record {
    let short: [u8; 11] = std::array::from_fn(|place| slot[place]);
    let long = long.filter(|long| long.awaited == 0 && long.checksum == name::checksum(&short));
    let start = long.as_ref().map_or(index, |long| long.start);
    let name = long.and_then(|long| long.name());
    Record {
        name: name.unwrap_or_else(|| name::of_short(&short, slot[12])),
        slots: start..index + 1,
        slot: *slot,
    }
}

/// A long name of which some slots have come by. The last piece comes first.
struct Long {
    start: usize,
    checksum: u8,
    /// How many pieces are to come.
    awaited: u8,
    pieces: Vec<[u16; PIECE]>,
}

impl Long {
    /// `long` with one more piece; nothing if it does not belong there.
    fn with(long: Option<Self>, index: usize, slot: &Slot) -> Option<Self> {
        let order = slot[0] & 0x3f;
        let mut long = if slot[0] & LAST_PIECE != 0 {
            Some(Self {
                start: index,
                checksum: slot[13],
                awaited: order,
                pieces: Vec::new(),
            })
        } else {
            long
        }?;
        if order == 0 || order > 20 || order != long.awaited || slot[13] != long.checksum {
            return None;
        }
        long.awaited -= 1;
        long.pieces
            .push(PIECE_PLACES.map(|place| le16(slot, place)));
        Some(long)
    }

    /// The name, if it is one that a file can have.
    fn name(&self) -> Option<String> {
        let units = self.pieces.iter().rev().flatten().copied();
        let units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
        let name = String::from_utf16(&units).ok()?;
        name::is_readable(&name).then_some(name)
    }
}

/// The slots of a long name that belongs to a short one, in the order in which they stand
/// before it.
pub(super) fn pieces(long: &[u16], short: &[u8; 11]) -> Vec<Slot> {
    let checksum = name::checksum(short);
    let pieces = long.chunks(PIECE).zip(1..);
    let mut slots: Vec<Slot> = pieces
        .map(|(units, order)| piece(units, order, checksum))
        .collect();
    if let Some(last) = slots.last_mut() {
        last[0] |= LAST_PIECE;
    }
    slots.reverse();
    slots
}

/// A name that ends within a slot is closed with a zero and padded with ones.
fn piece(units: &[u16], order: u8, checksum: u8) -> Slot {
    let mut slot = [0; SLOT];
    slot[0] = order;
    slot[11] = LONG;
    slot[13] = checksum;
    let padded = units
        .iter()
        .copied()
        .chain([0])
        .chain(std::iter::repeat(0xffff));
    for (place, unit) in PIECE_PLACES.into_iter().zip(padded) {
        slot[place..place + 2].copy_from_slice(&unit.to_le_bytes());
    }
    slot
}

/// The slot of something new, which has no name yet and begins nowhere.
pub(super) fn fresh(is_directory: bool, modified: Modified) -> Slot {
    let mut slot = [0; SLOT];
    slot[11] = if is_directory { DIRECTORY } else { ARCHIVE };
    let (date, time) = modified.fields();
    slot[14..16].copy_from_slice(&time.to_le_bytes());
    slot[16..18].copy_from_slice(&date.to_le_bytes());
    stamp(&mut slot, modified);
    slot
}

/// Notes that a file was written.
pub(super) fn stamp(slot: &mut Slot, modified: Modified) {
    let (date, time) = modified.fields();
    slot[18..20].copy_from_slice(&date.to_le_bytes());
    slot[22..24].copy_from_slice(&time.to_le_bytes());
    slot[24..26].copy_from_slice(&date.to_le_bytes());
    if slot[11] & DIRECTORY == 0 {
        slot[11] |= ARCHIVE;
    }
}

/// Gives a slot a short name; `cases` is the byte that says which parts of it are lower
/// case.
pub(super) fn call(slot: &mut Slot, short: &[u8; 11], cases: u8) {
    slot[..11].copy_from_slice(short);
    slot[12] = cases;
}

/// Lets a slot begin with `cluster`, 0 for none.
pub(super) fn begin(slot: &mut Slot, cluster: u32, kind: Kind) {
    let [low, more, high, highest] = cluster.to_le_bytes();
    slot[26..28].copy_from_slice(&[low, more]);
    if kind == Kind::Fat32 {
        slot[20..22].copy_from_slice(&[high, highest]);
    }
}

/// Sets a size in bytes.
pub(super) fn size(slot: &mut Slot, size: u32) {
    slot[28..32].copy_from_slice(&size.to_le_bytes());
}
