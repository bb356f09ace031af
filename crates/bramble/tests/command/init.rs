//! `bramble init` as it is typed: what it writes, and when it writes nothing.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::process::{Child, Stdio};

use bramble_testkit::RECIPE;
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::typed::{Ended, Place};

fn told(ended: &Ended) -> (i32, &str) {
    assert_eq!(ended.output, "", "a failure is no result");
    (ended.status, ended.complaint.as_str())
}

/// The command at a terminal of its own, and our end of that terminal.
fn at_a_terminal(place: &Place, args: &[&str]) -> (Child, fs::File) {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
    let theirs = || {
        let terminal = fs::OpenOptions::new().read(true).write(true).open(&name);
        Stdio::from(OwnedFd::from(terminal.unwrap()))
    };
    let mut command = place.command(args);
    command.stdin(theirs()).stdout(theirs()).stderr(theirs());
    (command.spawn().unwrap(), fs::File::from(ours))
}

/// Types `keys`; how it ended, and what was shown.
fn typed(place: &Place, args: &[&str], keys: &[u8]) -> (i32, String) {
    let (mut child, mut terminal) = at_a_terminal(place, args);
    terminal.write_all(keys).unwrap();
    let mut shown = Vec::new();
    // Reading fails when the other end is closed.
    let _closed = std::io::copy(&mut terminal, &mut shown);
    let status = child.wait().unwrap().code().unwrap();
    (status, String::from_utf8_lossy(&shown).into_owned())
}

#[test]
fn answers_from_a_file_make_a_cluster_file_without_errors() {
    let place = Place::empty();
    fs::write(
        place.path("answers.toml"),
        "workers = 2\nname = \"attic\"\n",
    )
    .unwrap();
    let ended = place.types(&["init", "--answers", "answers.toml"]);
    assert_eq!(ended.status, 0, "{}", ended.complaint);
    assert_eq!(ended.complaint, "\nwritten: bramble.toml\n");
    let first = ended
        .output
        .lines()
        .find(|line| line.starts_with("bramble.toml: "));
    assert!(first.unwrap().contains("0 errors"), "{}", ended.output);
    for next in ["bramble plan", "bramble draw", "bramble try"] {
        assert!(ended.output.contains(next), "{next}");
    }
    let file = fs::read_to_string(place.path("bramble.toml")).unwrap();
    assert!(
        file.contains("name = \"attic\"") && file.contains("node[1-2]"),
        "{file}"
    );
}

#[test]
fn the_questions_filled_in_by_nobody_are_what_is_proposed() {
    let place = Place::empty();
    let ended = place.types(&["init", "--questions"]);
    assert_eq!((ended.status, ended.complaint.as_str()), (0, ""));
    assert!(!place.path("bramble.toml").exists(), "only printed");
    fs::write(place.path("answers.toml"), &ended.output).unwrap();
    let ended = place.types(&["init", "--answers", "answers.toml"]);
    assert_eq!(ended.status, 0, "{}", ended.complaint);
}

#[test]
fn a_cluster_file_is_only_written_over_when_that_is_wanted() {
    let place = Place::with("mine");
    let ended = place.types(&["init", "--template", "002-recipe"]);
    assert_eq!(
        told(&ended),
        (
            2,
            "error: bramble.toml is there already\n\
             hint: write another one with `-f FILE`\n\
             hint: or write over it with `--force`\n"
        )
    );
    assert_eq!(
        fs::read_to_string(place.path("bramble.toml")).unwrap(),
        "mine"
    );
    let ended = place.types(&["init", "--template", "002-recipe", "--force"]);
    assert_eq!(ended.status, 0, "{}", ended.complaint);
    assert_eq!(
        fs::read_to_string(place.path("bramble.toml")).unwrap(),
        RECIPE
    );
}

#[test]
fn a_template_is_written_to_the_file_that_is_named() {
    let place = Place::empty();
    let ended = place.types(&["-f", "garden.toml", "init", "--template", "002-recipe"]);
    assert_eq!(ended.status, 0, "{}", ended.complaint);
    assert!(
        ended.output.contains("bramble -f garden.toml plan"),
        "{}",
        ended.output
    );
    assert_eq!(
        fs::read_to_string(place.path("garden.toml")).unwrap(),
        RECIPE
    );
}

#[test]
fn every_example_is_a_template_without_errors() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let folders = fs::read_dir(examples).unwrap().map(|entry| entry.unwrap());
    let with_file = folders.filter(|folder| folder.path().join("bramble.toml").exists());
    for folder in with_file {
        let name = folder.file_name().into_string().unwrap();
        let place = Place::empty();
        let ended = place.types(&["init", "--template", &name]);
        assert_eq!(
            ended.status, 0,
            "{name}: {}{}",
            ended.output, ended.complaint
        );
        let text = fs::read_to_string(folder.path().join("bramble.toml")).unwrap();
        let written = fs::read_to_string(place.path("bramble.toml")).unwrap();
        assert_eq!(written, text, "{name}");
    }
}

#[test]
fn a_wrong_template_is_answered_with_the_right_ones() {
    let ended = Place::empty().types(&["init", "--template", "002-recip"]);
    let (status, complaint) = told(&ended);
    assert_eq!(status, 2);
    assert!(
        complaint.contains("possible values: ") && complaint.contains("similar"),
        "{complaint}"
    );
}

#[test]
fn a_folder_that_is_not_there_is_said_before_anything_is_asked() {
    let ended =
        Place::empty().types(&["-f", "new/bramble.toml", "init", "--template", "002-recipe"]);
    assert_eq!(
        told(&ended),
        (
            2,
            "error: there is no folder HERE/new\n\
             hint: make it first: `mkdir -p HERE/new`\n"
        )
    );
}

#[test]
fn without_a_terminal_it_is_said_how_to_answer() {
    let ended = Place::empty().types(&["init"]);
    let (status, complaint) = told(&ended);
    assert_eq!(status, 2);
    for way in [
        "there is no terminal",
        "--questions",
        "--answers",
        "--template",
    ] {
        assert!(complaint.contains(way), "{complaint}");
    }
}

#[test]
fn wrong_answers_are_all_told_and_nothing_is_written() {
    let place = Place::empty();
    fs::write(place.path("a.toml"), "workers = 0\n\nbord = \"rpi5\"\n").unwrap();
    let ended = place.types(&["init", "--answers", "a.toml"]);
    assert_eq!(
        told(&ended),
        (
            2,
            "error: a.toml:1: workers: 0 cannot stand here\n\
             error: a.toml:3: no step is called bord\n\
             hint: line 1: type a number from 1 to 200\n\
             hint: line 3: did you mean board?\n"
        )
    );
    assert!(!place.path("bramble.toml").exists());
}

#[test]
fn the_result_as_json_names_the_file_and_its_findings() {
    let place = Place::empty();
    let ended = place.types(&["init", "--template", "002-recipe", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&ended.output).unwrap();
    assert_eq!(json["file"], "HERE/bramble.toml");
    assert_eq!(json["errors"], 0);
}

#[test]
fn enter_at_every_question_writes_what_is_proposed() {
    let place = Place::empty();
    let (status, shown) = typed(&place, &["init"], &b"\n".repeat(60));
    assert_eq!(status, 0, "{shown}");
    for number in 1..=12 {
        assert!(
            shown.contains(&format!("Question {number} of 12:")),
            "{shown}"
        );
    }
    let typed = fs::read_to_string(place.path("bramble.toml")).unwrap();
    fs::write(place.path("none.toml"), "").unwrap();
    let ended = place.types(&["init", "--force", "--answers", "none.toml"]);
    assert_eq!(ended.status, 0, "{}", ended.complaint);
    let answered = fs::read_to_string(place.path("bramble.toml")).unwrap();
    assert_eq!(typed, answered);
}

#[test]
fn one_can_go_back_ask_and_be_refused() {
    let place = Place::empty();
    let keys = b"orchard\nb\n?\nNo Good\nattic\n";
    let keys = [keys.as_slice(), &b"\n".repeat(60)].concat();
    let (status, shown) = typed(&place, &["init"], &keys);
    assert_eq!(status, 0, "{shown}");
    assert!(
        shown.contains("[orchard]") && shown.contains("lower-case letters"),
        "{shown}"
    );
    let file = fs::read_to_string(place.path("bramble.toml")).unwrap();
    assert!(file.contains("name = \"attic\""), "{file}");
}

#[test]
fn whoever_quits_or_is_cut_off_leaves_nothing_behind() {
    for (keys, status, said) in [
        (b"\nq\n".as_slice(), 0, "Nothing was written."),
        (b"\n\x04", 2, "nothing was written"),
    ] {
        let place = Place::empty();
        let (ended, shown) = typed(&place, &["init"], keys);
        assert_eq!(ended, status, "{shown}");
        assert!(shown.contains(said), "{shown}");
        assert_eq!(fs::read_dir(place.path("")).unwrap().count(), 0);
    }
}

#[test]
fn ctrl_c_at_a_question_writes_nothing_and_says_so() {
    let place = Place::empty();
    let (mut child, mut terminal) = at_a_terminal(&place, &["init"]);
    let mut shown = String::new();
    let mut piece = [0; 512];
    while !shown.contains("[garden]") {
        let length = terminal.read(&mut piece).unwrap();
        shown.push_str(&String::from_utf8_lossy(&piece[..length]));
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let mut rest = Vec::new();
    let _closed = std::io::copy(&mut terminal, &mut rest);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let rest = String::from_utf8_lossy(&rest);
    assert!(rest.contains("interrupted; nothing was written"), "{rest}");
    assert_eq!(fs::read_dir(place.path("")).unwrap().count(), 0);
}

#[test]
fn after_errors_it_says_what_to_mend_before_anything_else() {
    let place = Place::empty();
    let answers = "board = \"rpi5\"\npower = \"charger\"\nsupply = \"anker-60w-6\"\n";
    fs::write(place.path("weak.toml"), answers).unwrap();
    let ended = place.types(&["-f", "weak-one.toml", "init", "--answers", "weak.toml"]);
    assert_eq!(ended.status, 1, "{}", ended.complaint);
    let output = &ended.output;
    assert!(output.contains("mend the errors above"), "{output}");
    assert!(
        output.contains("bramble -f weak-one.toml check"),
        "{output}"
    );
    for next in ["weak-one.toml plan", "Go on with", "weak-one.toml draw"] {
        assert!(!output.contains(next), "{next}: {output}");
    }
}

#[test]
fn every_board_goes_through_with_an_answers_file() {
    for board in ["rpi400", "vim4", "macmini-m4"] {
        let place = Place::empty();
        let answers = format!("board = \"{board}\"\ncores = 4\nram = \"8GB\"\n");
        fs::write(place.path("answers.toml"), answers).unwrap();
        let ended = place.types(&["init", "--answers", "answers.toml"]);
        assert_eq!(
            ended.status, 0,
            "{board}: {}{}",
            ended.output, ended.complaint
        );
    }
}

#[test]
fn a_question_mark_at_the_end_tells_what_happens_next() {
    let place = Place::empty();
    let (_, shown) = typed(&place, &["init"], &b"\n".repeat(60));
    let steps = shown.matches('>').count() - 1;
    let place = Place::empty();
    let keys = [b"\n".repeat(steps), b"?\n\n".to_vec()].concat();
    let (status, shown) = typed(&place, &["init"], &keys);
    assert_eq!(status, 0, "{shown}");
    assert!(shown.contains("Nothing is written yet"), "{shown}");
}

#[test]
fn the_help_says_where_the_file_is_written() {
    let ended = Place::empty().types(&["init", "--help"]);
    assert!(
        ended.output.contains("bramble.toml in this folder"),
        "{}",
        ended.output
    );
}
