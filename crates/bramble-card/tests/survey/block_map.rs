//! Block maps, as bmaptool makes them.

use std::fmt::Write as _;

use bramble_card::bmap::{Bmap, BmapCheck, BmapError, BmapMismatch};
use bramble_card::survey::{Content, Survey};
use sha2::{Digest as _, Sha256};

use crate::images::{MIB, PROGRAMS, Workshop, have, noise, output};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// A map of an image of 10 blocks of 4096 bytes and one of 100.
fn map(kind: &str, ranges: &str) -> String {
    let zeros = "0".repeat(64);
    let text = format!(
        "<?xml version=\"1.0\" ?>\n<bmap version=\"2.0\">\n\
         <ImageSize> 41060 </ImageSize>\n<BlockSize> 4096 </BlockSize>\n\
         <BlocksCount> 11 </BlocksCount>\n<MappedBlocksCount> 3 </MappedBlocksCount>\n\
         <ChecksumType> {kind} </ChecksumType>\n\
         <BmapFileChecksum> {zeros} </BmapFileChecksum>\n\
         <BlockMap>\n{ranges}</BlockMap>\n</bmap>\n"
    );
    let own = hex(&Sha256::digest(&text));
    text.replace(&zeros, &own)
}

/// A block map of `image` in which everything but these bytes is mapped.
fn map_without(image: &[u8], hole: std::ops::Range<u64>) -> String {
    let block = |at: u64| at / 4096;
    let blocks = block(image.len() as u64);
    let (first, second) = (block(hole.start) - 1, block(hole.end));
    format!(
        "<bmap version=\"1.2\"><ImageSize>{}</ImageSize><BlockSize>4096</BlockSize>\
         <BlocksCount>{blocks}</BlocksCount><BlockMap><Range>0-{first}</Range>\
         <Range>{second}-{}</Range></BlockMap></bmap>",
        image.len(),
        blocks - 1,
    )
}

#[test]
fn what_bmaptool_makes_is_read_and_fits_its_image() {
    if !have(PROGRAMS) || !have(&["bmaptool"]) {
        return;
    }
    let workshop = Workshop::new();
    let card = workshop.card();
    workshop.write("card", &card);
    output("fallocate", &["-d", &workshop.text("card")]);
    let text = output("bmaptool", &["create", &workshop.text("card")]);
    let bmap = Bmap::parse(&text).unwrap();
    assert_eq!((bmap.image_size, bmap.block_size), (120 * MIB, 4096));
    assert_eq!(bmap.unchecked, None);
    assert!(bmap.ranges.iter().all(|range| range.sha256.is_some()));
    assert!(bmap.mapped_bytes() < 60 * MIB);
    // Whatever it does not map is zero.
    for hole in bmap.unmapped(&(0..u64::MAX)) {
        let hole = usize::try_from(hole.start).unwrap()..usize::try_from(hole.end).unwrap();
        assert!(card[hole].iter().all(|byte| *byte == 0));
    }
    for piece in [4096, 1_000_003] {
        let mut check = BmapCheck::new(bmap.clone());
        assert!(card.chunks(piece).all(|piece| check.see(piece).is_ok()));
        assert_eq!(check.finish(), Ok(()));
    }

    let mut changed = card;
    let place = usize::try_from(bmap.ranges[3].bytes.start).unwrap() + 5;
    changed[place] ^= 1;
    let mut check = BmapCheck::new(bmap.clone());
    let found: Vec<_> = changed
        .chunks(65_536)
        .filter_map(|piece| check.see(piece).err())
        .collect();
    let std::ops::Range { start, end } = bmap.ranges[3].bytes;
    assert_eq!(found, [BmapMismatch::Range { start, end }]);

    let broken = text.replacen("4096", "4097", 1);
    assert_eq!(Bmap::parse(&broken), Err(BmapError::Changed));
}

#[test]
fn the_last_range_ends_with_the_image() {
    let image = noise(41_060, 5);
    let first = hex(&Sha256::digest(&image[4096..12_288]));
    let last = hex(&Sha256::digest(&image[40_960..]));
    let ranges =
        format!("<Range chksum=\"{first}\"> 1-2 </Range>\n<Range chksum=\"{last}\"> 10 </Range>\n");
    let bmap = Bmap::parse(&map("sha256", &ranges)).unwrap();
    let bytes: Vec<_> = bmap
        .ranges
        .iter()
        .map(|range| range.bytes.clone())
        .collect();
    assert_eq!(bytes, [4096..12_288, 40_960..41_060]);
    assert_eq!(bmap.unmapped(&(0..50_000)), [0..4096, 12_288..40_960]);
    assert_eq!(bmap.unmapped(&(5000..13_000)), vec![12_288..13_000]);
    let mut check = BmapCheck::new(bmap.clone());
    assert!(image.chunks(777).all(|piece| check.see(piece).is_ok()));
    assert_eq!(check.finish(), Ok(()));

    let mut short = BmapCheck::new(bmap);
    short.see(&image[..41_000]).unwrap();
    let length = BmapMismatch::Length {
        found: 41_000,
        expected: 41_060,
    };
    assert_eq!(short.finish(), Err(length));
}

#[test]
fn check_values_of_another_kind_are_said_not_to_be_checked() {
    let text = map("sha1", "<Range chksum=\"1234\">0-10</Range>");
    let bmap = Bmap::parse(&text).unwrap();
    assert_eq!(bmap.unchecked.as_deref(), Some("sha1"));
    assert_eq!(bmap.ranges[0].sha256, None);
}

#[test]
fn maps_that_cannot_be_are_refused_with_their_line() {
    for (ranges, says) in [
        ("<Range>0-11</Range>", "no valid `Range` in line 10"),
        ("<Range>3-2</Range>", "no valid `Range` in line 10"),
        (
            "<Range>4</Range>\n<Range>4-5</Range>",
            "no valid `Range` in line 11",
        ),
        ("<Range>-1</Range>", "no valid `Range` in line 10"),
        (
            "<Range chksum=\"12\">1</Range>",
            "no valid `chksum` in line 10",
        ),
        (
            "<Range>18446744073709551615</Range>",
            "no valid `Range` in line 10",
        ),
    ] {
        let error = Bmap::parse(&map("sha256", ranges)).unwrap_err();
        assert!(error.to_string().contains(says), "{ranges}: {error}");
    }
    let sound = map("sha256", "");
    let version = sound.replace("\"2.0\"", "\"3.0\"");
    assert_eq!(
        Bmap::parse(&version),
        Err(BmapError::Version("3.0".to_owned()))
    );
    assert!(Bmap::parse(&sound).is_ok());
    for text in [
        "",
        "<html/>",
        "<bmap version='2.0'><ImageSize>x</ImageSize></bmap>",
    ] {
        assert!(Bmap::parse(text).is_err(), "{text}");
    }
    let entity = "<!DOCTYPE bmap [<!ENTITY a \"b\">]><bmap version='2.0'>&a;</bmap>";
    assert!(matches!(Bmap::parse(entity), Err(BmapError::Xml(_))));
}

#[test]
fn a_map_decides_only_where_no_file_system_does() {
    if !have(PROGRAMS) {
        return;
    }
    let workshop = Workshop::new();
    let ext4 = workshop.ext4("-t ext4", 16);
    let script = "label: dos\nstart=8MiB, size=16MiB, type=83\nstart=24MiB, size=16MiB, type=83\n";
    let disk = workshop.disk(script, 48, &[(8 * MIB, &ext4)]);
    let plain = Survey::of(&disk).unwrap();
    assert_eq!(plain.volumes()[1].content(), &Content::Unknown);
    let without_map = plain.used(0..48 * MIB);
    // Of the file system, of the unknown partition, and of what lies after it.
    let hole = 20 * MIB..44 * MIB;
    let bmap = Bmap::parse(&map_without(&disk, hole)).unwrap();
    let used = plain.with(bmap).used(0..48 * MIB);
    let inside = |ranges: &[std::ops::Range<u64>]| -> Vec<_> {
        ranges
            .iter()
            .filter(|range| range.end < 24 * MIB)
            .cloned()
            .collect()
    };
    assert_eq!(inside(&used), inside(&without_map));
    assert_eq!(used.last(), Some(&(40 * MIB..48 * MIB)));
    assert_eq!(without_map.last().unwrap().end, 48 * MIB);
    assert!(without_map.last().unwrap().start <= 24 * MIB);
}
