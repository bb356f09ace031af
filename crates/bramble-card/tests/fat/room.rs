//! Room: directories that grow, volumes that are full, counts of what is free, and what
//! an edit has to read.

use bramble_card::fat::{FatError, Kind};

use crate::volume::{Volume, content, names, stamp};

/// Where the count of free clusters stands on a volume of 512-byte sectors.
const FREE_COUNT: u64 = 512 + 488;

#[test]
fn directories_grow_as_far_as_they_can() {
    for volume in Volume::every() {
        volume
            .edit(|fat| fat.make_directory("overlays", stamp(fat)))
            .unwrap();
        let name = |number: u32| format!("an-overlay-with-a-long-name-{number}.dtbo");
        let is_fixed = volume.fat().geometry().kind != Kind::Fat32;
        let folders: &[&str] = if is_fixed {
            &["overlays"]
        } else {
            &["overlays", ""]
        };
        for folder in folders {
            let mut fat = volume.fat();
            for number in 0..200 {
                fat.write(&format!("{folder}/{}", name(number)), b"", stamp(&fat))
                    .unwrap();
            }
            volume.apply(&fat);
            volume.check();
            let mut expected: Vec<_> = (0..200).map(name).collect();
            if folder.is_empty() {
                expected.push("overlays".to_owned());
            }
            expected.sort_unstable();
            assert_eq!(volume.mnames(folder), expected);
            assert_eq!(names(&volume.fat(), folder), expected);
        }
    }
}

#[test]
fn a_new_cluster_of_a_directory_has_nothing_old_in_it() {
    let Some(volume) = Volume::make("-F 32 -s 1", 40 << 10) else {
        return;
    };
    // All that is free, filled with what looks like files.
    let mut fat = volume.fat();
    fat.write("old", &b"GARBAGE TXT \x00\x00".repeat(100_000), stamp(&fat))
        .unwrap();
    fat.remove("old").unwrap();
    for number in 0..100 {
        fat.write(&format!("file{number}"), b"", stamp(&fat))
            .unwrap();
    }
    fat.make_directory("directory", stamp(&fat)).unwrap();
    volume.apply(&fat);
    volume.check();
    assert_eq!(volume.mnames("").len(), 101);
    assert!(names(&volume.fat(), "directory").is_empty());
}

#[test]
fn what_was_never_used_may_hold_anything() {
    let Some(volume) = Volume::make("-F 16 -s 1", 16 << 10) else {
        return;
    };
    volume.mcopy("FIRST", b"1");
    let first = volume.find(b"FIRST");
    volume.poke(
        first + 64,
        &b"GARBAGE TXT\x20ABCDEFGHIJKLMNOPQRST".repeat(4),
    );
    assert_eq!(names(&volume.fat(), ""), ["FIRST"]);

    let mut fat = volume.fat();
    fat.write("SECOND", b"2", stamp(&fat)).unwrap();
    volume.apply(&fat);

    assert_eq!(names(&volume.fat(), ""), ["FIRST", "SECOND"]);
    assert_eq!(volume.mnames(""), ["FIRST", "SECOND"]);
}

#[test]
fn slots_that_were_freed_are_used_again() {
    let Some(volume) = Volume::make("-F 16 -s 1", 16 << 10) else {
        return;
    };
    let mut fat = volume.fat();
    for round in 0..2000 {
        fat.write(&format!("a long name {round}"), b"", stamp(&fat))
            .unwrap();
        fat.remove(&format!("a long name {round}")).unwrap();
    }
    assert!(fat.list("").unwrap().is_empty());
}

#[test]
fn a_root_of_fixed_size_becomes_full() {
    let Some(volume) = Volume::make("-F 16 -s 1 -r 64 -n BOOT", 16 << 10) else {
        return;
    };
    let mut fat = volume.fat();
    for number in 0..63 {
        fat.write(&format!("f{number}"), b"x", stamp(&fat)).unwrap();
    }
    let before: Vec<_> = fat
        .changes()
        .map(|(at, bytes)| (at, bytes.to_vec()))
        .collect();
    let full = fat.write("f63", b"x", stamp(&fat));
    assert!(matches!(full, Err(FatError::DirectoryFull(_))), "{full:?}");
    let full = fat.rename("f62", "a name with three slots");
    assert!(matches!(full, Err(FatError::DirectoryFull(_))), "{full:?}");
    let after: Vec<_> = fat
        .changes()
        .map(|(at, bytes)| (at, bytes.to_vec()))
        .collect();
    assert!(before == after, "nothing is half changed");
    fat.write("f62", b"other", stamp(&fat)).unwrap();
    volume.apply(&fat);
    volume.check();
    assert_eq!(volume.mread("f62"), b"other");
}

#[test]
fn a_full_volume_says_what_is_missing_and_stays_as_it_was() {
    for volume in Volume::small() {
        let cluster = u64::from(volume.fat().geometry().cluster);
        let free = u64::from(volume.fat().free_clusters().unwrap()) * cluster;
        // Half a MiB is left, and half of it is for a file of ours.
        volume.mcopy("filler", &content((free - (512 << 10)) as usize));
        let mut fat = volume.fat();
        fat.write("large", &content(256 << 10), stamp(&fat))
            .unwrap();
        let before: Vec<_> = fat
            .changes()
            .map(|(at, bytes)| (at, bytes.to_vec()))
            .collect();

        let full = fat.write("more", &content((256 << 10) + 1), stamp(&fat));
        let Err(FatError::Full { missing, .. }) = full else {
            panic!("{full:?}")
        };
        assert_eq!(missing, cluster);
        let full = fat.write("large", &content((512 << 10) + 1), stamp(&fat));
        let Err(FatError::Full { missing, .. }) = full else {
            panic!("{full:?}")
        };
        assert_eq!(missing, cluster);

        let after: Vec<_> = fat
            .changes()
            .map(|(at, bytes)| (at, bytes.to_vec()))
            .collect();
        assert!(before == after, "nothing is half changed");
        assert_eq!(fat.free_clusters().unwrap(), (256 << 10) / cluster as u32);
        // Only if its own clusters are taken too.
        let larger = content(512 << 10);
        fat.write("large", &larger, stamp(&fat)).unwrap();
        assert_eq!(fat.free_clusters().unwrap(), 0);
        assert_eq!(fat.read("large", free).unwrap().unwrap(), larger);
        volume.apply(&fat);
        volume.check();
    }
}

#[test]
fn all_copies_of_the_table_are_equal() {
    for volume in Volume::every() {
        volume.write("user-data", &content(9000));
        let geometry = volume.fat().geometry().clone();
        let length = geometry.table.end - geometry.table.start;
        let copy = |number: u8| {
            volume.bytes(
                geometry.table.start + u64::from(number) * length,
                length as usize,
            )
        };
        for number in 1..geometry.tables {
            assert!(copy(number) == copy(0));
        }
    }
}

#[test]
fn a_count_that_is_unknown_or_impossible_becomes_right() {
    for wrong in [u32::MAX, 0x1234_5678] {
        let Some(volume) = Volume::make("-F 32 -s 1", 40 << 10) else {
            return;
        };
        let right = volume.fat().free_clusters().unwrap();
        volume.poke(FREE_COUNT, &wrong.to_le_bytes());
        // No such cluster, too.
        volume.poke(FREE_COUNT + 4, &wrong.to_le_bytes());
        assert_eq!(volume.fat().free_clusters().unwrap(), right);
        volume.write("a", &content(1000));
        assert_eq!(volume.bytes(FREE_COUNT, 4), (right - 2).to_le_bytes());
        assert_eq!(volume.bytes(FREE_COUNT + 4, 4), 4_u32.to_le_bytes());
    }
}

#[test]
fn a_count_that_is_too_small_stops_nothing() {
    let Some(volume) = Volume::make("-F 32 -s 1", 40 << 10) else {
        return;
    };
    volume.poke(FREE_COUNT, &1_u32.to_le_bytes());
    volume.write("a", &content(2000));
    assert_eq!(volume.mread("a"), content(2000));
}

#[test]
fn a_few_small_files_on_a_large_volume_need_little_of_it() {
    let Some(volume) = Volume::make("-F 32 -s 1 -n bootfs", 512 << 10) else {
        return;
    };
    let mut fat = volume.fat();
    fat.make_directory("overlays", stamp(&fat)).unwrap();
    for number in 0..350 {
        let name = format!("overlays/some-overlay-{number}.dtbo");
        fat.write(&name, &content(2000), stamp(&fat)).unwrap();
    }
    for number in 0..4 {
        fat.write(
            &format!("kernel{number}.img"),
            &content(10 << 20),
            stamp(&fat),
        )
        .unwrap();
    }
    volume.apply(&fat);

    let fat = volume.on_disk();
    let read = fat.read.clone();
    let mut fat = bramble_card::fat::Fat::open(fat).unwrap();
    for name in ["user-data", "meta-data", "network-config"] {
        fat.write(name, &content(3000), stamp(&fat)).unwrap();
    }
    volume.apply(&fat);
    volume.check();

    assert!(read.get() < 2 << 20, "{} bytes were read", read.get());
    let changed: usize = fat.changes().map(|(_, bytes)| bytes.len()).sum();
    assert!(changed < 32 << 10, "{changed} bytes were changed");
}
