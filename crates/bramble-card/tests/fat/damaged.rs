//! Volumes that contradict themselves. Whatever is asked of them ends, and an edit of
//! such a volume changes nothing.

use bramble_card::fat::{Fat, FatError, Modified};

use crate::volume::{OnDisk, Volume, content, one};

/// A FAT16 volume with the files A (clusters 2 to 4), B (5 to 7) and the directory C (8).
fn volume() -> Option<Volume> {
    let volume = Volume::make("-F 16 -s 1", 16 << 10)?;
    volume.mcopy("A", &content(1500));
    volume.mcopy("B", &content(1500));
    volume.mtools("mmd", &["::C"]);
    Some(volume)
}

/// Sets the entry of a cluster in the first table.
fn set(volume: &Volume, cluster: u32, entry: u16) {
    let at = volume.fat().geometry().entry_offset(cluster);
    volume.poke(at, &entry.to_le_bytes());
}

/// Lets a file or directory begin elsewhere.
fn begin(volume: &Volume, name: &str, cluster: u16) {
    let slot = volume.find(format!("{name:11}").as_bytes());
    volume.poke(slot + 26, &cluster.to_le_bytes());
}

fn assert_edits_are_refused(fat: &mut Fat<OnDisk>) {
    let written = fat.write("new", &content(2000), Modified::default());
    assert!(
        matches!(written, Err(FatError::Chain { .. })),
        "{written:?}"
    );
    assert!(fat.write("A", b"x", Modified::default()).is_err());
    assert!(fat.remove("A").is_err());
    assert!(fat.rename("A", "D").is_err());
    assert!(fat.make_directory("D", Modified::default()).is_err());
    assert!(fat.owners(&one(0)).is_err());
    assert_eq!(fat.changes().count(), 0);
}

#[test]
fn a_circle_is_noticed() {
    let Some(volume) = volume() else { return };
    set(&volume, 4, 2);
    volume.poke(volume.find(b"A          ") + 28, &u32::MAX.to_le_bytes());
    let mut fat = volume.fat();
    assert!(matches!(
        fat.read("A", u64::MAX),
        Err(FatError::Chain { .. })
    ));
    assert_edits_are_refused(&mut fat);
}

#[test]
fn a_directory_in_a_circle_is_noticed() {
    let Some(volume) = volume() else { return };
    set(&volume, 8, 8);
    let mut fat = volume.fat();
    assert!(matches!(
        fat.list("C"),
        Err(FatError::Chain { cluster: 8, .. })
    ));
    assert_edits_are_refused(&mut fat);
}

#[test]
fn a_chain_that_leads_nowhere_is_noticed() {
    for entry in [0, 1, 0xfff7, 0xfff0] {
        let Some(volume) = volume() else { return };
        set(&volume, 3, entry);
        let mut fat = volume.fat();
        assert!(
            matches!(fat.read("A", 2000), Err(FatError::Chain { .. })),
            "{entry}"
        );
        assert_edits_are_refused(&mut fat);
    }
}

#[test]
fn a_cluster_of_two_files_is_noticed() {
    let Some(volume) = volume() else { return };
    set(&volume, 3, 6);
    assert_edits_are_refused(&mut volume.fat());
}

#[test]
fn a_file_that_is_longer_than_its_clusters_is_not_read_but_replaced() {
    let Some(volume) = volume() else { return };
    volume.poke(volume.find(b"A          ") + 28, &1600_u32.to_le_bytes());
    assert!(matches!(
        volume.fat().read("A", 2000),
        Err(FatError::Chain { cluster: 2, .. })
    ));
    volume.write("A", b"mended");
    assert_eq!(volume.mread("A"), b"mended");
}

#[test]
fn a_directory_within_itself_is_noticed() {
    let Some(volume) = volume() else { return };
    volume.mtools("mmd", &["::C/D"]);
    begin(&volume, "D", 8);
    let mut fat = volume.fat();
    assert_eq!(fat.list("C/D/D/D").unwrap().len(), 1);
    assert_edits_are_refused(&mut fat);
}

#[test]
fn a_directory_that_begins_nowhere_is_noticed() {
    for first in [0, 1, 0xffff] {
        let Some(volume) = volume() else { return };
        begin(&volume, "C", first);
        let mut fat = volume.fat();
        assert!(matches!(fat.list("C"), Err(FatError::Chain { .. })));
        assert_edits_are_refused(&mut fat);
    }
}

#[test]
fn a_volume_that_is_cut_off_is_refused() {
    let Some(volume) = volume() else { return };
    let length = volume.fat().geometry().length as usize;
    let bytes = volume.bytes(0, length - 1);
    assert!(matches!(Fat::open(&bytes[..]), Err(FatError::Short { .. })));
    assert!(matches!(Fat::open(&bytes[..511]), Err(FatError::Read(_))));
}

#[test]
fn a_first_sector_with_figures_that_cannot_be_is_refused() {
    let figures: &[(u64, &[u8])] = &[
        (11, &[0, 0]),
        (11, &[0, 3]),
        (11, &[0, 0x80]),
        (13, &[0]),
        (13, &[3]),
        (14, &[0, 0]),
        (16, &[0]),
        (16, &[200]),
        (17, &[0, 0]),
        (17, &[1, 0]),
        (17, &[0xff, 0xff]),
        (19, &[0, 0, 0xf8, 1, 0]),
        (19, &[1, 0]),
        (22, &[0, 0]),
        (22, &[1, 0]),
        (22, &[0xff, 0xff]),
        (510, &[0, 0]),
    ];
    for (at, figure) in figures {
        let Some(volume) = volume() else { return };
        volume.poke(*at, figure);
        // The 32-bit count of sectors, if the other is zero.
        volume.poke(32, &[0; 4]);
        let opened = Fat::open(volume.on_disk());
        assert!(
            matches!(opened, Err(FatError::BootSector { .. })),
            "{at} {figure:?} {opened:?}"
        );
    }
}

#[test]
fn a_large_volume_with_figures_that_cannot_be_is_refused() {
    let figures: &[(u64, &[u8])] = &[
        (32, &[0xff; 4]),
        (36, &[0; 4]),
        (36, &[1, 0, 0, 0]),
        (36, &[0xff; 4]),
        (40, &[0x80]),
        (42, &[1]),
        (44, &[0; 4]),
        (44, &[0xff; 4]),
    ];
    for (at, figure) in figures {
        let Some(volume) = Volume::make("-F 32 -s 1", 40 << 10) else {
            return;
        };
        volume.poke(*at, figure);
        volume.poke(19, &[0; 2]);
        assert!(Fat::open(volume.on_disk()).is_err(), "{at} {figure:?}");
    }
}

#[test]
fn the_error_tells_the_place() {
    let Some(volume) = volume() else { return };
    set(&volume, 3, 0);
    let error = volume.fat().read("A", 2000).unwrap_err();
    let text = "the FAT file system is damaged: a chain leads to a free cluster (cluster 3, byte 518 of the volume)";
    assert_eq!(error.to_string(), text);
    volume.poke(13, &[3]);
    let error = Fat::open(volume.on_disk()).unwrap_err();
    let text = "no FAT file system that can be used: sectors of a cluster are no power of two (byte 13 of the volume)";
    assert_eq!(error.to_string(), text);
}
