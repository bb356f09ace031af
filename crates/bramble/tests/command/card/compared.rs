//! `bramble card verify`: what is found of cards that are not as they have to be.

use std::fs::{self, File};

use serde_json::Value;

use super::{BOOT, BOOT_LENGTH, image, make, place, well};
use crate::typed::{Ended, Place};

/// A cluster, an image, and the card of a node made from it.
fn with_card() -> Place {
    let place = place();
    image(place.folder());
    let args = ["card", "image", "node1", "--image", "system.img", "-o"];
    well(&place.types(&[&args[..], &["cards"]].concat()));
    place
}

fn verify(place: &Place, more: &[&str]) -> Ended {
    let pair = "node1=cards/node1.img";
    let ended = place.types(&[&["card", "verify", pair, "--image", "system.img"], more].concat());
    assert_eq!(ended.status, 1, "{}{}", ended.output, ended.complaint);
    ended
}

/// What a program is told at the end.
fn told(place: &Place) -> Value {
    let ended = verify(place, &["--json"]);
    serde_json::from_str(ended.output.lines().last().unwrap()).unwrap()
}

/// Changes the boot partition of the card.
fn change(place: &Place, program: &str, args: &[&str]) {
    let at = format!("cards/node1.img@@{BOOT}");
    make(place.folder(), program, &[&["-i", &at], args].concat());
}

#[test]
fn what_differs_is_named() {
    let place = with_card();
    fs::write(place.path("more"), "more\n").unwrap();
    change(&place, "mcopy", &["-o", "more", "::config.txt"]);
    let told = told(&place);
    let differs = told["differs"].as_array().unwrap();
    assert!(differs.contains(&Value::from("config.txt")), "{told}");
    assert!(!differs.contains(&Value::from("cmdline.txt")), "{told}");
    assert_eq!(told["missing"], Value::Array(Vec::new()));
}

#[test]
fn a_file_that_is_not_there_or_goes_by_another_name_is_missing() {
    let place = with_card();
    change(&place, "mdel", &["::user-data"]);
    change(&place, "mren", &["::CONFIG.TXT", "::other.txt"]);
    let ended = verify(&place, &[]);
    for name in ["user-data", "config.txt"] {
        let line = format!("    {name}: missing\n");
        assert!(ended.output.contains(&line), "{}", ended.output);
    }
    assert_eq!(ended.output.matches("missing").count(), 2);
    let missing = &told(&place)["missing"];
    assert_eq!(missing.as_array().unwrap().len(), 2, "{missing}");
}

#[test]
fn a_card_that_is_too_short_is_told_so_and_not_compared() {
    let place = with_card();
    let card = File::options()
        .write(true)
        .open(place.path("cards/node1.img"));
    let whole = fs::metadata(place.path("system.img")).unwrap().len();
    card.unwrap().set_len(BOOT + BOOT_LENGTH).unwrap();
    let told = told(&place);
    let why = format!("too short: {} of {whole} bytes", BOOT + BOOT_LENGTH);
    assert_eq!(told["failure"], why, "{told}");
    assert_eq!(told["compared"], 0);
}

#[test]
fn what_is_no_card_at_all_is_told_so_and_the_others_are_compared() {
    let place = with_card();
    fs::write(place.path("list"), "eggs, milk\n").unwrap();
    let args = ["card", "verify", "node2=list", "node1=cards/node1.img"];
    let ended = place.types(&[&args[..], &["--image", "system.img"]].concat());
    assert_eq!(ended.status, 1);
    let lines: Vec<_> = ended.output.lines().collect();
    assert!(
        lines[0].contains("node2  list: no card: it has no partition table"),
        "{lines:?}"
    );
    assert!(lines[1].starts_with("same  node1"), "{lines:?}");
}
