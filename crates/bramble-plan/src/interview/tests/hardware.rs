//! Every board of the catalogue, and what is proposed for it.

use bramble_cluster::catalogue::Reference;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::file::Vocabulary;

use super::super::Interview;
use super::{defaults, errors, read, with_catalogue};
use crate::checks;
use crate::site::Site;

/// What no proposal can mend, since the board itself is at fault: a Pi Zero 2 W has
/// no port for a network cable. The step that chooses it says so.
const UNAVOIDABLE: &[(&str, &str)] = &[("rpizero2w", "no-ethernet")];

/// The errors that rules find where all else is as proposed.
fn faults(vocabulary: Vocabulary<'_>, answers: &[(&str, &str)]) -> Vec<String> {
    let mut interview = Interview::new(vocabulary, defaults());
    let lines: Vec<_> = answers
        .iter()
        .map(|(id, answer)| format!("{id} = \"{answer}\""))
        .collect();
    // At one go, which is what typing them comes to, and faster.
    assert_eq!(interview.read_answers(&lines.join("\n")).unwrap(), []);
    let reading = read(&interview, vocabulary);
    assert_eq!(errors(&reading), Vec::<&_>::new(), "{answers:?}");
    let cluster = reading.cluster.unwrap();
    let reference = Reference::builtin();
    let found = checks::run(&Site::new(&cluster, vocabulary.catalogue, &reference));
    let avoidable = |rule: &str| {
        let mut chosen = answers.iter().map(|(_, answer)| *answer);
        !chosen.any(|answer| UNAVOIDABLE.contains(&(answer, rule)))
    };
    let found = found
        .iter()
        .filter(|one| one.severity == Severity::Error && avoidable(one.id));
    found
        .map(|one| format!("{answers:?}: {}: {}", one.id, one.title))
        .collect()
}

/// The ways to feed `board` that are offered.
fn ways(vocabulary: Vocabulary<'_>, board: &str) -> Vec<String> {
    let mut interview = Interview::new(vocabulary, defaults());
    while let Some(step) = interview.step() {
        if step.id == "power" {
            return step.choices.into_iter().map(|one| one.value).collect();
        }
        let answer = if step.id == "board" { board } else { "" };
        interview.answer(answer).unwrap();
    }
    Vec::new()
}

#[test]
fn whatever_board_and_power_are_chosen_the_rules_accept_what_is_proposed() {
    with_catalogue(|vocabulary| {
        let mut found = Vec::new();
        for board in vocabulary.catalogue.boards.keys() {
            for power in ways(vocabulary, board) {
                found.extend(faults(vocabulary, &[("board", board), ("power", &power)]));
            }
        }
        assert!(found.is_empty(), "{found:#?}");
    });
}

#[test]
fn every_board_can_be_the_head() {
    with_catalogue(|vocabulary| {
        let mut found = Vec::new();
        for board in vocabulary.catalogue.boards.keys() {
            for power in ["own", "charger", "poe"] {
                let answers = [("board", "rpi4b"), ("head_board", board), ("power", power)];
                found.extend(faults(vocabulary, &answers));
            }
        }
        assert!(found.is_empty(), "{found:#?}");
    });
}

#[test]
fn every_board_goes_through_an_answers_file() {
    with_catalogue(|vocabulary| {
        for board in vocabulary.catalogue.boards.keys() {
            let text = format!("board = \"{board}\"\nhead_board = \"{board}\"\n");
            let mut interview = Interview::new(vocabulary, defaults());
            assert_eq!(interview.read_answers(&text).unwrap(), [], "{board}");
            let reading = read(&interview, vocabulary);
            assert_eq!(errors(&reading), Vec::<&_>::new(), "{board}");
        }
    });
}

#[test]
fn more_boards_than_any_switch_can_feed_leave_the_switch_open() {
    with_catalogue(|vocabulary| {
        for workers in ["1", "3", "9", "30"] {
            for board in ["rpi5", "rpi4b"] {
                let answers = [("workers", workers), ("board", board), ("power", "poe")];
                assert_eq!(faults(vocabulary, &answers), Vec::<String>::new());
            }
        }
    });
}

#[test]
fn a_board_that_cannot_be_joined_by_a_switch_is_told_at_once() {
    with_catalogue(|vocabulary| {
        let mut interview = Interview::new(vocabulary, defaults());
        while interview.step().is_some_and(|step| step.id != "board") {
            interview.answer("").unwrap();
        }
        let text = interview.answer("rpizero2w").unwrap().text.unwrap();
        assert!(text.contains("has no Ethernet port"), "{text}");
    });
}
