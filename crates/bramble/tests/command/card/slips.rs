//! What is said of slips: in which order, in which words, and what to do.

use std::fs;
use std::process::Command;

use bramble_testkit::{RECIPE, skipped};
use serde_json::Value;

use super::{image, make, place, well};
use crate::typed::Place;

/// What was said by a command that was refused as a slip.
fn refused(place: &Place, args: &[&str]) -> String {
    let ended = place.types(&[&["card"], args].concat());
    let said = format!("{}{}", ended.output, ended.complaint);
    assert_eq!(
        (ended.status, ended.output.as_str()),
        (2, ""),
        "{args:?}: {said}"
    );
    ended.complaint
}

fn has(said: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
}

#[test]
fn a_card_is_not_taken_for_an_image_by_any_command() {
    let place = place();
    let folder = place.folder();
    image(folder);
    make(folder, "truncate", &["-s", "100M", "one"]);
    let args = ["card", "image", "node[1-2]", "--image", "system.img", "-o"];
    well(&place.types(&[&args[..], &["cards"]].concat()));
    make(folder, "xz", &["-k", "-1", "cards/node2.img"]);
    for card in ["cards/node2.img", "cards/node2.img.xz"] {
        for verb in [
            &["image", "node1", "-o", "more"][..],
            &["write", "--yes", "node1=one"],
            &["verify", "node1=cards/node1.img"],
        ] {
            let said = refused(&place, &[verb, &["--image", card]].concat());
            has(
                &said,
                &["a card that bramble made for node2", "hint: ", "--image"],
            );
        }
    }
    assert!(!folder.join("more").exists());
    let one = fs::read(folder.join("one")).unwrap();
    assert!(one.iter().all(|byte| *byte == 0));
}

#[test]
fn what_is_no_disk_image_is_written_only_if_every_byte_is_wanted() {
    let place = place();
    let folder = place.folder();
    let noise: Vec<u8> = (0..4_000_000_u32)
        .flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes())
        .take(4_000_000)
        .collect();
    fs::write(folder.join("noise"), noise).unwrap();
    fs::write(folder.join("zeros"), vec![0; 4 << 20]).unwrap();
    fs::copy("/bin/ls", folder.join("program")).unwrap();
    make(folder, "gzip", &["-k", "program"]);
    for file in ["noise", "zeros", "program", "program.gz"] {
        let args = ["image", "node1", "-o", "cards", "--image", file];
        has(
            &refused(&place, &args),
            &[file, "is no disk image", "--full"],
        );
    }
    let piped = ["card", "image", "node1", "-o", "cards", "--image", "-"];
    let program = fs::File::open(folder.join("program.gz")).unwrap();
    let output = place.command(piped).stdin(program).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    has(&said, &["standard input is no disk image"]);
    assert!(!folder.join(".bramble/keys").exists());
    let args = [
        "card", "image", "node1", "-o", "cards", "--image", "program",
    ];
    well(&place.types(&[&args[..], &["--full"]].concat()));
    let made = fs::read(folder.join("cards/node1.img")).unwrap();
    assert!(made == fs::read(folder.join("program")).unwrap());
}

#[test]
fn nothing_is_asked_and_no_key_made_before_the_image_was_looked_at() {
    let place = Place::with(RECIPE);
    let folder = place.folder();
    fs::write(folder.join("page.img"), "<!DOCTYPE html>").unwrap();
    for (file, wanted) in [
        ("nothere.img", "nothere.img cannot be opened"),
        ("page.img", "page.img is a web page"),
    ] {
        let args = ["image", "head", "-o", "cards", "--image", file];
        let said = refused(&place, &args);
        has(&said, &[wanted]);
        assert!(!said.contains("HomeWifi"), "{said}");
        assert_eq!(said.matches(file).count(), 1, "{said}");
    }
    assert!(!folder.join(".bramble/keys").exists());
}

#[test]
fn an_image_and_a_place_that_are_both_wrong_are_both_told() {
    let place = place();
    let folder = place.folder();
    let image = ["--image", "nothere.img"];
    let said = refused(&place, &[&["write", "node1=nocard"][..], &image].concat());
    has(
        &said,
        &[
            "nothere.img cannot",
            "nocard is not there",
            "truncate -s 4G nocard",
        ],
    );
    let said = refused(&place, &[&["verify", "node1=nocard"][..], &image].concat());
    has(&said, &["nothere.img cannot", "nocard is not there"]);
    let said = refused(&place, &["write", "node1=nocard"]);
    has(&said, &["no image is named", "nocard is not there"]);
    fs::write(folder.join("node1.img"), "somebody's").unwrap();
    let said = refused(
        &place,
        &[&["image", "node1", "-o", "."][..], &image].concat(),
    );
    has(&said, &["nothere.img cannot", "there already"]);
    let out = ["image", "node2", "-o", "node1.img"];
    let said = refused(&place, &[&out[..], &image].concat());
    has(&said, &["nothere.img cannot", "node1.img is no directory"]);
}

#[test]
fn the_disk_of_this_system_is_refused_before_anybody_is_missed() {
    let Some(disk) = system_disk() else {
        skipped("the disk of this system cannot be told");
        return;
    };
    let place = place();
    image(place.folder());
    let pair = format!("node1={disk}");
    let said = refused(&place, &["write", &pair, "--image", "system.img"]);
    assert!(!said.contains("nobody is at a terminal"), "{said}");
}

/// The disk that a partition or the whole of is mounted at `/`.
fn system_disk() -> Option<String> {
    let output = Command::new("findmnt")
        .args(["-no", "SOURCE", "/"])
        .output()
        .ok()?;
    let source = String::from_utf8(output.stdout).ok()?;
    let args = ["-ndo", "PATH", "-s", source.trim()];
    let output = Command::new("lsblk").args(args).output().ok()?;
    let disks = String::from_utf8(output.stdout).ok()?;
    disks
        .lines()
        .last()
        .filter(|disk| disk.starts_with("/dev/"))
        .map(str::to_owned)
}

#[test]
fn nodes_that_are_not_there_are_told_as_everywhere() {
    let place = place();
    image(place.folder());
    make(place.folder(), "truncate", &["-s", "100M", "one"]);
    for verb in [
        &["image", "nod1", "-o", "cards"][..],
        &["write", "--yes", "nod1=one"],
        &["verify", "nod1=one"],
    ] {
        let said = refused(&place, &[verb, &["--image", "system.img"]].concat());
        has(
            &said,
            &[
                "no such node `nod1`; did you mean `node1`?",
                "bramble nodes @all",
            ],
        );
    }
    let args = [
        "image",
        "node1!node1",
        "-o",
        "cards",
        "--image",
        "system.img",
    ];
    has(
        &refused(&place, &args),
        &["no node is meant by `node1!node1`"],
    );
}

#[test]
fn an_image_that_has_to_be_downloaded_is_told_with_how() {
    let place = place();
    let address = "https://example.org/system.img.xz";
    let said = refused(
        &place,
        &["image", "node1", "-o", "cards", "--image", address],
    );
    let hint = format!("curl -L {address} | bramble card ... --image -");
    has(&said, &["downloads nothing", &hint]);
    let said = refused(&place, &["image", "node1", "-o", "cards"]);
    has(
        &said,
        &[
            "no image is named",
            "raspios-lite-arm64-trixie",
            "Raspberry Pi OS",
            "os_list_imagingutility_v4.json",
        ],
    );
    let text = fs::read_to_string(place.path("bramble.toml")).unwrap();
    let text = text.replace("\"raspios-lite-arm64-trixie\"", &format!("\"{address}\""));
    let said = refused(&Place::with(text), &["image", "node1", "-o", "cards"]);
    has(
        &said,
        &["the cluster file gives the image's address", &hint],
    );
}

/// Types a command where the directory `small` holds so many bytes.
fn where_room_is_short(place: &Place, bytes: u32, args: &[&str]) -> Option<(i32, String)> {
    if !rustix::process::geteuid().is_root() {
        skipped("only root can make a small file system");
        return None;
    }
    let script = format!(
        "mount -t tmpfs -o size={bytes} none small && truncate -s 100M small/one && {{ \"$@\"; status=$?; \
         echo \"left: $(ls -A small)\"; exit $status; }}"
    );
    let bramble = place.command(args);
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", &script, "sh"]);
    command.arg(bramble.get_program()).args(bramble.get_args());
    let output = command.current_dir(place.folder()).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    Some((
        output.status.code().unwrap(),
        String::from_utf8(said).unwrap(),
    ))
}

#[test]
fn cards_that_there_is_no_room_for_are_not_begun() {
    let place = place();
    image(place.folder());
    make(place.folder(), "mkdir", &["small"]);
    let args = ["card", "image", "node[1-3]", "--image", "system.img", "-o"];
    let args = [&args[..], &["small/cards"]].concat();
    let Some((status, said)) = where_room_is_short(&place, 1_000_000, &args) else {
        return;
    };
    assert_eq!(status, 6, "{said}");
    has(
        &said,
        &[
            "3 cards take ",
            "MB or more, and ",
            " are free in small/cards",
            "-o DIR",
        ],
    );
}

/// How much of the image is written to a card, in bytes.
fn used(place: &Place) -> u32 {
    make(place.folder(), "truncate", &["-s", "100M", "one"]);
    let args = ["card", "write", "--yes", "--json", "node1=one", "--image"];
    let ended = place.types(&[&args[..], &["system.img"]].concat());
    let plan: Value = serde_json::from_str(well(&ended).lines().next().unwrap()).unwrap();
    u32::try_from(plan["used"].as_u64().unwrap()).unwrap()
}

#[test]
fn room_that_ends_while_it_is_written_is_told_as_such_and_nothing_is_left() {
    let place = place();
    image(place.folder());
    make(place.folder(), "mkdir", &["small"]);
    // What is the node's own needs some blocks more.
    let room = used(&place);
    let args = ["card", "image", "node1", "--image", "system.img", "-o"];
    let args = [&args[..], &["small/cards"]].concat();
    let Some((status, said)) = where_room_is_short(&place, room, &args) else {
        return;
    };
    assert_eq!(status, 6, "{said}");
    has(
        &said,
        &[
            "left: one\n",
            "node1.img: writing failed at byte",
            "no more room in",
            "-o DIR",
        ],
    );
}

#[test]
fn a_file_that_cannot_be_written_for_want_of_room_is_no_fault_of_the_card() {
    let place = place();
    image(place.folder());
    make(place.folder(), "mkdir", &["small"]);
    let args = [
        "card",
        "write",
        "--yes",
        "node1=small/one",
        "--image",
        "system.img",
    ];
    let Some((status, said)) = where_room_is_short(&place, 1_000_000, &args) else {
        return;
    };
    assert_eq!(status, 6, "{said}");
    has(&said, &["No space left", "no more room"]);
}
