//! One step after the other: answers, complaints, going back.

use super::super::Interview;
use super::{answered, defaults, with_catalogue};

/// At step `id`, after the answers before it.
fn at<'a>(
    vocabulary: bramble_cluster::file::Vocabulary<'a>,
    id: &str,
    answers: &[(&str, &str)],
) -> Interview<'a> {
    let mut interview = Interview::new(vocabulary, defaults());
    while let Some(step) = interview.step().filter(|step| step.id != id) {
        let answer = answers.iter().find(|(id, _)| *id == step.id);
        interview
            .answer(answer.map_or("", |(_, answer)| answer))
            .unwrap();
    }
    assert_eq!(interview.step().map(|step| step.id), Some(id), "is asked");
    interview
}

fn offered(interview: &Interview<'_>) -> Vec<String> {
    let choices = interview.step().unwrap().choices;
    choices.into_iter().map(|choice| choice.value).collect()
}

#[test]
fn all_twelve_questions_are_asked_in_order() {
    with_catalogue(|vocabulary| {
        let mut interview = Interview::new(vocabulary, defaults());
        let mut numbers = Vec::new();
        while let Some(step) = interview.step() {
            numbers.extend(step.number);
            interview.answer("").unwrap();
        }
        assert!(numbers.is_sorted());
        numbers.dedup();
        assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    });
}

#[test]
fn a_choice_is_made_by_name_by_number_or_by_an_empty_line() {
    with_catalogue(|vocabulary| {
        for (typed, kept) in [
            ("poe", "poe"),
            ("2", "charger"),
            ("", "own"),
            (" Own ", "own"),
        ] {
            let mut interview = at(vocabulary, "power", &[]);
            assert_eq!(interview.answer(typed).unwrap().answer, kept, "{typed:?}");
        }
    });
}

#[test]
fn several_choices_are_kept_in_their_own_order() {
    with_catalogue(|vocabulary| {
        for typed in ["services, learn", "3 1", "3,1,3"] {
            let mut interview = at(vocabulary, "purpose", &[]);
            assert_eq!(interview.answer(typed).unwrap().answer, "learn,services");
        }
    });
}

#[test]
fn a_wrong_answer_says_what_could_stand_there_and_changes_nothing() {
    with_catalogue(|vocabulary| {
        for (id, typed) in [
            ("name", "My Garden"),
            ("timezone", "london"),
            ("purpose", "learn, paralel"),
            ("workers", "0"),
            ("workers", "many"),
            ("board", "rpi9"),
            ("ram", "3GB"),
            ("job_memory", "5"),
            ("tasks_per_node", "-1"),
            ("power", "7"),
            ("power", "batteries"),
            ("image", "windows"),
            ("user", "root"),
            ("wifi", "a name of more than thirty-two octets"),
            ("subnet", "10.42.0.0/24"),
            ("subnet", "10.55.0.0/30"),
            ("key", "hunter2"),
            ("prefix", "Node"),
            ("domain", "Garden"),
        ] {
            let mut interview = at(vocabulary, id, &[]);
            let before = interview.file();
            let complaint = interview.answer(typed).unwrap_err();
            assert!(complaint.remedy.is_some(), "{id} = {typed}: {complaint}");
            assert_eq!(interview.file(), before, "{id} = {typed}");
            assert_eq!(interview.step().unwrap().id, id);
        }
    });
}

#[test]
fn a_near_miss_is_answered_with_what_was_probably_meant() {
    with_catalogue(|vocabulary| {
        let complaint = at(vocabulary, "power", &[]).answer("poee").unwrap_err();
        let remedy = complaint.remedy.unwrap();
        assert!(remedy.starts_with("did you mean poe?"), "{remedy}");
    });
}

#[test]
fn going_back_finds_what_was_said_as_the_default() {
    with_catalogue(|vocabulary| {
        let mut interview = Interview::new(vocabulary, defaults());
        assert!(!interview.back(), "there is nothing before the first");
        interview.answer("orchard").unwrap();
        interview.answer("Europe/Paris").unwrap();
        assert!(interview.back() && interview.back());
        let step = interview.step().unwrap();
        assert_eq!((step.id, step.default.as_str()), ("name", "orchard"));
        interview.answer("").unwrap();
        assert_eq!(interview.step().unwrap().default, "Europe/Paris");
    });
}

#[test]
fn an_answer_that_no_longer_fits_falls_back_to_what_is_proposed() {
    with_catalogue(|vocabulary| {
        let mut interview = at(vocabulary, "power", &[]);
        interview.answer("poe").unwrap();
        while interview.step().unwrap().id != "board" {
            interview.back();
        }
        // A VIM3 has no pins for PoE.
        interview.answer("vim3-pro").unwrap();
        while interview.step().unwrap().id != "power" {
            interview.answer("").unwrap();
        }
        assert_eq!(interview.step().unwrap().default, "own");
    });
}

#[test]
fn only_what_the_board_can_do_is_offered_and_the_rest_is_explained() {
    with_catalogue(|vocabulary| {
        let storage = |board| at(vocabulary, "storage", &[("board", board)]);
        assert_eq!(offered(&storage("rpi4b")), ["microsd", "ssd"]);
        assert_eq!(
            offered(&storage("cm5")),
            ["microsd", "emmc", "emmc-ssd", "ssd"]
        );
        let missing = storage("cm5").step().unwrap().missing;
        assert!(missing[0].starts_with("microSD beside eMMC"), "{missing:?}");
        let power = |board| at(vocabulary, "power", &[("board", board)]);
        assert!(offered(&power("rpi5")).contains(&"poe".to_owned()));
        assert!(!offered(&power("vim3-pro")).contains(&"poe".to_owned()));
        let missing = power("vim3-pro").step().unwrap().missing;
        assert!(
            missing[0].starts_with("PoE: the Khadas VIM3 Pro"),
            "{missing:?}"
        );
        assert!(offered(&power("cm4")).contains(&"backplane".to_owned()));
    });
}

#[test]
fn memory_that_does_not_suffice_is_said_at_once() {
    with_catalogue(|vocabulary| {
        let answers = [("ram", "2GB"), ("job_memory", "1GB")];
        let mut interview = at(vocabulary, "tasks_per_node", &answers);
        assert_eq!(interview.step().unwrap().default, "2");
        let text = interview.answer("4").unwrap().text.unwrap();
        assert_eq!(
            text,
            "4 x 1 GB = 4 GB, and a worker has 2 GB: too much. Go back with b."
        );
    });
}

#[test]
fn a_card_too_small_for_what_is_kept_is_said_at_once() {
    with_catalogue(|vocabulary| {
        let told = |card| {
            let mut interview = at(vocabulary, "card", &[("per_node", "20GB")]);
            interview.answer(card).unwrap().text.unwrap()
        };
        assert_eq!(
            told("64GB"),
            "64 GB: your 20 GB leave 44 GB for the system and the rest."
        );
        assert_eq!(
            told("16GB"),
            "16 GB, and you keep 20 GB: too small. Go back with b."
        );
    });
}

#[test]
fn a_switch_of_too_few_watts_is_said_at_once() {
    with_catalogue(|vocabulary| {
        let told = |workers| {
            let answers = [("board", "rpi4b"), ("power", "poe"), ("workers", workers)];
            let mut interview = at(vocabulary, "switch", &answers);
            interview
                .answer("tenda-teg1105p-4-63w")
                .unwrap()
                .text
                .unwrap()
        };
        assert_eq!(
            told("1"),
            "2 of its 5 ports are taken. It reserves 2 x 30 W = 60 W, and has 63 W: that fits."
        );
        assert_eq!(
            told("3"),
            "4 of its 5 ports are taken. It reserves 4 x 30 W = 120 W, and has 63 W: too \
             little. Go back with b."
        );
    });
}

#[test]
fn enough_switches_are_counted_for_nodes_router_and_links() {
    with_catalogue(|vocabulary| {
        let switches = |workers, access, power| {
            let answers = [
                ("board", "rpi4b"),
                ("workers", workers),
                ("access", access),
                ("power", power),
            ];
            let file = answered(vocabulary, &answers).file();
            let line = file.lines().find(|line| line.starts_with("switches = "));
            line.map_or(1, |line| line.split(' ').nth(2).unwrap().parse().unwrap())
        };
        assert_eq!(switches("7", "gateway", "own"), 1_u32);
        // The router takes a port of its own.
        assert_eq!(switches("6", "direct", "own"), 1);
        assert_eq!(switches("7", "direct", "own"), 2);
        // Of eight ports each, one is the link's: fourteen cables.
        assert_eq!(switches("13", "gateway", "own"), 2);
        assert_eq!(switches("14", "gateway", "own"), 3);
        // Four of five ports feed boards.
        assert_eq!(switches("3", "gateway", "poe"), 1);
        assert_eq!(switches("4", "gateway", "poe"), 2);
    });
}

#[test]
fn nothing_that_is_said_is_wider_than_a_terminal() {
    with_catalogue(|vocabulary| {
        for board in ["rpi5", "cm4", "cm5", "vim3-pro", "rpi3bplus"] {
            for power in ["own", "charger", "poe", "backplane"] {
                let mut interview = Interview::new(vocabulary, defaults());
                while let Some(step) = interview.step() {
                    let wide = |text: &str| text.len() > 74;
                    assert!(!wide(step.title) && !wide(step.why), "{}", step.id);
                    let names = step.choices.iter().map(|choice| choice.value.len());
                    let names = names.max().unwrap_or_default();
                    for choice in &step.choices {
                        let width = 9 + names + choice.follows.len();
                        assert!(width <= 80, "{}: {choice:?}", step.id);
                    }
                    let answer = match step.id {
                        "board" => board,
                        "power" if step.choices.iter().any(|one| one.value == power) => power,
                        _ => "",
                    };
                    let told = interview.answer(answer).unwrap().text.unwrap_or_default();
                    assert!(told.len() <= 130, "{}: {told}", step.id);
                }
            }
        }
    });
}

#[test]
fn after_the_last_answer_nothing_is_asked() {
    with_catalogue(|vocabulary| {
        let mut interview = answered(vocabulary, &[]);
        assert!(interview.step().is_none());
        assert!(interview.answer("more").is_err());
        assert!(interview.back());
        assert_eq!(interview.step().unwrap().id, "domain");
    });
}
