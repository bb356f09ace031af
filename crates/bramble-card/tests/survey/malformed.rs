//! Images and maps that are damaged: what fuzzing found worth keeping, and any single
//! byte. Not in here: finding more (`fuzz/`).

use bramble_card::bmap::{Bmap, BmapCheck};
use proptest::prelude::*;

use crate::damage::{BASES, disk, file_system, read_all_ways};

/// The inputs that fuzzing kept for a target.
fn kept(target: &str) -> Vec<Vec<u8>> {
    let folder = std::fs::read_dir(format!("../../fuzz/corpus/{target}")).unwrap();
    let files: Vec<_> = folder
        .map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect();
    assert!(files.len() > 10, "{target}");
    files
}

#[test]
fn the_small_file_systems_are_understood_before_they_are_damaged() {
    for base in BASES {
        let survey = bramble_card::survey::Survey::of(&base).unwrap();
        assert!(!survey.volumes()[0].free(&(0..u64::MAX)).is_empty());
        let all = 0..base.len() as u64;
        let owners = bramble_card::ext4::owners(&base, std::slice::from_ref(&all)).unwrap();
        assert!(owners.contains("/folder/file"), "{owners:?}");
    }
}

#[test]
fn file_systems_that_fuzzing_found_are_read() {
    for input in kept("ext4") {
        read_all_ways(&file_system(&input));
    }
}

#[test]
fn disks_that_fuzzing_found_are_read() {
    for input in kept("partition") {
        read_all_ways(&disk(&input));
    }
}

#[test]
fn block_maps_that_fuzzing_found_are_read() {
    for input in kept("bmap") {
        let text = String::from_utf8_lossy(&input);
        if let Ok(bmap) = Bmap::parse(&text) {
            let mut check = BmapCheck::new(bmap);
            drop(check.see(&[1; 5000]));
            drop(check.finish());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_damage_to_a_file_system_is_survived(
        base in 0_u8..3,
        edits in proptest::collection::vec((0_u32..12_000, any::<[u8; 2]>()), 1..6),
    ) {
        let mut input = vec![base];
        for (place, bytes) in edits {
            input.extend(&place.to_le_bytes()[..3]);
            input.extend(bytes);
        }
        read_all_ways(&file_system(&input));
    }
}
