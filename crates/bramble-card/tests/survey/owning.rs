//! Whose blocks are, as debugfs sees it.

use std::collections::{BTreeMap, BTreeSet};

use bramble_card::ext4::{Ext4Error, label, owners, uuid};

use crate::images::{PROGRAMS, Workshop, have, output};

/// The second words of lines by their first, which is a number.
fn pairs(said: &str) -> BTreeMap<u64, String> {
    let pairs = said.lines().filter_map(|line| line.split_once('\t'));
    let parsed = pairs.filter_map(|(number, text)| Some((number.parse().ok()?, text.to_owned())));
    parsed.collect()
}

/// The owners of each of these blocks, by `debugfs`: a path, or the number of an inode
/// that has none.
fn by_debugfs(image: &str, blocks: &[u64]) -> BTreeMap<u64, Option<String>> {
    let list = |numbers: &mut dyn Iterator<Item = String>| numbers.collect::<Vec<_>>().join(" ");
    let asked = list(&mut blocks.iter().map(u64::to_string));
    let inodes = pairs(&output(
        "debugfs",
        &["-R", &format!("icheck {asked}"), image],
    ));
    let numbers: BTreeSet<String> = inodes
        .values()
        .filter(|inode| !inode.starts_with('<'))
        .cloned()
        .collect();
    let asked = list(&mut numbers.into_iter());
    let paths = pairs(&output(
        "debugfs",
        &["-R", &format!("ncheck {asked}"), image],
    ));
    let owner = |inode: String| {
        let number: u64 = inode.parse().ok()?;
        Some(match number {
            2 => "/".to_owned(),
            7 => "the place kept for growing".to_owned(),
            8 => "the journal".to_owned(),
            _ => match paths.get(&number) {
                Some(path) => path.replace("//", "/"),
                None => format!("inode {number}"),
            },
        })
    };
    inodes
        .into_iter()
        .map(|(block, inode)| (block, owner(inode)))
        .collect()
}

/// The owner among those found that is a file.
fn file(found: &BTreeSet<String>) -> Option<String> {
    let metadata = [
        "the superblock",
        "the group descriptors",
        "the block bitmaps",
        "the inode bitmaps",
        "the inode table",
    ];
    let mut files = found
        .iter()
        .filter(|name| !metadata.contains(&name.as_str()));
    let file = files.next().cloned();
    assert_eq!(files.next(), None, "{found:?}");
    file
}

#[test]
fn owners_are_those_that_debugfs_knows() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    for (words, size) in [
        ("-t ext4 -b 4096 -O ^64bit,^huge_file", 4096),
        ("-t ext4 -b 1024 -g 1024", 1024),
        ("-t ext4 -b 4096 -O ^extents,^64bit,^metadata_csum", 4096),
        ("-t ext2 -b 1024 -r 1", 1024),
        ("-t ext3 -b 4096", 4096),
    ] {
        let image = workshop.ext4(words, 32);
        let count = image.len() as u64 / size;
        let blocks: Vec<u64> = (1..count).step_by(211).collect();
        let expected = by_debugfs(&workshop.text("ext4"), &blocks);
        let mut kinds = BTreeSet::new();
        for (block, owner) in expected {
            let range = block * size..(block + 1) * size;
            let found = file(&owners(&image, &[range]).unwrap());
            // What is kept for growing is where descriptors may come to lie.
            assert_eq!(found, owner, "{words}: block {block}");
            kinds.insert(found);
        }
        assert!(
            kinds.contains(&Some("/large".to_owned())),
            "{words}: {kinds:?}"
        );
    }
}

#[test]
fn several_files_and_metadata_are_told_at_once() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    let image = workshop.ext4("-t ext4 -b 4096", 32);
    let everything = owners(&image, &[0..16 << 20, 8 << 20..32 << 20]).unwrap();
    for name in [
        "/",
        "/etc",
        "/etc/hostname",
        "/large",
        "/many/deep/file-149",
        "the block bitmaps",
        "the group descriptors",
        "the inode bitmaps",
        "the inode table",
        "the journal",
        "the superblock",
    ] {
        assert!(everything.contains(name), "{name}: {everything:?}");
    }
    assert!(!everything.contains("/gone"));
    assert!(owners(&image, &[]).unwrap().is_empty());
}

#[test]
fn a_file_with_two_names_has_both() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    drop(workshop.ext4("-t ext4 -b 4096", 32));
    let ext4 = workshop.text("ext4");
    output(
        "debugfs",
        &["-w", "-R", "ln /etc/hostname /etc/name", &ext4],
    );
    output(
        "debugfs",
        &["-w", "-R", "sif /etc/hostname links_count 2", &ext4],
    );
    let block = output("debugfs", &["-R", "blocks /etc/name", &ext4]);
    let block: u64 = block.trim().parse().unwrap();
    let image = workshop.read("ext4");
    let start = block * 4096;
    let byte = start..start + 1;
    let found = owners(&image, std::slice::from_ref(&byte)).unwrap();
    let expected = ["/etc/hostname", "/etc/name"].map(str::to_owned);
    assert_eq!(found, BTreeSet::from(expected));
}

#[test]
fn label_and_uuid_are_those_it_was_made_with() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    let id = "01234567-89ab-cdef-0123-456789abcdef";
    let image = workshop.ext4(&format!("-t ext4 -L writable -U {id}"), 16);
    assert_eq!(label(&image).unwrap(), "writable");
    assert_eq!(uuid(&image).unwrap(), id);
    let none = label(&vec![0; 4096]).unwrap_err();
    assert!(matches!(none, Ext4Error::None), "{none}");
}
