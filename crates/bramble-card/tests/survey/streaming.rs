//! An image that goes by: what is learnt from it in pieces.

use std::ops::Range;

use bramble_card::survey::{Knowledge, Survey};
use proptest::prelude::*;

use crate::allocation::EXT4;
use crate::images::{MIB, PROGRAMS, Workshop, have, united};

/// What is written of an image that goes by in pieces of these lengths, over and over:
/// each piece as soon as it was seen.
fn written(image: &[u8], pieces: &[usize]) -> Vec<Range<u64>> {
    let mut survey = Survey::new();
    let mut used = Vec::new();
    let mut at = 0;
    for length in pieces.iter().cycle() {
        let piece = &image[at..image.len().min(at + length)];
        if piece.is_empty() {
            break;
        }
        survey.see(at as u64, piece);
        let end = at + piece.len();
        used.extend(survey.used(at as u64..end as u64));
        at = end;
    }
    survey.end();
    assert!(survey.is_complete());
    united(used)
}

fn whole(image: &[u8]) -> Vec<Range<u64>> {
    Survey::of(&image).unwrap().used(0..image.len() as u64)
}

/// Whether `more` has all of `less`.
fn covers(more: &[Range<u64>], less: &[Range<u64>]) -> bool {
    let has = |part: &Range<u64>| {
        let mut holders = more.iter();
        holders.any(|range| range.start <= part.start && part.end <= range.end)
    };
    less.iter().all(has)
}

#[test]
fn a_card_that_goes_by_is_written_as_if_it_were_there_as_a_whole() {
    if !have(PROGRAMS) {
        return;
    }
    let card = Workshop::new().card();
    let expected = whole(&card);
    let bytes: u64 = expected.iter().map(|range| range.end - range.start).sum();
    assert!(bytes < 40 * MIB, "{bytes}");
    for pieces in [
        &[4096][..],
        &[65_536],
        &[1 << 20],
        &[4 << 20],
        &[5000],
        &[12_289, 700_001],
    ] {
        assert_eq!(written(&card, pieces), expected, "{pieces:?}");
    }
}

#[test]
fn what_has_to_be_written_at_the_least_is_known_before_the_blocks_are() {
    if !have(PROGRAMS) {
        return;
    }
    let image = Workshop::new().ext4("-b 4096 -O ^flex_bg", 300);
    let all = 0..image.len() as u64;
    let used: u64 = whole(&image)
        .iter()
        .map(|range| range.end - range.start)
        .sum();
    let mut survey = Survey::new();
    survey.see(0, &image[..65_536]);
    assert!(!survey.is_complete());
    let least = survey.least_used(all.clone());
    assert!(least <= used && least > used / 2, "{least} of {used}");
    survey.see(65_536, &image[65_536..]);
    assert_eq!(survey.least_used(all), used);
}

#[test]
fn what_has_neither_a_table_nor_a_known_mark_is_of_no_disk() {
    let is_of_disk = |image: &[u8]| Survey::of(&image).unwrap().is_of_disk();
    let noise: Vec<u8> = (0..50_000_u32)
        .flat_map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes())
        .collect();
    assert!(!is_of_disk(&noise));
    assert!(!is_of_disk(&vec![0; 200_000]));
    assert!(!is_of_disk(b"short"));
    // An MBR in which nothing is used divides nothing.
    let mut sector = vec![0; 200_000];
    sector[510..512].copy_from_slice(&[0x55, 0xAA]);
    assert!(!is_of_disk(&sector));
    sector[450] = 0x83;
    sector[454] = 8;
    sector[458] = 64;
    assert!(is_of_disk(&sector));
    let mut swap = vec![0; 200_000];
    swap[4086..4096].copy_from_slice(b"SWAPSPACE2");
    assert!(is_of_disk(&swap));
    // Not all was seen yet: nobody knows.
    assert!(Survey::new().is_of_disk());
}

#[test]
fn no_layout_loses_anything_when_it_goes_by() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    for words in EXT4 {
        let image = workshop.ext4(words, 40);
        let expected = whole(&image);
        for pieces in [&[4096][..], &[100_001, 4096], &[4 << 20]] {
            let written = written(&image, pieces);
            assert!(covers(&written, &expected), "{words} {pieces:?}");
            // Only these have bitmaps after the blocks that they are about, or
            // descriptors that are spread over the image.
            if !words.contains("meta_bg") {
                assert_eq!(written, expected, "{words} {pieces:?}");
            }
        }
    }
}

#[test]
fn logical_partitions_are_found_while_they_go_by() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    let ext4 = workshop.ext4("-t ext4", 16);
    let script = "label: dos\nstart=4MiB, size=44MiB, type=f\n\
                  start=5MiB, size=16MiB, type=83\nstart=30MiB, size=16MiB, type=83\n";
    let disk = workshop.disk(script, 48, &[(5 * MIB, &ext4), (30 * MIB, &ext4)]);
    let expected = whole(&disk);
    assert!(expected.len() > 4, "{expected:?}");
    assert_eq!(written(&disk, &[1 << 20]), expected);
    assert_eq!(written(&disk, &[4000]), expected);
}

#[test]
fn what_was_missed_is_used() {
    if !have(PROGRAMS) {
        return;
    }
    let card = Workshop::new().card();
    let at = |mib: u64| usize::try_from(mib * MIB).unwrap();
    let mut survey = Survey::new();
    survey.see(0, &card[..at(1)]);
    // The allocation table is not seen; the second partition is.
    survey.see(48 * MIB, &card[at(48)..]);
    assert_eq!(survey.used(0..48 * MIB), vec![0..48 * MIB]);
    assert_eq!(survey.volumes()[0].knowledge(), Knowledge::Nothing);
    assert_eq!(survey.volumes()[1].knowledge(), Knowledge::Whole);
    let expected = Survey::of(&card).unwrap().used(60 * MIB..120 * MIB);
    assert_eq!(survey.used(60 * MIB..120 * MIB), expected);
}

#[test]
fn nothing_seen_is_all_used() {
    let mut survey = Survey::new();
    assert_eq!(survey.wants(), Some(0..512));
    assert_eq!(survey.used(5000..70_000), vec![5000..70_000]);
    survey.end();
    assert!(survey.is_complete());
    assert_eq!(survey.used(0..1), vec![0..1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn pieces_of_any_size_tell_the_same(pieces in proptest::collection::vec(1_usize..3_000_000, 1..6)) {
        if have(PROGRAMS) {
            static CARD: std::sync::LazyLock<(Vec<u8>, Vec<Range<u64>>)> =
                std::sync::LazyLock::new(|| {
                    let card = Workshop::new().card();
                    let expected = whole(&card);
                    (card, expected)
                });
            let (card, expected) = &*CARD;
            // Tiny pieces alone would take minutes for a card.
            prop_assume!(pieces.iter().sum::<usize>() > 20_000 * pieces.len());
            prop_assert_eq!(&written(card, &pieces), expected);
        }
    }
}
