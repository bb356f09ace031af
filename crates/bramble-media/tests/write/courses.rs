//! What is on cards when all goes well, and when it is interrupted.

use std::sync::atomic::{AtomicBool, Ordering};

use bramble_card::Overlay;
use bramble_media::compare::{Sample, compare};
use bramble_media::write::write;
use bramble_media::{CardError, ImageError, News};

use crate::memory::{Done, Faults, Memory};
use crate::{image, in_file, job, opened, overlay, written};

const LENGTH: usize = 21 << 20;
const CARD: usize = 40 << 20;

fn card() -> Memory {
    Memory::new(CARD, Faults::default())
}

#[test]
fn each_card_gets_the_image_and_what_is_its_own() {
    let folder = tempfile::tempdir().unwrap();
    // Ends in the middle of a sector.
    let bytes = image(LENGTH + 777);
    let path = in_file(folder.path(), &bytes);
    let cards = [card(), card(), card()];
    let own: [&[(u64, &[u8])]; 3] = [
        &[],
        &[(440, b"disk"), (5_000_000, b"node2")],
        &[(4_194_300, b"over the border of pieces")],
    ];
    let jobs = cards.iter().zip(own);
    let jobs = jobs.map(|(card, own)| job(card, overlay(&bytes, own)));

    let outcome = written(opened(&path), jobs.collect());

    for ((card, own), done) in cards.iter().zip(own).zip(outcome.cards) {
        assert!(done.unwrap().bytes >= bytes.len() as u64);
        let mut expected = bytes.clone();
        overlay(&bytes, own).apply(0, &mut expected);
        let content = card.content();
        assert!(content[..bytes.len()] == expected, "the image");
        assert!(content[CARD - (1 << 20)..] == vec![0; 1 << 20]);
        assert!(
            !content
                .chunks(4096)
                .any(|block| block.starts_with(b"bramble"))
        );
    }
}

#[test]
fn a_card_that_was_cut_off_has_no_partition_table() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = image(LENGTH);
    let path = in_file(folder.path(), &bytes);
    let card = card();
    let stop = AtomicBool::new(false);
    let mut halfway = |_, news: News| {
        if matches!(news, News::Written { position } if position > 9_000_000) {
            stop.store(true, Ordering::Relaxed);
        }
    };

    let jobs = vec![job(&card, Overlay::default())];
    let outcome = write(opened(&path), jobs, true, &stop, &mut halfway);

    assert!(matches!(outcome.cards[0], Err(CardError::Interrupted)));
    let content = card.content();
    assert!(content[..4096].iter().all(|byte| *byte == 0));
    assert!(content[4096..8192] == bytes[4096..8192]);
}

#[test]
fn the_first_block_comes_when_all_else_is_there_and_was_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = image(LENGTH);
    let path = in_file(folder.path(), &bytes);
    let card = card();

    written(
        opened(&path),
        vec![job(&card, overlay(&bytes, &[(9_000, b"node1")]))],
    );

    let done = card.done.lock().unwrap().clone();
    let first = |done: &Done| matches!(done, Done::Wrote { offset: 0, .. });
    let writes: Vec<_> = (0..done.len())
        .filter(|&index| first(&done[index]))
        .collect();
    let [cleared, written] = writes[..] else {
        panic!("the first block is cleared and written: {writes:?}");
    };
    let before_cleared = &done[..cleared];
    let end = CARD as u64 - (1 << 20);
    assert_eq!(
        before_cleared,
        [Done::Wrote {
            offset: end,
            length: 1 << 20
        }]
    );
    let between = &done[cleared..written];
    let read = |done: &Done| match done {
        Done::Read { offset, length } if *offset < LENGTH as u64 => *length,
        _ => 0,
    };
    assert_eq!(between.iter().map(read).sum::<usize>(), LENGTH);
    assert_eq!(
        done[written + 1..],
        [
            Done::Synced,
            Done::Read {
                offset: 0,
                length: 4096
            }
        ]
    );
    assert_eq!(card.content()[510..512], [0x55, 0xaa]);
}

#[test]
fn an_image_that_breaks_off_makes_no_bootable_card() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = image(LENGTH);
    let path = folder.path().join("system.img.gz");
    let packed = std::process::Command::new("gzip")
        .args(["-1", "-c"])
        .arg(in_file(folder.path(), &bytes))
        .output()
        .unwrap();
    std::fs::write(&path, &packed.stdout[..packed.stdout.len() / 2]).unwrap();
    let card = card();

    let outcome = written(opened(&path), vec![job(&card, Overlay::default())]);

    assert!(
        matches!(
            outcome.image,
            Err(ImageError::Read { .. } | ImageError::Source(_))
        ),
        "{:?}",
        outcome.image
    );
    assert!(matches!(outcome.cards[0], Err(CardError::NoImage)));
    assert!(card.content()[..4096].iter().all(|byte| *byte == 0));
}

#[test]
fn a_card_is_compared_with_what_it_has_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = image(LENGTH);
    let path = in_file(folder.path(), &bytes);
    let own: &[(u64, &[u8])] = &[(3, b"boot"), (5_000_000, b"node1")];
    let [right, wrong, other] = [card(), card(), card()];
    let jobs = [&right, &wrong, &other].map(|card| job(card, overlay(&bytes, own)));
    written(opened(&path), jobs.into());
    wrong.bytes.lock().unwrap()[7_000_000..7_005_000].fill(0);

    let sample = |card: &Memory, own| Sample {
        medium: Box::new(card.clone()),
        overlay: overlay(&bytes, own),
    };
    let samples = vec![
        sample(&right, own),
        sample(&wrong, own),
        sample(&other, &[]),
    ];
    let found = compare(
        opened(&path),
        samples,
        &AtomicBool::new(false),
        &mut |_, _| {},
    );

    let ranges: Vec<_> = found
        .cards
        .into_iter()
        .map(|card| card.unwrap().ranges)
        .collect();
    let sectors = |from: u64, to: u64| from / 512 * 512..to.div_ceil(512) * 512;
    assert_eq!(ranges[0], []);
    assert_eq!(ranges[1], [sectors(7_000_000, 7_005_000)]);
    assert_eq!(ranges[2], [sectors(3, 7), sectors(5_000_000, 5_000_005)]);
}

#[test]
fn nothing_of_what_was_at_the_very_end_of_a_card_stays() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = image(LENGTH);
    let path = in_file(folder.path(), &bytes);
    // Cards end at whole sectors, and a second partition table lies in the last one.
    let card = Memory::new(CARD + 512, Faults::default());

    let outcome = written(opened(&path), vec![job(&card, Overlay::default())]);

    assert!(outcome.cards[0].is_ok());
    assert_eq!(
        card.content()[CARD - (1 << 20) + 4096..],
        vec![0; (1 << 20) - 4096 + 512]
    );
}

#[test]
fn a_file_of_the_node_behind_all_that_the_image_uses_is_written_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let boot = folder.path().join("boot");
    std::fs::File::create(&boot)
        .unwrap()
        .set_len(16 << 20)
        .unwrap();
    let made = std::process::Command::new("/usr/sbin/mkfs.fat")
        .args(["-F", "16"])
        .arg(&boot)
        .output();
    let Ok(made) = made else {
        assert!(std::env::var_os("CI").is_none(), "no mkfs.fat on CI");
        return println!("skipped: there is no mkfs.fat");
    };
    assert!(made.status.success());
    let mut bytes = image(17 << 20);
    bytes[450] = 0x0e;
    bytes.splice(1 << 20.., std::fs::read(&boot).unwrap());
    let path = in_file(folder.path(), &bytes);
    let card = card();
    let own: &[(u64, &[u8])] = &[(16 << 20, b"node1")];

    let outcome = written(opened(&path), vec![job(&card, overlay(&bytes, own))]);

    let written = outcome.cards.into_iter().next().unwrap().unwrap();
    assert!(written.bytes < 2 << 20, "free blocks are left out");
    assert_eq!(card.content()[16 << 20..(16 << 20) + 5], *b"node1");
}
