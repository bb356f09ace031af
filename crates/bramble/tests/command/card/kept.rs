//! What is kept beside the cluster file of cards, and told to programs.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::Path;

use bramble_testkit::{RECIPE, skipped};
use serde_json::Value;

use super::{image, make, of_boot, place, well};
use crate::typed::Place;

/// Nobody's number, on all Debian-like systems.
const NOBODY: u32 = 65534;

#[test]
fn root_leaves_nothing_of_its_own_in_somebody_elses_folder() {
    if !rustix::process::geteuid().is_root() {
        skipped("only root can be at work in somebody else's folder");
        return;
    }
    let place = place();
    let folder = place.folder();
    image(folder);
    make(folder, "truncate", &["-s", "100M", "one"]);
    for path in [folder.to_owned(), folder.join("bramble.toml")] {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    well(&place.types(&[
        "card",
        "write",
        "--yes",
        "node1=one",
        "--image",
        "system.img",
    ]));
    let mut seen = 0;
    all_of(&folder.join(".bramble"), &mut |path, owner| {
        assert_eq!(owner, NOBODY, "{}", path.display());
        seen += 1;
    });
    assert!(seen > 5, "{seen}");
}

fn all_of(path: &Path, look: &mut dyn FnMut(&Path, u32)) {
    look(path, fs::symlink_metadata(path).unwrap().uid());
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            all_of(&entry.unwrap().path(), look);
        }
    }
}

#[test]
fn pass_phrases_are_kept_by_network() {
    let place = Place::with(RECIPE);
    let folder = place.folder();
    image(folder);
    let make_card = |phrase: Option<&str>, out: &str| {
        let args = ["card", "image", "head", "--image", "system.img", "-o", out];
        let mut command = place.command(args);
        if let Some(phrase) = phrase {
            command.env("BRAMBLE_WIFI_PASSWORD", phrase);
        }
        let done = command.output().unwrap();
        let said = String::from_utf8(done.stderr).unwrap();
        (done.status.code().unwrap(), said)
    };
    let network = |out: &str| of_boot(folder, &format!("{out}/head.img"), "network-config");

    let (status, said) = make_card(None, "none");
    assert_eq!(status, 2, "{said}");
    assert!(
        said.contains("HomeWifi") && said.contains("BRAMBLE_WIFI_PASSWORD"),
        "{said}"
    );
    assert_eq!(make_card(Some("first phrase"), "one").0, 0);
    assert!(network("one").contains("first phrase"));
    let (status, said) = make_card(None, "two");
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("BRAMBLE_WIFI_PASSWORD="), "{said}");
    assert!(network("two").contains("first phrase"));
    // Who has just said it is not told how to say it.
    let (_, said) = make_card(Some("first phrase"), "again");
    assert!(!said.contains("BRAMBLE_WIFI_PASSWORD="), "{said}");

    // Another network has another one.
    fs::write(
        place.path("bramble.toml"),
        RECIPE.replace("HomeWifi", "Lab"),
    )
    .unwrap();
    let (status, said) = make_card(None, "three");
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("Lab"), "{said}");
    assert_eq!(make_card(Some("other phrase"), "four").0, 0);
    fs::write(place.path("bramble.toml"), RECIPE).unwrap();
    assert_eq!(make_card(None, "five").0, 0);
    assert!(network("five").contains("first phrase"));
    let kept = fs::metadata(place.path(".bramble/keys/wifi.json")).unwrap();
    assert_eq!(kept.mode() & 0o777, 0o600);
}

#[test]
fn programs_are_told_of_cards_in_events_only() {
    let place = place();
    let folder = place.folder();
    image(folder);
    make(folder, "truncate", &["-s", "100M", "one"]);
    let events = |verb: &[&str]| {
        let rest = ["node1=one", "--image", "system.img", "--json"];
        let ended = place.types(&[&["card"], verb, &rest].concat());
        let said = &ended.complaint;
        assert!(
            said.lines().all(|line| line.starts_with("hint: ")),
            "{said}"
        );
        let lines: Vec<Value> = well(&ended)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        lines
    };
    let names = |events: &[Value]| -> Vec<String> {
        let mut names: Vec<_> = events
            .iter()
            .map(|event| event["event"].as_str().unwrap().to_owned())
            .collect();
        names.dedup();
        names
    };
    let written = events(&["write", "--yes"]);
    assert_eq!(names(&written).first().unwrap(), "plan");
    assert_eq!(written[0]["cards"][0]["node"], "node1");
    assert_eq!(names(&written).last().unwrap(), "card");
    let compared = events(&["verify"]);
    assert!(
        !names(&compared).contains(&"writing".to_owned()),
        "{compared:?}"
    );
    assert_eq!(names(&compared).last().unwrap(), "compared");
}

#[test]
fn cards_are_told_of_also_where_that_cannot_be_kept() {
    let place = place();
    let folder = place.folder();
    image(folder);
    make(folder, "truncate", &["-s", "100M", "one", "two"]);
    fs::create_dir(folder.join(".bramble")).unwrap();
    // It can be read, and nothing is written through it.
    fs::write(folder.join("elsewhere"), "").unwrap();
    std::os::unix::fs::symlink("../elsewhere", folder.join(".bramble/cards.jsonl")).unwrap();
    let pairs = ["node1=one", "node2=two"];
    let image = ["--image", "system.img"];
    let ended = place.types(&[&["card", "write", "--yes"], &pairs[..], &image].concat());
    assert_eq!(ended.status, 6, "{}", ended.complaint);
    assert_eq!(
        ended.output.matches("done  node").count(),
        2,
        "{}",
        ended.output
    );
    assert!(
        ended.complaint.contains("cards.jsonl"),
        "{}",
        ended.complaint
    );
}

#[test]
fn the_next_card_of_a_node_is_of_a_new_generation_also_after_a_torn_record() {
    let place = place();
    let folder = place.folder();
    image(folder);
    make(folder, "truncate", &["-s", "100M", "one"]);
    let write = || {
        let args = [
            "card",
            "write",
            "--yes",
            "node1=one",
            "--image",
            "system.img",
        ];
        well(&place.types(&args));
    };
    write();
    write();
    let path = folder.join(".bramble/cards.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let last = text.lines().last().unwrap();
    // The first was lost, and a third was cut off.
    fs::write(&path, format!("{last}\n{{\"time\":\"2026")).unwrap();
    write();
    assert!(of_boot(folder, "one", "meta-data").contains("-node1-2-"));
    write();
    assert!(of_boot(folder, "one", "meta-data").contains("-node1-3-"));
}

#[test]
fn where_the_image_is_at_fault_that_is_told_of_each_card_and_nothing_is_left() {
    let place = place();
    let folder = place.folder();
    image(folder);
    let right = ["card", "image", "node[1-2]", "--image", "system.img", "-o"];
    well(&place.types(&[&right[..], &["right"]].concat()));
    let wrong = "0".repeat(64);
    let rest = ["--image", "system.img", "--sha256", &wrong, "--json"];
    for verb in [
        &["image", "node[1-2]", "-o", "cards"][..],
        &["verify", "node1=right/node1.img", "node2=right/node2.img"],
    ] {
        let ended = place.types(&[&["card"], verb, &rest].concat());
        assert_eq!(ended.status, 2, "{}", ended.complaint);
        let mut lines = ended.complaint.lines();
        let error = lines.find(|line| line.starts_with("error: ")).unwrap();
        assert!(error.contains("the SHA-256 of the file"), "{error}");
        assert_eq!(error.matches("system.img").count(), 1, "{error}");
        let last = ended.output.lines().rev().take(2);
        for event in last.map(|line| serde_json::from_str::<Value>(line).unwrap()) {
            assert!(["file", "compared"].contains(&event["event"].as_str().unwrap()));
            let why = "given up: the image is broken, or not the one expected";
            assert_eq!(event["failure"], why);
        }
    }
    // Nor the directory that was made for them.
    assert!(!folder.join("cards").exists());
}

#[test]
fn what_stands_for_a_card_is_its_owners_alone_once_it_is_written() {
    let place = place();
    let folder = place.folder();
    image(folder);
    make(folder, "truncate", &["-s", "100M", "one"]);
    make(folder, "chmod", &["664", "one"]);
    let args = [
        "card",
        "write",
        "--yes",
        "node1=one",
        "--image",
        "system.img",
    ];
    well(&place.types(&args));
    let mode = fs::metadata(folder.join("one")).unwrap().mode();
    assert_eq!(mode & 0o777, 0o600);
}
