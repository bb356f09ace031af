//! Reading what mtools wrote.

use bramble_card::fat::{FatError, Kind};

use crate::volume::{LAYOUTS, Volume, content, names, one};

#[test]
fn the_kind_and_the_label_are_as_they_were_made() {
    for (options, kib) in LAYOUTS {
        let Some(volume) = Volume::make(options, *kib) else {
            return;
        };
        let fat = volume.fat();
        let kind = match fat.geometry().kind {
            Kind::Fat12 => "12",
            Kind::Fat16 => "16",
            Kind::Fat32 => "32",
        };
        assert!(options.contains(&format!("-F {kind}")), "{options}");
        let label = options.split_once("-n ").map(|(_, label)| label.to_owned());
        assert_eq!(fat.label(), label, "{options}");
    }
}

#[test]
fn files_of_mtools_are_read_by_any_case_and_by_their_short_name() {
    for volume in Volume::every() {
        volume.mtools("mmd", &["::overlays", "::overlays/Größe"]);
        volume.mcopy("Network-Config", &content(3000));
        volume.mcopy("overlays/Größe/ein Name.dtbo", &content(10_000));
        volume.mcopy("empty", b"");
        let fat = volume.fat();

        let read = |path: &str| fat.read(path, 20_000).unwrap();
        assert_eq!(read("network-config").unwrap(), content(3000));
        assert_eq!(read("NETWOR~1").unwrap(), content(3000));
        assert_eq!(read("/OVERLAYS//GRÖSSE/x"), None);
        assert_eq!(
            read("/OVERLAYS//GRößE/EIN NAME.DTBO").unwrap(),
            content(10_000)
        );
        assert_eq!(read("empty").unwrap(), b"");
        assert_eq!(read("absent"), None);
        assert_eq!(read("empty/absent"), None);
        assert_eq!(names(&fat, ""), volume.mnames(""));
        assert_eq!(names(&fat, "overlays"), ["Größe"]);
        let entry = &fat.list("Overlays/größe").unwrap()[0];
        assert_eq!((entry.size, entry.is_directory), (10_000, false));
    }
}

#[test]
fn what_is_too_large_or_no_file_is_not_read() {
    let Some(volume) = Volume::make("-F 16 -s 1", 16 << 10) else {
        return;
    };
    volume.mcopy("file", &content(1001));
    volume.mtools("mmd", &["::directory"]);
    let fat = volume.fat();
    assert!(matches!(
        fat.read("file", 1000),
        Err(FatError::Large { size: 1001, .. })
    ));
    assert!(matches!(
        fat.read("directory", 1000),
        Err(FatError::IsDirectory(_))
    ));
    assert!(matches!(fat.list("file"), Err(FatError::NoDirectory(_))));
    assert!(matches!(fat.list("absent"), Err(FatError::Absent(_))));
}

#[test]
fn the_newest_time_stamp_is_told() {
    let Some(volume) = Volume::make("-F 16 -s 1", 16 << 10) else {
        return;
    };
    assert_eq!(volume.fat().newest().to_string(), "1980-01-01 00:00:00");
    volume.mcopy("NEWER", b"");
    volume.mcopy("OLDER", b"");
    // Seconds are counted in twos: 19:31:42 on 2025-10-01, and a minute before.
    let stamp = |minute: u16| {
        [
            (19 << 11 | minute << 5 | 0x15_u16).to_le_bytes(),
            (0x2d << 9 | 10 << 5 | 1_u16).to_le_bytes(),
        ]
        .concat()
    };
    volume.poke(volume.find(b"NEWER") + 22, &stamp(31));
    volume.poke(volume.find(b"OLDER") + 22, &stamp(30));
    assert_eq!(volume.fat().newest().to_string(), "2025-10-01 19:31:42");

    // No such month.
    volume.poke(volume.find(b"NEWER") + 24, &[0xff, 0xff]);
    assert_eq!(volume.fat().newest().to_string(), "2025-10-01 19:30:42");
}

#[test]
fn the_owner_of_every_byte_is_known() {
    for volume in Volume::every() {
        volume.mtools("mmd", &["::overlays"]);
        volume.mcopy("overlays/a.dtbo", b"here is a file");
        let fat = volume.fat();
        let geometry = fat.geometry();
        let file = volume.find(b"here is a file");
        let directory = volume.find(b".          ");
        let name = volume.find(b"OVERLAYS ");
        let owner = |at: u64| {
            let owners = fat.owners(&one(at)).unwrap();
            owners.into_iter().collect::<Vec<_>>().join(", ")
        };
        assert_eq!(owner(0), "the first sectors");
        assert_eq!(owner(geometry.table.start), "the allocation table");
        assert_eq!(owner(name), "the root directory");
        assert_eq!(owner(directory), "the directory overlays");
        assert_eq!(owner(file), "overlays/a.dtbo");
        assert_eq!(owner(geometry.length - 1), "free space");
        assert_eq!(owner(u64::MAX - 1), "free space");
        let all = fat
            .owners(std::slice::from_ref(&(0..geometry.length)))
            .unwrap();
        assert_eq!(all.len(), 6);
        let two = fat.owners(&[file..file + 20, 3..5]).unwrap();
        assert_eq!(
            two.into_iter().collect::<Vec<_>>(),
            ["overlays/a.dtbo", "the first sectors"]
        );
        assert!(
            fat.owners(std::slice::from_ref(&(5..5)))
                .unwrap()
                .is_empty()
        );
    }
}
