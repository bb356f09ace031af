//! Images that were damaged, and what must hold for any of them. The fuzz targets use
//! this file, too. Not in here: which damage (`fuzz/corpus`).

use std::ops::Range;

use bramble_card::ext4::owners;
use bramble_card::partition::Table;
use bramble_card::survey::Survey;

/// Small file systems to be damaged: blocks of 1024 bytes with extents and check values,
/// the same without, and ext2 with two groups.
pub(crate) const BASES: [&[u8]; 3] = [
    include_bytes!("../../../../fuzz/bases/ext4-checked.img"),
    include_bytes!("../../../../fuzz/bases/ext4-plain.img"),
    include_bytes!("../../../../fuzz/bases/ext2.img"),
];

/// The base that the first byte chooses, with two other bytes in some places: each five
/// bytes are a place, lowest byte first, and what is put there.
pub(crate) fn file_system(input: &[u8]) -> Vec<u8> {
    let (base, edits) = input.split_first().unwrap_or((&0, &[]));
    let mut image = BASES[usize::from(*base) % BASES.len()].to_vec();
    for edit in edits.chunks_exact(5) {
        let place = u32::from_le_bytes([edit[0], edit[1], edit[2], 0]) as usize;
        let place = place % image.len();
        for (into, byte) in image[place..].iter_mut().zip(&edit[3..]) {
            *into = *byte;
        }
    }
    image
}

/// The input as an image whose GUID table, if it begins one, has right check values:
/// nothing behind them would be reached otherwise.
pub(crate) fn disk(input: &[u8]) -> Vec<u8> {
    let mut image = input.to_vec();
    let entries = image.get(1024..1024 + 512).map(crc32);
    let header = image
        .get_mut(512..604)
        .filter(|header| header.starts_with(b"EFI PART"));
    if let (Some(header), Some(entries)) = (header, entries) {
        header[12..16].copy_from_slice(&92_u32.to_le_bytes());
        header[72..80].copy_from_slice(&2_u64.to_le_bytes());
        header[80..84].copy_from_slice(&4_u32.to_le_bytes());
        header[84..88].copy_from_slice(&128_u32.to_le_bytes());
        header[88..92].copy_from_slice(&entries.to_le_bytes());
        header[16..20].fill(0);
        let own = crc32(header);
        header[16..20].copy_from_slice(&own.to_le_bytes());
    }
    image
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 }
        })
    })
}

/// Reads an image in every way. Nothing may panic or hang, and an image that goes by is
/// never said to have less that matters than the same image as a whole.
pub(crate) fn read_all_ways(image: &[u8]) {
    let length = image.len() as u64;
    if let Ok(Some(table)) = Table::read(&image) {
        assert!(
            table
                .partitions
                .iter()
                .all(|found| found.start <= found.end())
        );
    }
    let whole = Survey::of(&image).unwrap();
    assert!(whole.is_complete());
    let used = whole.used(0..length);
    assert!(
        used.iter()
            .all(|range| range.start < range.end && range.end <= length)
    );
    assert!(used.windows(2).all(|pair| pair[0].end < pair[1].start));
    for piece in [image.len() / 37 + 1, 4096] {
        let written = goes_by(image, piece);
        assert!(covers(&written, &used), "{piece}: {written:?} {used:?}");
    }
    drop(owners(&image, &[0..length / 2, length / 3..length]));
}

/// What is written of an image that goes by in pieces.
fn goes_by(image: &[u8], piece: usize) -> Vec<Range<u64>> {
    let mut survey = Survey::new();
    let mut written: Vec<Range<u64>> = Vec::new();
    for (piece, at) in image.chunks(piece).zip((0..).step_by(piece)) {
        survey.see(at, piece);
        for range in survey.used(at..at + piece.len() as u64) {
            match written.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => written.push(range),
            }
        }
    }
    survey.end();
    assert!(survey.is_complete());
    written
}

fn covers(more: &[Range<u64>], less: &[Range<u64>]) -> bool {
    less.iter().all(|part| {
        let mut holders = more.iter();
        holders.any(|range| range.start <= part.start && part.end <= range.end)
    })
}
