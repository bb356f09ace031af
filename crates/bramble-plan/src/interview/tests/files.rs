//! What is written: cluster files, and files of answers.

use bramble_cluster::cluster::Medium;

use super::super::Interview;
use super::{answered, defaults, errors, read, with_catalogue};

/// A cluster for each large fork in the questions.
const CLUSTERS: &[(&str, &[(&str, &str)])] = &[
    ("as proposed", &[]),
    (
        "PoE at home",
        &[
            ("name", "attic"),
            ("purpose", "services"),
            ("workers", "2"),
            ("board", "rpi4b"),
            ("power", "poe"),
            ("access", "direct"),
            ("shared", "drive"),
            ("key", "id_ed25519.pub"),
        ],
    ),
    (
        "compute modules on a backplane",
        &[
            ("workers", "9"),
            ("board", "cm4"),
            ("head_board", "rpi5"),
            ("storage", "emmc-ssd"),
            ("ssd", "1.5TB"),
            ("power", "backplane"),
            ("uplink", "ethernet"),
            ("prefix", "blade"),
        ],
    ),
    (
        "machines that run already",
        &[
            ("workers", "7"),
            ("board", "vim3-basic"),
            ("head_board", "rpi4b"),
            ("storage", "emmc"),
            ("power", "charger"),
            ("install", "adopt"),
            ("access", "routed"),
            ("shared", "none"),
            ("purpose", "tasks"),
        ],
    ),
];

#[test]
fn the_files_read_well() {
    with_catalogue(|vocabulary| {
        for (name, answers) in CLUSTERS {
            let interview = answered(vocabulary, answers);
            let file = interview.file();
            insta::assert_snapshot!(name.replace(' ', "_"), file);
            let reading = read(&interview, vocabulary);
            assert_eq!(errors(&reading), Vec::<&_>::new(), "{name}");
            let longest = file
                .lines()
                .filter(|line| !line.contains("ssh-"))
                .map(str::len)
                .max();
            assert!(longest <= Some(92), "{name}: {longest:?}");
        }
    });
}

#[test]
fn the_questions_can_be_printed_for_filling_in() {
    with_catalogue(|vocabulary| {
        let questions = Interview::new(vocabulary, defaults()).questions();
        insta::assert_snapshot!("questions", questions);
    });
}

#[test]
fn every_step_is_in_the_file_to_fill_in_and_each_is_read_back() {
    with_catalogue(|vocabulary| {
        let mut interview = Interview::new(vocabulary, defaults());
        let questions = interview.questions();
        for question in super::super::questions::all() {
            let line = format!("\n#{} = ", question.id);
            assert!(questions.contains(&line), "{}", question.id);
        }
        let uncommented: Vec<_> = questions
            .lines()
            .filter_map(|line| line.strip_prefix('#'))
            .filter(|line| {
                line.split(" = ")
                    .next()
                    .is_some_and(|key| !key.contains(' '))
            })
            .filter(|line| line.contains(" = "))
            .collect();
        let uncommented = uncommented.join("\n");
        let proposed = interview.file();
        interview.read_answers(&uncommented).unwrap();
        assert_eq!(interview.file(), proposed, "{uncommented}");
    });
}

#[test]
fn answers_from_a_file_are_as_answers_typed() {
    with_catalogue(|vocabulary| {
        let text = "workers = 3\nboard = \"rpi4b\"\npurpose = [\"services\", \"learn\"]\n\
                    wifi = \"Caf\u{e9} \\\"5\\\"\"\n";
        let mut interview = Interview::new(vocabulary, defaults());
        let notes = interview.read_answers(text).unwrap();
        assert_eq!(notes, []);
        let typed = [
            ("workers", "3"),
            ("board", "rpi4b"),
            ("purpose", "learn,services"),
            ("wifi", "Caf\u{e9} \"5\""),
        ];
        assert_eq!(interview.file(), answered(vocabulary, &typed).file());
    });
}

#[test]
fn a_name_with_odd_characters_arrives_as_it_was_typed() {
    with_catalogue(|vocabulary| {
        for odd in [
            "say \"hi\"",
            "back\\slash\\",
            "Caf\u{e9} \u{1f353} #1",
            "'single'",
            "a = [b]",
        ] {
            let reading = read(&answered(vocabulary, &[("wifi", odd)]), vocabulary);
            let cluster = reading.cluster.unwrap();
            let uplink = cluster.head().uplink.clone().unwrap();
            assert_eq!(uplink.medium, Medium::Wifi(odd.to_owned()));
        }
    });
}

#[test]
fn every_wrong_line_of_an_answers_file_is_told_at_once() {
    with_catalogue(|vocabulary| {
        let mut interview = Interview::new(vocabulary, defaults());
        let before = interview.file();
        let text = "name = \"attic\"\nworkrs = 3\npower = \"steam\"\nuser = true\nboard = \"\"\n\
                    ram = \"1\"\n";
        let errors = interview.read_answers(text).unwrap_err();
        let told: Vec<_> = errors
            .iter()
            .map(|one| format!("{one}; {}", one.complaint.remedy.as_deref().unwrap_or("-")))
            .collect();
        insta::assert_snapshot!("wrong_answers", told.join("\n"));
        assert_eq!(interview.file(), before, "with any error nothing is taken");
    });
}

#[test]
fn a_file_that_is_no_toml_names_the_line() {
    with_catalogue(|vocabulary| {
        let mut interview = Interview::new(vocabulary, defaults());
        let errors = interview
            .read_answers("workers = 3\nboard = rpi4b\n")
            .unwrap_err();
        assert_eq!(errors[0].line, 2);
    });
}

#[test]
fn an_answer_to_a_step_that_is_left_out_is_noted() {
    with_catalogue(|vocabulary| {
        let mut interview = Interview::new(vocabulary, defaults());
        let text = "access = \"direct\"\nwifi = \"Home\"\n";
        let notes = interview.read_answers(text).unwrap();
        let told: Vec<_> = notes.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            ["line 2: wifi has no effect: other answers leave it out"]
        );
    });
}
