//! Partition tables, as sfdisk makes them, and damaged.

use std::ops::Range;

use bramble_card::partition::{Kind, PartitionError, Scheme, Table};
use bramble_card::survey::Survey;

use crate::images::{MIB, PROGRAMS, Workshop, have};

const LOGICAL: &str = "label: dos\nlabel-id: 0xcafe0001\n\
     start=4MiB, size=4MiB, type=c, bootable\n\
     start=16MiB, size=40MiB, type=5\n\
     start=8MiB, size=4MiB, type=83\n\
     start=17MiB, size=4MiB, type=83\n\
     start=22MiB, size=5MiB, type=82\n\
     start=40MiB, size=16MiB, type=83\n";

fn places(table: &Table) -> Vec<(u32, Range<u64>)> {
    let places = table.partitions.iter();
    places
        .map(|found| (found.number, found.start / MIB..found.end() / MIB))
        .collect()
}

#[test]
fn primary_and_logical_partitions_are_found() {
    if !have(PROGRAMS) {
        return;
    }
    let disk = Workshop::new().disk(LOGICAL, 64, &[]);
    let table = Table::read(&disk).unwrap().unwrap();
    assert_eq!(
        table.scheme,
        Scheme::Mbr {
            disk_id: 0xcafe_0001
        }
    );
    let expected = [
        (1, 4..8),
        (2, 16..56),
        (3, 8..12),
        (5, 17..21),
        (6, 22..27),
        (7, 40..56),
    ];
    assert_eq!(places(&table), expected);
    assert!(table.partitions[0].bootable && !table.partitions[1].bootable);
    let kinds: Vec<_> = table
        .partitions
        .iter()
        .map(|found| found.kind.to_string())
        .collect();
    let expected = ["FAT32", "extended", "Linux", "Linux", "Linux swap", "Linux"];
    assert_eq!(kinds, expected);
    assert_eq!(table.end(), 56 * MIB);
}

#[test]
fn guid_tables_are_read_with_their_names() {
    if !have(PROGRAMS) {
        return;
    }
    let script = "label: gpt\n\
         start=1MiB, size=2MiB, type=U, name=\"EFI\", attrs=LegacyBIOSBootable\n\
         start=4MiB, size=8MiB, type=L, name=\"größe\"\n\
         start=14MiB, size=1MiB, type=21686148-6449-6E6F-744E-656564454649\n";
    let disk = Workshop::new().disk(script, 16, &[]);
    let table = Table::read(&disk).unwrap().unwrap();
    assert_eq!(table.scheme, Scheme::Gpt { end: 16 * MIB });
    assert_eq!(places(&table), [(1, 1..3), (2, 4..12), (3, 14..15)]);
    let names: Vec<_> = table
        .partitions
        .iter()
        .map(|found| found.name.as_deref())
        .collect();
    assert_eq!(names, [Some("EFI"), Some("größe"), None]);
    let kinds: Vec<_> = table
        .partitions
        .iter()
        .map(|found| found.kind.to_string())
        .collect();
    assert_eq!(kinds, ["EFI system", "Linux", "BIOS boot"]);
    assert!(table.partitions[0].bootable && !table.partitions[1].bootable);
    assert_eq!(table.end(), 16 * MIB);
}

#[test]
fn unusual_kinds_are_shown_as_tables_have_them() {
    assert_eq!(Kind::Mbr(0x27).to_string(), "type 0x27");
    let guid = std::array::from_fn(|index| u8::try_from(index).unwrap());
    let expected = "type 03020100-0504-0706-0809-0a0b0c0d0e0f";
    assert_eq!(Kind::Gpt(guid).to_string(), expected);
}

#[test]
fn a_bare_file_system_has_no_table() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    for mbr in ["y", "n"] {
        let fat = workshop.fat(&format!("-F 32 -s 1 --mbr={mbr}"), 40);
        assert_eq!(Table::read(&fat).unwrap(), None, "{mbr}");
    }
    let ext4 = workshop.ext4("-t ext4", 16);
    assert_eq!(Table::read(&ext4).unwrap(), None);
    assert_eq!(Table::read(&vec![0; 100]).unwrap(), None);
}

#[test]
fn a_damaged_guid_table_is_an_error_and_everything_is_used() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    let ext4 = workshop.ext4("-t ext4", 16);
    let script = "label: gpt\nstart=1MiB, size=16MiB, type=L\n";
    let sound = workshop.disk(script, 18, &[(MIB, &ext4)]);
    let used = |disk: &Vec<u8>| Survey::of(disk).unwrap().used(0..18 * MIB);
    assert!(used(&sound).len() > 1);
    for (place, what) in [
        (512, "there is none"),
        (512 + 24, "check value of its header"),
        (1024 + 40, "check value of its entries"),
    ] {
        let mut disk = sound.clone();
        disk[place] ^= 1;
        let error = Table::read(&disk).unwrap_err();
        assert!(error.to_string().contains(what), "{error}");
        assert_eq!(used(&disk), vec![0..18 * MIB]);
    }
}

#[test]
fn a_chain_of_logical_partitions_that_leads_back_or_away_is_an_error() {
    if !have(PROGRAMS) {
        return;
    }
    let sound = Workshop::new().disk(LOGICAL, 64, &[]);
    // The first link lies at the container's start; its second entry leads to the next.
    let link = usize::try_from(16 * MIB).unwrap() + 446 + 16 + 8;
    for sectors in [0_u32, 100_000] {
        let mut disk = sound.clone();
        disk[link..link + 4].copy_from_slice(&sectors.to_le_bytes());
        let error = Table::read(&disk).unwrap_err();
        let is_damaged = matches!(error, PartitionError::Damaged { at, .. } if at == 16 * MIB);
        assert!(is_damaged, "{error}");
    }
    let cut = &sound[..usize::try_from(20 * MIB).unwrap()];
    let error = Table::read(&cut).unwrap_err();
    assert!(
        matches!(error, PartitionError::OutOfReach { .. }),
        "{error}"
    );
}

#[test]
fn what_lies_between_partitions_is_used() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    let ext4 = workshop.ext4("-t ext4", 16);
    let script = "label: dos\nstart=8MiB, size=16MiB, type=83\n";
    let disk = workshop.disk(script, 30, &[(8 * MIB, &ext4)]);
    let used = Survey::of(&disk).unwrap().used(0..30 * MIB);
    let (first, last) = (used.first().unwrap(), used.last().unwrap());
    assert!(first.start == 0 && first.end > 8 * MIB, "{first:?}");
    assert!(last.start <= 24 * MIB && last.end == 30 * MIB, "{last:?}");
}

#[test]
fn where_partitions_overlap_all_of_them_have_to_say_that_a_block_is_free() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    let ext4 = workshop.ext4("-t ext4", 16);
    let script = "label: dos\nstart=8MiB, size=16MiB, type=83\n";
    let mut disk = workshop.disk(script, 30, &[(8 * MIB, &ext4)]);
    let alone = Survey::of(&disk).unwrap().used(0..30 * MIB);
    // A second entry, of something unknown, for the last 8 MiB of the first.
    let second: Vec<u8> = [0_u32, 0x83, 16 * 2048, 8 * 2048]
        .into_iter()
        .flat_map(u32::to_le_bytes)
        .collect();
    disk[462..478].copy_from_slice(&second);
    let both = Survey::of(&disk).unwrap().used(0..30 * MIB);
    assert!(
        alone.iter().all(|range| range.end - range.start < 12 * MIB),
        "{alone:?}"
    );
    assert_eq!(both.last(), Some(&(16 * MIB..30 * MIB)));
}
