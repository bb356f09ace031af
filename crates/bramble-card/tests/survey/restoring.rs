//! Only what is used is written onto a card full of something else, and then the card's
//! file systems are sound and have all files.

use bramble_card::survey::Survey;

use crate::images::{MIB, PROGRAMS, Workshop, have, noise, output};

/// A card that had something else on it, with what is used of `image`.
fn restored(image: &[u8]) -> Vec<u8> {
    let mut card = noise(100_003, 99).repeat(image.len() / 100_003 + 1);
    card.truncate(image.len());
    let used = Survey::of(&image).unwrap().used(0..image.len() as u64);
    for range in used {
        let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        card[range.clone()].copy_from_slice(&image[range]);
    }
    card
}

/// Holds the files that the image in `ext4` has against those that went in.
fn compare_files(workshop: &Workshop, words: &str) {
    let out = workshop.text("out");
    if workshop.path("out").exists() {
        std::fs::remove_dir_all(&out).unwrap();
    }
    std::fs::create_dir(&out).unwrap();
    output(
        "debugfs",
        &["-R", &format!("rdump / {out}"), &workshop.text("ext4")],
    );
    assert_eq!(
        workshop.read("out/large"),
        workshop.read("tree/large"),
        "{words}"
    );
    // Of an empty file in its inode, `rdump` makes 60 zeros.
    for number in (1..150).filter(|number| *number != 100) {
        let name = format!("many/deep/file-{number}");
        let (out, tree) = (format!("out/{name}"), format!("tree/{name}"));
        assert_eq!(workshop.read(&out), workshop.read(&tree), "{words}");
    }
    assert!(!workshop.path("out/gone").exists());
}

#[test]
fn every_kind_of_ext4_is_whole_after_writing_what_is_used() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    for words in crate::allocation::EXT4 {
        let image = workshop.ext4(words, 40);
        workshop.write("ext4", &restored(&image));
        output("e2fsck", &["-f", "-n", &workshop.text("ext4")]);
        compare_files(&workshop, words);
    }
}

#[test]
fn a_card_is_whole_after_writing_what_is_used() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    let card = restored(&workshop.card());
    let at = |mib: u64| usize::try_from(mib * MIB).unwrap();
    workshop.write("fat", &card[at(8)..at(48)]);
    workshop.write("ext4", &card[at(48)..]);
    output("e2fsck", &["-f", "-n", &workshop.text("ext4")]);
    compare_files(&workshop, "the card");
    let fat = workshop.text("fat");
    output("fsck.fat", &["-n", &fat]);
    let (large, out) = (workshop.read("tree/large"), workshop.text("large"));
    output("mcopy", &["-n", "-i", &fat, "::large", &out]);
    assert_eq!(workshop.read("large"), large);
}

#[test]
fn zeros_that_belong_to_a_file_are_written() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    let image = workshop.ext4("-t ext4 -b 4096", 64);
    let ext4 = workshop.text("ext4");
    drop(image);
    workshop.write("zeros", &vec![0; 700_000]);
    let zeros = workshop.text("zeros");
    output(
        "debugfs",
        &["-w", "-R", &format!("write {zeros} zeros"), &ext4],
    );
    output("debugfs", &["-w", "-R", "fallocate /zeros 0 170", &ext4]);
    let image = workshop.read("ext4");
    let blocks = output("debugfs", &["-R", "blocks /zeros", &ext4]);
    let used = Survey::of(&image).unwrap().used(0..64 * MIB);
    let blocks: Vec<u64> = blocks
        .split_whitespace()
        .map(|block| block.parse().unwrap())
        .collect();
    assert!(blocks.len() > 150, "{blocks:?}");
    for block in blocks {
        let start = block * 4096;
        let holder = used.iter().find(|range| range.contains(&start));
        assert!(
            holder.is_some_and(|range| range.end >= start + 4096),
            "{block}"
        );
    }
}

#[test]
fn what_is_used_has_whole_blocks_and_no_small_gaps() {
    if !have(PROGRAMS) {
        return;
    }
    let card = Workshop::new().card();
    let used = Survey::of(&card).unwrap().used(0..card.len() as u64);
    assert!(
        used.iter()
            .all(|range| range.start % 4096 == 0 && range.end % 4096 == 0)
    );
    let gaps = used.windows(2).map(|pair| pair[1].start - pair[0].end);
    assert!(gaps.min().unwrap() >= 64 * 1024);
}
