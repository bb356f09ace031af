//! Results: for people, for programs, and for nobody.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use bramble_testkit::{EXAMPLES, RECIPE};

use crate::typed::Place;

/// A cluster about which there is nothing to say.
const QUIET: &str = r#"
[cluster]
name = "quiet"
[network]
subnet = "10.55.0.0/24"
switch = "netgear-8-port"
[storage]
shared = [{ on = "head", path = "/srv/home", mount = "/home/shared", device = "/dev/sda1" }]
[head]
name = "head"
board = "rpi4b"
ram = "4GB"
card = "sandisk-ultra-32GB"
supply = "psu-15w"
usb = [{ name = "USB disk", current = "500mA" }]
uplink = { wifi = "HomeWifi" }
[[nodes]]
names = "node[1-2]"
board = "rpi4b"
ram = "4GB"
card = "sandisk-ultra-32GB"
supply = "psu-15w"
"#;

#[test]
fn a_good_file_is_checked_in_a_line_and_the_next_step_is_named() {
    let ended = Place::with(QUIET).types(&["check"]);
    assert_eq!(
        ended.output,
        "bramble.toml: 3 nodes, 0 errors, 0 warnings, 0 notes\nnext: bramble plan\n"
    );
    assert_eq!((ended.status, ended.complaint.as_str()), (0, ""));
}

#[test]
fn a_bad_file_is_checked_as_json_with_every_place() {
    let bad = RECIPE.replace("rpi4b", "rpi4").replace("subnet", "subnett");
    let ended = Place::with(&bad).types(&["check", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&ended.output).unwrap();
    assert_eq!(ended.status, 1);
    assert_eq!(json["file"], "HERE/bramble.toml");
    let found = json["findings"].as_array().unwrap();
    assert_eq!(json["errors"], found.len());
    for diagnostic in found {
        let place = &diagnostic["place"]["span"];
        let [start, end] = ["start", "end"].map(|end| place[end].as_u64().unwrap());
        assert!(
            usize::try_from(end).unwrap() <= bad.len() && start <= end,
            "{diagnostic}"
        );
    }
}

#[test]
fn the_state_of_a_twin_that_is_not_there_is_json_too() {
    let ended = Place::with(RECIPE).types(&["lab", "status", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&ended.output).unwrap();
    assert!(json.is_object(), "{json}");
}

#[test]
fn output_has_styles_only_where_they_are_asked_for() {
    let bad = Place::with(RECIPE.replace("rpi4b", "rpi4"));
    for (color, styles) in [("auto", false), ("never", false), ("always", true)] {
        let ended = bad.types(&["--color", color, "check"]);
        assert_eq!(ended.output.contains('\u{1b}'), styles, "{color}");
        let ended = bad.types(&["--color", color, "lab", "status"]);
        assert_eq!(ended.complaint.contains('\u{1b}'), styles, "{color}");
    }
}

#[test]
fn a_reader_who_goes_away_causes_no_panic() {
    let place = Place::empty();
    let mut command = place.command(["completions", "zsh"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
    assert!(line.starts_with("#compdef"), "{line}");
}

#[test]
fn the_nearest_cluster_file_upwards_is_meant() {
    let place = Place::with(RECIPE);
    let below = place.path("a/b");
    std::fs::create_dir_all(&below).unwrap();
    let output = place
        .command(["check"])
        .current_dir(&below)
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let file = place.path("bramble.toml");
    assert!(
        output.contains(&format!("{}: 6 nodes", file.display())),
        "{output}"
    );
}

#[test]
fn every_finding_can_be_explained() {
    let place = Place::empty();
    for id in ["poe-budget", "unknown-key"] {
        let ended = place.types(&["check", "--explain", id]);
        assert_eq!(ended.status, 0, "{}", ended.complaint);
        assert!(ended.output.lines().count() > 2, "{}", ended.output);
    }
    let ended = place.types(&["check", "--explain", "poe-bugdet"]);
    assert_eq!(ended.status, 2);
    assert!(
        ended
            .complaint
            .contains("`bramble check --explain poe-budget`"),
        "{}",
        ended.complaint
    );
}

/// The schema is held against another program's understanding of such schemas.
#[test]
fn the_schema_takes_the_examples_and_refuses_slips() {
    let ended = Place::empty().types(&["schema"]);
    let schema: serde_json::Value = serde_json::from_str(&ended.output).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let valid = |text: &str| {
        let file: toml::Table = text.parse().unwrap();
        schema.is_valid(&serde_json::to_value(file).unwrap())
    };
    for (name, text) in EXAMPLES {
        assert!(valid(text), "{name}");
    }
    for (right, slip) in [
        ("subnet =", "subnett ="),
        ("engine = \"slurm\"", "engine = \"slrm\""),
        ("quantity = 5", "quantity = 0"),
    ] {
        assert!(!valid(&RECIPE.replace(right, slip)), "{slip}");
    }
}
