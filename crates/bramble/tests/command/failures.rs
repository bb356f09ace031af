//! Why a command cannot go on: what happened, where, and what to do.

use std::fs;

use bramble_testkit::RECIPE;

use crate::typed::{Ended, Place};

fn told(ended: &Ended) -> (i32, &str) {
    assert_eq!(ended.output, "", "a failure is no result");
    (ended.status, ended.complaint.as_str())
}

#[test]
fn no_cluster_file_is_near() {
    let ended = Place::empty().types(&["check"]);
    assert_eq!(
        told(&ended),
        (
            2,
            "error: there is no bramble.toml in HERE or above it\n\
             hint: name the cluster file with `-f FILE`\n\
             hint: or see a whole cluster without one: `bramble try`\n"
        )
    );
}

#[test]
fn a_file_that_is_named_and_not_there() {
    let ended = Place::empty().types(&["-f", "garden.toml", "check"]);
    assert_eq!(
        told(&ended),
        (
            2,
            "error: cannot read garden.toml: No such file or directory (os error 2)\n\
             hint: name the cluster file with `-f FILE`\n"
        )
    );
}

#[test]
fn a_directory_in_place_of_a_file_names_the_file_in_it() {
    let ended = Place::empty().types(&["-f", ".", "check"]);
    assert_eq!(
        told(&ended),
        (
            2,
            "error: HERE is a directory, not a cluster file\n\
             hint: name the file in it: `-f HERE/bramble.toml`\n"
        )
    );
}

#[test]
fn a_file_that_is_no_text_names_the_line() {
    let ended = Place::with(b"[cluster]\nname = \"caf\xe9\"\n").types(&["check"]);
    assert_eq!(
        told(&ended),
        (
            2,
            "error: HERE/bramble.toml:2: this is no UTF-8 text\n\
             hint: save the file as UTF-8; TOML allows no other encoding\n"
        )
    );
}

#[test]
fn an_unknown_node_is_answered_with_the_likely_one() {
    let ended = Place::with(RECIPE).types(&["run", "nod1", "--", "true"]);
    let (status, complaint) = told(&ended);
    assert_eq!(status, 2);
    assert!(
        complaint.contains("no such node `nod1`; did you mean `node1`?"),
        "{complaint}"
    );
}

#[test]
fn several_nodes_are_no_place_to_log_in_to() {
    let ended = Place::with(RECIPE).types(&["ssh", "@worker"]);
    assert_eq!(
        told(&ended),
        (
            2,
            "error: `@worker` is not one node\nhint: to reach several, use `bramble run`\n"
        )
    );
}

#[test]
fn a_twin_that_is_not_up_names_how_to_start_it() {
    let ended = Place::with(RECIPE).types(&["--lab", "run", "@all", "--", "true"]);
    assert_eq!(
        told(&ended),
        (
            2,
            "error: the twin of garden is not up\nhint: start it: `bramble lab up`\n"
        )
    );
}

#[test]
fn a_node_that_the_cluster_does_not_have_cannot_fail() {
    let ended = Place::with(RECIPE).types(&["lab", "fail", "node9"]);
    assert_eq!(
        told(&ended),
        (
            2,
            "error: garden has no node node9\nhint: see its nodes: `bramble lab status`\n"
        )
    );
}

#[test]
fn a_time_without_a_known_unit_is_refused_with_an_example() {
    let ended = Place::with(RECIPE).types(&["internet", "on", "--for", "5x"]);
    let (status, complaint) = told(&ended);
    assert_eq!(status, 2);
    assert!(
        complaint.contains("`5x` is no time: write `90s`, `30m` or `2h`"),
        "{complaint}"
    );
}

#[test]
fn what_the_cluster_file_forbids_is_not_asked_of_the_gateway() {
    let never = RECIPE.replace("internet = \"on-demand\"", "internet = \"never\"");
    let ended = Place::with(never).types(&["internet", "on"]);
    assert_eq!(
        told(&ended),
        (
            2,
            "error: HERE/bramble.toml says `internet = \"never\"`\n\
             hint: set it to \"on-demand\" and run `bramble up`\n"
        )
    );
}

#[test]
fn a_program_that_is_not_there_is_not_submitted() {
    let ended = Place::with(RECIPE).types(&["job", "submit", "pi.py"]);
    let (status, complaint) = told(&ended);
    assert_eq!(status, 2);
    assert!(
        complaint.starts_with("error: cannot read pi.py: No such file"),
        "{complaint}"
    );
}

#[test]
fn a_cluster_file_with_errors_stops_every_command_and_shows_them() {
    for command in [
        &["up"][..],
        &["run", "@all", "--", "true"],
        &["lab", "status"],
    ] {
        let ended = Place::with(RECIPE.replace("rpi4b", "rpi4")).types(command);
        let (status, complaint) = told(&ended);
        assert_eq!(status, 2, "{command:?}");
        assert!(complaint.contains("did you mean `rpi4b`?"), "{complaint}");
        assert!(
            complaint.ends_with("error: bramble.toml has errors\n"),
            "{complaint}"
        );
    }
}

#[test]
fn what_can_only_look_makes_no_secrets() {
    let place = Place::with(RECIPE);
    for command in [&["check"][..], &["lab", "status"], &["completions", "bash"]] {
        assert_eq!(place.types(command).status, 0, "{command:?}");
    }
    assert!(!fs::exists(place.path(".bramble")).unwrap());
}
