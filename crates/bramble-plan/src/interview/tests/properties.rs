//! What holds for all answers.

use std::collections::{BTreeMap, BTreeSet};

use bramble_cluster::file::{self, Vocabulary};
use proptest::prelude::*;

use super::super::text::quoted;
use super::super::{Interview, Step, questions};
use super::{defaults, errors, with_catalogue};

/// Texts to answer with, by step. Some are no answers; the interview says which.
const TEXTS: &[(&str, &[&str])] = &[
    ("name", &["garden", "a", "rack-7", "9lives"]),
    ("timezone", &["Etc/UTC", "Europe/Paris", "UTC"]),
    (
        "workers",
        &["1", "2", "5", "7", "33", "97", "98", "199", "200"],
    ),
    (
        "board",
        &[
            "rpi3b",
            "rpizero2w",
            "jetson-orin-nano-super",
            "macmini-m4",
            "rpi400",
            "bpi-cm4",
        ],
    ),
    (
        "head_board",
        &[
            "rpi3b",
            "rpizero2w",
            "macmini-2012",
            "jetson-orin-nano-super",
            "orangepi5plus",
        ],
    ),
    ("cores", &["1", "4", "8", "none"]),
    ("head_cores", &["2", "4"]),
    ("ram", &["512MB", "8GB", "0GB"]),
    ("head_ram", &["1GB", "16GB"]),
    ("currency", &["EUR", "gbp", "money"]),
    ("electricity", &["0.30", "0.18/kWh", "cheap"]),
    ("job_memory", &["100MB", "1GB", "64GB", "1.5GB"]),
    ("tasks_per_node", &["1", "3", "256"]),
    ("per_node", &["1MB", "8GB", "1.5TB"]),
    ("card", &["8GB", "64GB", "1.5TB", "4GiB"]),
    ("ssd", &["128GB", "2TB", "0.5TB"]),
    ("image", &["./mine.img", "https://example.org/a.img.xz"]),
    ("user", &["me", "_svc", "cluster-owner"]),
    (
        "wifi",
        &[
            "Home \"5\"",
            "back\\slash",
            "Caf\u{e9} \u{1f353}",
            "  two  blanks",
            "# no comment",
        ],
    ),
    ("interface", &["eth1", "enx001122334455", "usb0"]),
    (
        "subnet",
        &[
            "10.0.0.0/8",
            "192.168.7.0/24",
            "10.55.0.0/28",
            "172.20.0.0/16",
            "192.168.0.0/23",
        ],
    ),
    ("router", &["10.0.0.9", "192.168.7.254", "192.168.1.2"]),
    (
        "dhcp",
        &["192.168.1.50-192.168.1.60", "192.168.1.2-192.168.1.9"],
    ),
    ("device", &["/dev/sda1", "/dev/nvme0n1p1"]),
    (
        "key",
        &[
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB me",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG \"odd\\name\"",
            "ssh-rsa AAAA",
        ],
    ),
    ("head_name", &["head", "node1", "leader", "n"]),
    ("prefix", &["node", "rack1-", "n", "head", "5", "a1"]),
    ("domain", &["garden.lan", "a.b.c", "home.arpa"]),
];

/// Something to say at `step`: the default, a choice, or a text.
fn candidates(step: &Step) -> Vec<String> {
    let texts = TEXTS.iter().find(|(id, _)| *id == step.id);
    let texts = texts.map_or(&[] as &[&str], |(_, texts)| texts);
    let choices = step.choices.iter().map(|choice| choice.value.clone());
    let texts = texts.iter().map(|text| (*text).to_owned());
    choices.chain(texts).chain([String::new()]).collect()
}

/// Goes through all steps, choosing by `picks`; what cannot be taken is answered
/// with the default, which always can.
fn walk<'a>(vocabulary: Vocabulary<'a>, picks: &[usize]) -> Interview<'a> {
    let mut interview = Interview::new(vocabulary, defaults());
    let mut picks = picks.iter().cycle();
    while let Some(step) = interview.step() {
        let candidates = candidates(&step);
        let pick = picks.next().copied().unwrap_or_default();
        let answer = &candidates[pick % candidates.len()];
        if interview.answer(answer).is_err() {
            interview.answer("").unwrap();
        }
    }
    interview
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_way_through_the_questions_ends_in_a_file_without_an_error(
        picks in proptest::collection::vec(0_usize..1000, 40),
    ) {
        with_catalogue(|vocabulary| {
            let file = walk(vocabulary, &picks).file();
            let reading = file::read(&file, &vocabulary);
            assert!(errors(&reading).is_empty(), "{:#?}\n{file}", errors(&reading));
        });
    }

    #[test]
    fn any_text_is_written_so_that_toml_reads_it_back(text in "\\PC{0,12}|[\"\\\\\n\t#\u{1}]{0,8}") {
        let line = format!("key = {}", quoted(&text));
        let table = toml::de::DeTable::parse(&line).unwrap();
        let value = table.get_ref().values().next().unwrap().get_ref();
        prop_assert_eq!(value.as_str(), Some(text.as_str()));
    }
}

/// The lines of a file that count.
fn essence(file: &str) -> Vec<String> {
    let lines = file
        .lines()
        .map(|line| line.split(" # ").next().unwrap_or_default().trim_end());
    let counting = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    counting.map(str::to_owned).collect()
}

/// Walks that between them meet every step.
const WALKS: &[&[(&str, &str)]] = &[
    &[],
    &[
        ("board", "cm5"),
        ("storage", "emmc-ssd"),
        ("uplink", "ethernet"),
    ],
    &[
        ("power", "charger"),
        ("access", "direct"),
        ("shared", "drive"),
    ],
    &[("power", "poe"), ("access", "routed")],
    &[("board", "cm4"), ("power", "backplane")],
    &[("board", "rpi400"), ("head_board", "vim4")],
    &[("currency", "EUR")],
];

/// The answers to one step, with what each makes of the file.
type Outcomes = BTreeMap<String, Vec<String>>;

/// For each step that `walk` meets, what each answer to it makes of the file, all
/// other steps as in `walk`.
fn outcomes(vocabulary: Vocabulary<'_>, walk: &[(&str, &str)]) -> Vec<(&'static str, Outcomes)> {
    let mut interview = Interview::new(vocabulary, defaults());
    let mut all = Vec::new();
    while let Some(step) = interview.step() {
        let mut outcomes = Outcomes::new();
        for answer in candidates(&step) {
            let mut other = interview.clone();
            if let Ok(taken) = other.answer(&answer) {
                outcomes.insert(taken.answer, essence(&other.file()));
            }
        }
        all.push((step.id, outcomes));
        let answer = walk.iter().find(|(id, _)| *id == step.id);
        let answer = answer.map_or("", |(_, answer)| answer);
        interview.answer(answer).unwrap();
    }
    all
}

#[test]
fn every_answer_changes_something_that_counts() {
    with_catalogue(|vocabulary| {
        let mut met = BTreeSet::new();
        for (id, outcomes) in WALKS.iter().flat_map(|walk| outcomes(vocabulary, walk)) {
            let different: BTreeSet<_> = outcomes.values().collect();
            assert_eq!(different.len(), outcomes.len(), "{id}: {outcomes:#?}");
            if outcomes.len() > 1 {
                met.insert(id);
            }
        }
        let all: BTreeSet<_> = questions::all().map(|question| question.id).collect();
        assert_eq!(met, all, "every step is met, and has two answers at least");
    });
}
