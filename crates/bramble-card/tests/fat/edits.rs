//! Edits, each judged by `fsck.fat` and read back by mtools.

use bramble_card::fat::{FatError, Modified};

use crate::volume::{Volume, content, names, one, stamp};

const NAMES: &[&str] = &[
    "user-data",
    "CONFIG.TXT",
    "cmdline.txt",
    "Config.Old",
    ".ssh",
    "größe.yaml",
];

#[test]
fn a_new_file_is_read_by_mtools_as_it_was_written() {
    for volume in Volume::every() {
        let cluster = volume.fat().geometry().cluster as usize;
        let sizes = [0, 1, cluster - 1, cluster, cluster + 1, 5 * cluster];
        for (name, size) in NAMES.iter().zip(sizes) {
            volume.write(name, &content(size));
        }
        for (name, size) in NAMES.iter().zip(sizes) {
            assert_eq!(volume.mread(name), content(size), "{name}");
            assert_eq!(
                volume.fat().read(name, 1 << 20).unwrap().unwrap(),
                content(size)
            );
        }
        let mut expected = NAMES.to_vec();
        expected.sort_unstable();
        assert_eq!(volume.mnames(""), expected);
    }
}

#[test]
fn a_replaced_file_goes_to_new_clusters_and_frees_the_old() {
    for volume in Volume::every() {
        volume.write("meta-data", &content(3000));
        let free = volume.fat().free_clusters().unwrap();
        let old = volume.find(&content(512));

        volume.write("META-DATA", &content(3000));

        assert_eq!(volume.mread("meta-data"), content(3000));
        assert_eq!(volume.mnames(""), ["meta-data"]);
        assert_eq!(volume.fat().free_clusters().unwrap(), free);
        assert_eq!(
            volume.fat().owners(&one(old)).unwrap(),
            ["free space".to_owned()].into()
        );
    }
}

#[test]
fn a_file_that_becomes_empty_has_no_cluster() {
    for volume in Volume::every() {
        let free = volume.fat().free_clusters().unwrap();
        volume.write("a", &content(3000));
        volume.write("a", b"");
        assert_eq!(volume.fat().free_clusters().unwrap(), free);
        assert_eq!(volume.mread("a"), b"");
        volume.write("a", b"x");
        assert_eq!(volume.mread("a"), b"x");
    }
}

#[test]
fn what_is_left_of_a_cluster_is_zero() {
    let Some(volume) = Volume::make("-F 16 -s 8", 64 << 10) else {
        return;
    };
    volume.write("a", &content(4096));
    volume.edit(|fat| fat.remove("a")).unwrap();
    for _ in 0..3 {
        volume.write("b", b"end of the file");
    }
    let start = volume.find(b"end of the file");
    assert_eq!(volume.bytes(start + 15, 4096 - 15), vec![0; 4096 - 15]);
}

#[test]
fn files_are_renamed_within_and_between_directories() {
    for volume in Volume::every() {
        volume.write("config.txt", &content(700));
        volume
            .edit(|fat| fat.make_directory("overlays", stamp(fat)))
            .unwrap();

        volume
            .edit(|fat| fat.rename("config.txt", "Config.txt"))
            .unwrap();
        assert_eq!(volume.mnames(""), ["Config.txt", "overlays"]);
        volume
            .edit(|fat| fat.rename("CONFIG.TXT", "a much longer name.txt"))
            .unwrap();
        assert_eq!(volume.mread("a much longer name.txt"), content(700));
        volume
            .edit(|fat| fat.rename("a much longer name.txt", "overlays/b"))
            .unwrap();

        assert_eq!(volume.mnames(""), ["overlays"]);
        assert_eq!(volume.mread("overlays/b"), content(700));
    }
}

#[test]
fn a_directory_that_moves_leads_back_to_its_new_parent() {
    for volume in Volume::every() {
        let make = |path: &str| {
            volume
                .edit(|fat| fat.make_directory(path, stamp(fat)))
                .unwrap();
        };
        make("one");
        make("one/two");
        make("three");
        volume.write("one/two/file", b"deep");

        volume
            .edit(|fat| fat.rename("one/two", "three/two"))
            .unwrap();
        assert_eq!(volume.mread("three/two/file"), b"deep");
        volume.edit(|fat| fat.rename("three/two", "four")).unwrap();
        assert_eq!(volume.mread("four/file"), b"deep");

        let within = volume.edit(|fat| fat.rename("four", "FOUR/five"));
        assert!(matches!(within, Err(FatError::IntoItself(_))), "{within:?}");
        volume.edit(|fat| fat.rename("three", "Three")).unwrap();
        assert_eq!(volume.mnames(""), ["Three", "four", "one"]);
    }
}

#[test]
fn what_is_removed_frees_its_clusters() {
    for volume in Volume::every() {
        let free = volume.fat().free_clusters().unwrap();
        volume
            .edit(|fat| fat.make_directory("a directory", stamp(fat)))
            .unwrap();
        volume.write("a directory/a file", &content(5000));

        let full = volume.edit(|fat| fat.remove("a directory"));
        assert!(matches!(full, Err(FatError::NotEmpty(_))), "{full:?}");
        assert!(volume.edit(|fat| fat.remove("a directory/a file")).unwrap());
        assert!(volume.edit(|fat| fat.remove("a directory")).unwrap());
        assert!(!volume.edit(|fat| fat.remove("a directory")).unwrap());

        assert_eq!(volume.fat().free_clusters().unwrap(), free);
        assert!(volume.fat().list("").unwrap().is_empty());
    }
}

#[test]
fn a_name_that_is_taken_is_not_taken_twice() {
    let Some(volume) = Volume::make("-F 16 -s 1", 16 << 10) else {
        return;
    };
    volume.write("a", b"1");
    volume.write("b", b"2");
    volume
        .edit(|fat| fat.make_directory("c", stamp(fat)))
        .unwrap();

    let taken = volume.edit(|fat| fat.rename("a", "B"));
    assert!(matches!(taken, Err(FatError::Exists(_))), "{taken:?}");
    let taken = volume.edit(|fat| fat.make_directory("A", stamp(fat)));
    assert!(matches!(taken, Err(FatError::Exists(_))), "{taken:?}");
    let directory = volume.edit(|fat| fat.write("C", b"3", stamp(fat)));
    assert!(
        matches!(directory, Err(FatError::IsDirectory(_))),
        "{directory:?}"
    );
    let file = volume.edit(|fat| fat.write("a/x", b"3", stamp(fat)));
    assert!(matches!(file, Err(FatError::NoDirectory(_))), "{file:?}");
    let absent = volume.edit(|fat| fat.write("x/y", b"3", stamp(fat)));
    assert!(matches!(absent, Err(FatError::Absent(_))), "{absent:?}");
    let absent = volume.edit(|fat| fat.rename("x", "y"));
    assert!(matches!(absent, Err(FatError::Absent(_))), "{absent:?}");
    assert_eq!(volume.mnames(""), ["a", "b", "c"]);
    assert_eq!(volume.mread("a"), b"1");
}

#[test]
fn a_bad_name_is_refused() {
    let Some(volume) = Volume::make("-F 16 -s 1", 16 << 10) else {
        return;
    };
    let mut fat = volume.fat();
    for name in ["", "/", "..", "a:b", "trailing.", "line\nbreak", "a/.."] {
        let refused = fat.write(name, b"", Modified::default());
        assert!(
            matches!(refused, Err(FatError::Name { .. } | FatError::Absent(_))),
            "{name}"
        );
    }
    assert_eq!(fat.changes().count(), 0);
}

#[test]
fn names_that_fit_are_written_as_they_are_and_without_a_long_one() {
    let Some(volume) = Volume::make("-F 32 -s 1", 40 << 10) else {
        return;
    };
    let names = ["LICENCE", "START.elf", "cmdline.TXT", "kernel8.img", "ssh"];
    for name in names {
        volume.write(name, b"");
    }
    assert_eq!(volume.mnames(""), names);
    let root = volume.fat().geometry().cluster_range(2).unwrap().start;
    assert_eq!(volume.bytes(root + 5 * 32, 1), [0], "five slots are used");
}

#[test]
fn names_outside_of_the_first_plane_are_kept() {
    let Some(volume) = Volume::make("-F 32 -s 1", 40 << 10) else {
        return;
    };
    volume.write("🍓 raspberry.txt", b"berry");
    assert_eq!(names(&volume.fat(), ""), ["🍓 raspberry.txt"]);
    assert_eq!(
        volume.fat().read("🍓 RASPBERRY.TXT", 99).unwrap().unwrap(),
        b"berry"
    );
}

#[test]
fn the_same_order_gives_the_same_bytes() {
    let Some(volume) = Volume::make("-F 32 -s 1 -n bootfs", 40 << 10) else {
        return;
    };
    volume.mcopy("config.txt", b"old");
    let changes = || {
        let mut fat = volume.fat();
        for name in NAMES {
            fat.write(name, &content(900), stamp(&fat)).unwrap();
        }
        let owned = fat.changes().map(|(at, bytes)| (at, bytes.to_vec()));
        owned.collect::<Vec<_>>()
    };
    assert_eq!(changes(), changes());
}

#[test]
fn an_edit_that_is_undone_leaves_the_files_as_they_were() {
    let Some(volume) = Volume::make("-F 16 -s 1", 16 << 10) else {
        return;
    };
    volume.mcopy("config.txt", b"old");
    let mut fat = volume.fat();
    let before = fat.clone();
    fat.write("new", &content(2000), Modified::default())
        .unwrap();
    fat.remove("new").unwrap();
    assert_eq!(fat.list("").unwrap(), before.list("").unwrap());
    assert_eq!(
        fat.free_clusters().unwrap(),
        before.free_clusters().unwrap()
    );
}

#[test]
fn label_and_orphans_stay_where_they_are() {
    let Some(volume) = Volume::make("-F 16 -s 1 -n BOOT", 16 << 10) else {
        return;
    };
    volume.mcopy("a file with a long name", b"1");
    volume.mcopy("second", b"2");
    // Its long name is nobody's then.
    let short = volume.find(b"AFILEW~1");
    volume.poke(short, b"OTHER   TXT");
    let before = volume.bytes(short - 96, 128);

    let mut fat = volume.fat();
    fat.write("new file", b"3", stamp(&fat)).unwrap();
    fat.write("second", b"4", stamp(&fat)).unwrap();
    fat.rename("other.txt", "Other Name").unwrap();
    volume.apply(&fat);

    assert_eq!(fat.label().as_deref(), Some("BOOT"));
    assert_eq!(volume.bytes(short - 96, 96), before[..96]);
    assert_eq!(names(&fat, ""), ["Other Name", "new file", "second"]);
    assert_eq!(volume.mread("Other Name"), b"1");
}
