//! Several cards at once, some of which are not right.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::bench::{Bench, IMAGE, image, start};

const CARD: usize = 64 << 20;

#[test]
fn a_card_that_fails_halfway_is_given_up_and_three_are_written() {
    let Some(mut bench) = Bench::new() else {
        return;
    };
    let cards = [
        bench.card("one", CARD),
        bench.card("two", CARD),
        bench.failing_card("three", CARD as u64, 20 << 20),
        bench.card("four", CARD),
    ];
    let nodes = ["node1", "node2", "node3", "node4"];
    let pairs: Vec<_> = nodes
        .into_iter()
        .zip(cards.iter().map(AsRef::as_ref))
        .collect();

    let ended = bench.write(&pairs);

    assert_eq!(ended.status, 1, "{}", ended.text);
    let expected = image();
    for (place, card) in cards.iter().enumerate() {
        let found = start(card, IMAGE);
        if place == 2 {
            assert!(
                found[..512].iter().all(|byte| *byte == 0),
                "a partition table"
            );
        } else {
            assert!(found == expected, "{}: {}", card.display(), ended.text);
        }
    }
    let failed: Vec<_> = ended
        .text
        .lines()
        .filter(|line| line.contains("fail"))
        .collect();
    let device = cards[2].display().to_string();
    assert!(
        matches!(failed[..], [line] if line.contains("node3") && line.contains(&device) && line.contains("byte")),
        "{failed:?}"
    );
}

#[test]
fn a_card_that_is_too_small_or_in_use_keeps_all_from_being_written() {
    let Some(mut bench) = Bench::new() else {
        return;
    };
    let good = bench.card("good", CARD);
    let small = bench.card("small", IMAGE - (4 << 20));
    let used = bench.card("used", CARD);
    let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap());
    let made = Command::new("mke2fs")
        .args(["-q", "-F"])
        .arg(&used)
        .env("PATH", path)
        .status();
    assert!(made.unwrap().success());
    let point = bench.mount(&used);

    for (bad, word) in [(&small, "needs"), (&used, point.to_str().unwrap())] {
        let ended = bench.write(&[("node1", &good), ("node2", bad)]);
        assert_eq!(ended.status, 2, "{}", ended.text);
        assert!(ended.text.contains(word), "{}", ended.text);
        assert!(
            start(&good, 4096).iter().all(|byte| *byte == 0xa5),
            "touched"
        );
    }
}

#[test]
fn one_that_was_killed_leaves_a_card_that_does_not_boot_and_can_be_run_again() {
    let Some(mut bench) = Bench::new() else {
        return;
    };
    let card = bench.card("card", CARD);
    let pair = format!("node1={}", card.display());
    let args = ["card", "write", "--yes", "--image", "system.img", &pair];
    let mut halfway = 0;
    for milliseconds in [20, 40, 60, 80, 120, 160, 200, 250] {
        let mut command = bench.command(&args);
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        let ended = child.wait().unwrap();

        let found = start(&card, IMAGE);
        let is_whole = found == image();
        let begun = found[4096..].iter().any(|byte| *byte != 0xa5);
        assert!(
            is_whole || found[510..512] != [0x55, 0xaa],
            "after {milliseconds} ms a card that is not whole looks bootable"
        );
        halfway += usize::from(begun && !is_whole && !ended.success());
    }
    assert!(halfway > 0, "it was never killed while it wrote");

    let ended = bench.write(&[("node1", &card)]);
    assert_eq!(ended.status, 0, "{}", ended.text);
    assert!(start(&card, IMAGE) == image());
}

#[test]
fn ctrl_c_leaves_a_card_that_does_not_boot_and_says_so() {
    let Some(mut bench) = Bench::new() else {
        return;
    };
    let card = bench.card("card", CARD);
    let pair = format!("node1={}", card.display());
    let mut child = bench
        .command(&["card", "write", "--yes", "--image", "-", &pair])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(&image()[..IMAGE / 2]).unwrap();
    wait_until("something was written", || {
        start(&card, IMAGE / 4)[4096..]
            .iter()
            .any(|byte| *byte != 0xa5)
    });

    let process = Pid::from_raw(child.id().try_into().unwrap()).unwrap();
    kill_process(process, Signal::INT).unwrap();
    // As in a shell, where it ends the program at the other end of the pipe, too.
    drop(input);
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    let ended = child.wait().unwrap();

    assert_eq!(ended.code(), Some(130), "{said}");
    assert!(
        said.contains("cards that were not done do not boot"),
        "{said}"
    );
    assert!(
        start(&card, 512).iter().all(|byte| *byte == 0),
        "a first block"
    );
}

#[test]
fn whoever_only_probes_a_card_is_waited_for_and_who_stays_is_named() {
    let Some(mut bench) = Bench::new() else {
        return;
    };
    let card = bench.card("card", CARD);
    let open = || File::options().write(true).open(&card).unwrap();

    let probe = open();
    let ends = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(500));
        drop(probe);
    });
    let ended = bench.write(&[("node1", &card)]);
    ends.join().unwrap();
    assert_eq!(ended.status, 0, "{}", ended.text);

    let stays = open();
    let ended = bench.write(&[("node1", &card)]);
    drop(stays);
    assert_eq!(ended.status, 2, "{}", ended.text);
    let process = format!("(process {})", std::process::id());
    let named = ended.text.contains("it is being written by") && ended.text.contains(&process);
    assert!(named, "{}", ended.text);
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(20), "never {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
