//! Free space, as the file systems' own programs see it.

use std::ops::Range;

use bramble_card::survey::{Content, Knowledge, Survey};

use crate::images::{MIB, PROGRAMS, Workshop, have, output, united};

/// File systems of all ages and kinds.
pub(crate) const EXT4: &[&str] = &[
    "-t ext4 -b 4096",
    "-t ext4 -b 4096 -O ^64bit,^huge_file",
    "-t ext4 -b 1024",
    "-t ext4 -b 2048 -g 2048",
    "-t ext4 -b 1024 -O ^flex_bg",
    "-t ext4 -b 4096 -g 1024 -O ^flex_bg,^64bit",
    "-t ext4 -b 4096 -g 1024 -G 4",
    "-t ext4 -b 4096 -g 1024 -E packed_meta_blocks=1",
    "-t ext4 -b 4096 -g 1024 -O ^metadata_csum,uninit_bg",
    "-t ext4 -b 4096 -g 1024 -O ^metadata_csum,uninit_bg,^64bit",
    "-t ext4 -b 4096 -g 1024 -O ^metadata_csum,^uninit_bg",
    "-t ext4 -b 1024 -g 1024 -O meta_bg,^resize_inode",
    "-t ext4 -b 1024 -g 1024 -O sparse_super2",
    "-t ext4 -b 4096 -g 1024 -O ^sparse_super,^resize_inode",
    "-t ext4 -b 4096 -g 1024 -O ^resize_inode,metadata_csum_seed,inline_data",
    "-t ext4 -b 4096 -O orphan_file -g 2048 -I 512",
    "-t ext4 -N 64 -b 65536",
    "-t ext3 -b 1024",
    "-t ext2 -b 4096",
    "-t ext2 -b 1024 -r 1",
    "-t ext2 -b 1024 -r 0",
];

/// The free blocks that `dumpe2fs` lists group by group, in bytes.
fn listed_as_free(workshop: &Workshop) -> Vec<Range<u64>> {
    let said = output("dumpe2fs", &[&workshop.text("ext4")]);
    let field = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().trim().parse::<u64>().unwrap()
    };
    let size = field("Block size:");
    let lists = said
        .lines()
        .filter_map(|line| line.strip_prefix("  Free blocks: "));
    let ranges = lists
        .flat_map(|list| list.split(", "))
        .filter(|range| !range.is_empty());
    let bytes = ranges.map(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (u64, u64) = (first.parse().unwrap(), last.parse().unwrap());
        first * size..(last + 1) * size
    });
    let free = united(bytes.collect());
    let sum: u64 = free.iter().map(|range| range.end - range.start).sum();
    assert_eq!(sum, field("Free blocks:") * size);
    free
}

#[test]
fn the_free_blocks_of_every_kind_of_ext4_are_those_that_dumpe2fs_lists() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    for words in EXT4 {
        let image = workshop.ext4(words, 40);
        let survey = Survey::of(&image).unwrap();
        let [volume] = survey.volumes() else {
            panic!("{words}: {survey:?}");
        };
        assert_eq!(
            volume.knowledge(),
            Knowledge::Whole,
            "{words}: {:?}",
            volume.problem()
        );
        let free = united(volume.free(&(0..u64::MAX)));
        assert_eq!(free, listed_as_free(&workshop), "{words}");
        assert!(!free.is_empty(), "{words}");
    }
}

#[test]
fn the_free_clusters_of_every_kind_of_fat_are_as_many_as_fsck_counts() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    for (words, mib) in [
        ("-n bootfs -F 32 -s 1 -S 512", 40),
        ("-n BOOT -F 16", 20),
        ("-F 12 -s 64", 20),
        ("-F 32 -s 8 -f 1", 300),
        ("-F 32 -S 4096 -s 1 -n x", 300),
    ] {
        let image = workshop.fat(words, mib);
        let survey = Survey::of(&image).unwrap();
        let [volume] = survey.volumes() else {
            panic!("{words}: {survey:?}");
        };
        assert_eq!(volume.knowledge(), Knowledge::Whole, "{words}");
        let said = output("fsck.fat", &["-n", "-v", &workshop.text("fat")]);
        let number = |text: &str| text.trim().parse::<u64>().unwrap();
        let size = said
            .lines()
            .find_map(|line| line.trim().strip_suffix(" bytes per cluster"));
        let (_, counts) = said.trim_end().rsplit_once(", ").unwrap();
        let (used, all) = counts
            .trim_end_matches(" clusters")
            .split_once('/')
            .unwrap();
        let free = volume.free(&(0..u64::MAX));
        let free: u64 = free.iter().map(|range| range.end - range.start).sum();
        assert_eq!(
            free,
            (number(all) - number(used)) * number(size.unwrap()),
            "{words}"
        );
    }
}

/// What is used of `image`, which is one file system.
fn used(image: &[u8]) -> u64 {
    let survey = Survey::of(&image).unwrap();
    assert!(survey.is_complete());
    let used = survey.used(0..image.len() as u64);
    used.iter().map(|range| range.end - range.start).sum()
}

#[test]
fn an_ext4_that_is_not_clean_or_not_understood_is_all_used() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    // Without check values a field can be changed by itself.
    let sound = workshop.ext4("-t ext4 -O ^metadata_csum", 64);
    assert!(used(&sound) < 32 * MIB);
    let changes: &[(usize, u8, &str)] = &[
        (0x60, 0x4, "a journal to be carried out"),
        (0x3A, 0x2, "errors"),
        (0xE8, 0x20, "a file that is being deleted"),
        (0x66, 0x1, "files that are being deleted"),
        (0x65, 0x2, "clusters of blocks"),
        (0x61, 0x10, "an unknown feature"),
        (0x66, 0x40, "an unknown feature"),
        (0x1B, 0x1, "an odd block size"),
    ];
    for (offset, bit, what) in changes {
        let mut image = sound.clone();
        image[1024 + offset] |= bit;
        assert_eq!(used(&image), 64 * MIB, "{what}");
    }
    let mut image = sound;
    image[1024 + 0x3A] &= !1;
    assert_eq!(used(&image), 64 * MIB, "not unmounted");

    let clusters = workshop.ext4("-t ext4 -O bigalloc", 64);
    assert_eq!(used(&clusters), 64 * MIB);
}

#[test]
fn a_changed_check_value_makes_what_it_checks_count_as_used() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    let sound = workshop.ext4("-t ext4 -b 4096 -g 1024", 64);
    let all = 64 * MIB;
    let mut superblock = sound.clone();
    superblock[1024 + 0x78] ^= 1;
    assert_eq!(used(&superblock), all);
    let mut descriptor = sound.clone();
    descriptor[4096 + 64 + 0x10] ^= 1;
    assert_eq!(used(&descriptor), all);

    // A bitmap concerns its own group only, which has 4 MiB.
    let mut bitmap = sound.clone();
    let block = u32::from_le_bytes(sound[4096..4100].try_into().unwrap()) as usize;
    bitmap[block * 4096 + 100] ^= 1;
    let more = used(&bitmap) - used(&sound);
    assert!(more > 0 && more <= 4 * MIB, "{more}");
    let survey = Survey::of(&bitmap).unwrap();
    assert_eq!(survey.volumes()[0].knowledge(), Knowledge::But(1));
}

#[test]
fn a_file_system_larger_than_its_partition_is_all_used() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    let ext4 = workshop.ext4("-t ext4", 64);
    let script = "label: dos\nstart=8MiB, size=63MiB, type=83\n";
    let disk = workshop.disk(script, 80, &[(8 * MIB, &ext4)]);
    assert_eq!(used(&disk), 80 * MIB);
}

#[test]
fn fat_copies_that_differ_leave_free_only_what_all_of_them_have_free() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    let mut image = workshop.fat("-F 32 -s 1 -S 512", 40);
    let free = |image: &Vec<u8>| -> u64 {
        let survey = Survey::of(image).unwrap();
        let free = survey.volumes()[0].free(&(0..u64::MAX));
        free.iter().map(|range| range.end - range.start).sum()
    };
    let before = free(&image);
    // The entries of 1024 clusters in the second copy.
    let reserved = usize::from(u16::from_le_bytes([image[14], image[15]]));
    let sectors = u32::from_le_bytes(image[36..40].try_into().unwrap()) as usize;
    let start = (reserved + sectors) * 512 + 60_000 * 4;
    image[start..start + 4096].fill(0xFF);
    assert_eq!(before - free(&image), 512 * 1024);
}

#[test]
fn volumes_say_what_they_hold() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    let card = workshop.card();
    let survey = Survey::of(&card).unwrap();
    let found: Vec<_> = survey
        .volumes()
        .iter()
        .map(|volume| (volume.partition(), volume.range(), volume.content().clone()))
        .collect();
    let fat = Content::Fat {
        label: Some("bootfs".to_owned()),
    };
    let ext4 = Content::Ext4 {
        label: "rootfs".to_owned(),
    };
    let expected = [
        (Some(1), 8 * MIB..48 * MIB, fat),
        (Some(2), 48 * MIB..120 * MIB, ext4),
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_is_not_a_file_system_is_all_used() {
    for (place, mark, name) in [
        (4086, &b"SWAPSPACE2"[..], "swap"),
        (32_769, b"CD001", "ISO 9660"),
        (65_600, b"_BHRfS_M", "btrfs"),
    ] {
        let mut image = vec![0; 200_000];
        image[place..place + mark.len()].copy_from_slice(mark);
        let survey = Survey::of(&image).unwrap();
        assert_eq!(survey.volumes()[0].content(), &Content::Named(name));
        assert_eq!(survey.used(0..200_000), vec![0..200_000]);
    }
    for length in [0, 1, 511, 512, 1024, 5000, 100_000] {
        let image = vec![0; length];
        assert_eq!(used(&image), length as u64);
    }
}
