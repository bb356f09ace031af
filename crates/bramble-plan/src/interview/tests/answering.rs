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
            ("tasks_per_node", "64"),
            ("key", "ssh-rsa AAAA"),
            ("currency", "money"),
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
fn memory_that_does_not_suffice_is_asked_for_again() {
    with_catalogue(|vocabulary| {
        let answers = [("ram", "2GB"), ("job_memory", "1GB")];
        let mut interview = at(vocabulary, "tasks_per_node", &answers);
        assert_eq!(interview.step().unwrap().default, "2");
        let complaint = interview.answer("4").unwrap_err();
        assert_eq!(complaint.what, "4 x 1 GB is too much: a worker has 2 GB");
        assert!(complaint.remedy.unwrap().contains("from 1 to 2"));
        assert_eq!(interview.step().unwrap().id, "tasks_per_node", "again");
        let mut interview = at(vocabulary, "job_memory", &[("ram", "2GB")]);
        assert!(interview.answer("3GB").is_err());
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
            let answers = [
                ("board", "rpi4b"),
                ("power", "poe"),
                ("workers", workers),
                ("hat", "rpi-poe-plus-hat"),
            ];
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

#[test]
fn a_board_by_its_common_name_is_answered_with_its_id() {
    with_catalogue(|vocabulary| {
        for (typed, meant) in [("pi4", "rpi4b"), ("rpi4", "rpi4b"), ("Pi5", "rpi5")] {
            let mut interview = at(vocabulary, "board", &[]);
            let remedy = interview.answer(typed).unwrap_err().remedy.unwrap();
            assert_eq!(remedy, format!("did you mean {meant}?"), "{typed}");
        }
        let taken = at(vocabulary, "board", &[]).answer("macmini-2013").unwrap();
        assert_eq!(taken.answer, "macmini-late2012-i5");
    });
}

#[test]
fn what_the_catalogue_does_not_know_of_a_board_is_asked() {
    with_catalogue(|vocabulary| {
        let answers = [
            ("board", "rpi400"),
            ("head_board", "vim4"),
            ("cores", "4"),
            ("head_cores", "8"),
            ("ram", "4GB"),
            ("head_ram", "8GB"),
        ];
        let file = answered(vocabulary, &answers).file();
        for line in [
            "[catalogue.boards.rpi400]\ncores = 4 ",
            "[catalogue.boards.vim4]\ncores = 8 ",
        ] {
            assert!(file.contains(line), "{file}");
        }
        let same = [("board", "rpi400"), ("cores", "6")];
        let file = answered(vocabulary, &same).file();
        assert_eq!(file.matches("[catalogue.boards.").count(), 1, "{file}");
        let known = answered(vocabulary, &[("board", "rpi4b")]).file();
        assert!(!known.contains("[catalogue.boards."), "{known}");
    });
}

#[test]
fn without_a_scheduler_nothing_is_asked_about_tasks() {
    with_catalogue(|vocabulary| {
        let file = answered(vocabulary, &[("purpose", "tasks")]).file();
        assert!(!file.contains("[scheduler]"), "{file}");
        let mut interview = Interview::new(vocabulary, defaults());
        while let Some(step) = interview.step() {
            assert!(!["job_memory", "tasks_per_node"].contains(&step.id));
            let answer = if step.id == "purpose" { "tasks" } else { "" };
            interview.answer(answer).unwrap();
        }
    });
}

#[test]
fn workers_that_boot_from_the_network_have_no_card() {
    with_catalogue(|vocabulary| {
        let file = |storage| {
            let answers = [
                ("board", "rpi4b"),
                ("install", "network"),
                ("storage", storage),
            ];
            answered(vocabulary, &answers).file()
        };
        let tables = file("microsd");
        let (head, nodes) = tables.split_once("[[nodes]]").unwrap();
        assert!(head.contains("\ncard = ") && !nodes.contains("\ncard = "));
        assert!(!tables.contains("\nper_node"), "{tables}");
        let tables = file("ssd");
        let (_, nodes) = tables.split_once("[[nodes]]").unwrap();
        assert!(!nodes.contains("\ncard = ") && nodes.contains("\ndrives = "));
    });
}

#[test]
fn the_drive_for_common_files_is_not_the_one_that_the_head_boots_from() {
    with_catalogue(|vocabulary| {
        for (board, storage, proposed) in [
            ("rpi4b", "microsd", "/dev/sda1"),
            ("rpi4b", "ssd", "/dev/sdb1"),
            ("rpi5", "ssd", "/dev/sda1"),
            ("cm5", "emmc-ssd", "/dev/nvme0n1p1"),
            ("cm5", "ssd", "/dev/sda1"),
        ] {
            let answers = [("board", board), ("storage", storage), ("shared", "drive")];
            let default = at(vocabulary, "device", &answers).step().unwrap().default;
            assert_eq!(default, proposed, "{board} with {storage}");
            let file = answered(vocabulary, &answers).file();
            let listed = storage == "emmc-ssd";
            assert_ne!(file.contains("add it as `drives`"), listed, "{file}");
        }
    });
}

#[test]
fn what_is_too_weak_is_said_at_once() {
    with_catalogue(|vocabulary| {
        let charger = [("board", "rpi5"), ("power", "charger")];
        let mut interview = at(vocabulary, "supply", &charger);
        let text = interview.answer("anker-60w-6").unwrap().text.unwrap();
        assert!(
            text.starts_with("Not enough: one port gives 12 W"),
            "{text}"
        );
    });
}

#[test]
fn money_is_asked_for_and_may_be_left_open() {
    with_catalogue(|vocabulary| {
        let file = answered(
            vocabulary,
            &[("currency", "eur"), ("electricity", "0.30/kWh")],
        )
        .file();
        assert!(file.contains("currency = \"EUR\""), "{file}");
        assert!(file.contains("electricity = \"0.30/kWh\""), "{file}");
        assert!(file.contains("\n#rented = "), "{file}");
        let open = answered(vocabulary, &[]).file();
        assert!(!open.contains("currency") && !open.contains("electricity"));
    });
}
