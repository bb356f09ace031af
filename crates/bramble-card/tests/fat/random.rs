//! Random edits, made by us and by mtools in turn, against a list of what must be there.

use std::collections::BTreeMap;

use bramble_card::fat::Fat;
use proptest::prelude::*;

use crate::volume::{LAYOUTS, OnDisk, Volume, stamp};

/// The same names in any case are one file.
const NAMES: &[&str] = &[
    "config.txt",
    "CONFIG.TXT",
    "user-data",
    "network-config",
    "Network-Config",
    "network-config.bak",
    "a",
    ".hidden",
    "a b.c d",
    "größe",
    "Größe",
    "日本語のファイル.txt",
    "seventeen-letters.and.many.dots.in.it",
    "x1;y,z=+.json",
];

const FOLDERS: &[&str] = &["", "overlays/", "A Folder/", "overlays/deep/"];

#[derive(Debug, Clone)]
enum Edit {
    Write { path: String, size: usize },
    Remove { path: String },
    Rename { from: String, to: String },
}

fn path() -> impl Strategy<Value = String> {
    let folder = prop::sample::select(FOLDERS);
    let name = prop_oneof![
        4 => prop::sample::select(NAMES).prop_map(str::to_owned),
        1 => "[a-zA-Z0-9äöüßé()_ -]{0,60}[a-z0-9]",
    ];
    let valid = name.prop_filter("begins with a space", |name| !name.starts_with(' '));
    (folder, valid).prop_map(|(folder, name)| format!("{folder}{name}"))
}

fn edit() -> impl Strategy<Value = Edit> {
    let size = prop_oneof![Just(0), 1..600_usize, 0..20_000_usize];
    prop_oneof![
        5 => (path(), size).prop_map(|(path, size)| Edit::Write { path, size }),
        2 => path().prop_map(|path| Edit::Remove { path }),
        2 => (path(), path()).prop_map(|(from, to)| Edit::Rename { from, to }),
    ]
}

/// What must be there: content by folded path.
type Expected = BTreeMap<String, Vec<u8>>;

fn fold(path: &str) -> String {
    let upper = |letter: char| match letter {
        'ß' => vec!['ß'],
        _ => letter.to_uppercase().collect(),
    };
    path.chars().flat_map(upper).collect()
}

fn content(path: &str, size: usize) -> Vec<u8> {
    path.bytes().cycle().take(size).collect()
}

/// Makes an edit by ourselves.
fn make(fat: &mut Fat<OnDisk>, edit: &Edit) {
    match edit {
        Edit::Write { path, size } => fat.write(path, &content(path, *size), stamp(fat)).unwrap(),
        Edit::Remove { path } => drop(fat.remove(path).unwrap()),
        Edit::Rename { from, to } => drop(fat.rename(from, to)),
    }
}

/// Lets mtools make an edit that can be made.
fn make_by_mtools(volume: &Volume, edit: &Edit, expected: &Expected) {
    let is_there = |path: &str| expected.contains_key(&fold(path));
    match edit {
        Edit::Write { path, size } => volume.mcopy(path, &content(path, *size)),
        Edit::Remove { path } if is_there(path) => {
            volume.mtools("mdel", &[&format!("::{path}")]);
        }
        Edit::Rename { from, to } if is_there(from) && !is_there(to) => {
            volume.mtools("mmove", &[&format!("::{from}"), &format!("::{to}")]);
        }
        _ => {}
    }
}

fn expect(expected: &mut Expected, edit: &Edit) {
    match edit {
        Edit::Write { path, size } => {
            expected.insert(fold(path), content(path, *size));
        }
        Edit::Remove { path } => {
            expected.remove(&fold(path));
        }
        Edit::Rename { from, to } => {
            let (from, to) = (fold(from), fold(to));
            if from != to && expected.contains_key(&to) {
                return;
            }
            if let Some(content) = expected.remove(&from) {
                expected.insert(to, content);
            }
        }
    }
}

/// Holds what is there against what must be, by our own reading.
fn assert_same(fat: &Fat<OnDisk>, expected: &Expected) {
    let mut files = 0;
    for folder in FOLDERS {
        for entry in fat
            .list(folder)
            .unwrap()
            .iter()
            .filter(|entry| !entry.is_directory)
        {
            let path = format!("{folder}{}", entry.name);
            let content = fat.read(&path, 1 << 20).unwrap().unwrap();
            assert!(expected.get(&fold(&path)) == Some(&content), "{path}");
            files += 1;
        }
    }
    assert_eq!(files, expected.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_we_and_mtools_edit_in_turn_is_read_the_same_by_both(
        layout in prop::sample::select(LAYOUTS),
        turns in prop::collection::vec((any::<bool>(), prop::collection::vec(edit(), 1..12)), 1..5),
    ) {
        let Some(volume) = Volume::make(layout.0, layout.1) else { return Ok(()) };
        let mut fat = volume.fat();
        for folder in &FOLDERS[1..] {
            fat.make_directory(folder, stamp(&fat)).unwrap();
        }
        volume.apply(&fat);
        let mut expected = Expected::new();
        for (by_mtools, edits) in turns {
            let mut fat = volume.fat();
            for edit in &edits {
                if by_mtools {
                    make_by_mtools(&volume, edit, &expected);
                } else {
                    make(&mut fat, edit);
                }
                expect(&mut expected, edit);
            }
            volume.apply(&fat);
            volume.check();
            assert_same(&volume.fat(), &expected);
        }
        for (path, content) in &expected {
            assert!(volume.mread(path) == *content, "{path}");
        }
    }
}
