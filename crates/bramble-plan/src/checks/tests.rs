//! What is true of every rule, whatever hardware it looks at.

use std::fmt::Write as _;

use bramble_cluster::catalogue::{Board, Catalogue, Reference};
use bramble_cluster::file::{self, Vocabulary};
use bramble_cluster::place::Places;
use bramble_cluster::schema;
use proptest::prelude::*;

use super::{CHECKS, fixture, run};
use crate::finding::Finding;
use crate::site::Site;

const ROLES: &[&str] = &["gateway", "time", "storage", "scheduler", "worker", "mpi"];

/// What all rules find in this cluster file, which has no errors, and where its
/// keys stand.
fn looked_at(text: &str, catalogue: &Catalogue) -> (Vec<Finding>, Places) {
    let reading = file::read(
        text,
        &Vocabulary {
            catalogue,
            roles: ROLES,
        },
    );
    let cluster = reading
        .cluster
        .unwrap_or_else(|| panic!("{:#?}\n{text}", reading.diagnostics));
    let reference = Reference::builtin();
    (
        run(&Site::new(&cluster, catalogue, &reference)),
        reading.places,
    )
}

/// A table of nodes with this board, and what else is written in it.
fn nodes(name: &str, board: &Board, rest: &str) -> String {
    let ram = board.memory.first().map_or_else(
        || "4GB".to_owned(),
        |size| size.to_string().replace(' ', ""),
    );
    format!(
        "[[nodes]]\nnames = \"{name}\"\nboard = \"{}\"\nram = \"{ram}\"\n{rest}\n",
        board.id
    )
}

/// What makes boards plannable of which nobody knows how many cores they have.
fn cores(board: &Board) -> String {
    match board.cores {
        Some(_) => String::new(),
        None => format!("[catalogue.boards.{}]\ncores = 4\n", board.id),
    }
}

fn key(name: &str, value: Option<&str>) -> String {
    value.map_or_else(String::new, |value| format!("{name} = \"{value}\"\n"))
}

/// Whether it tells everything, in the words and keys that there are.
fn is_complete(finding: &Finding, places: &Places, keys: &str) {
    let Finding {
        id,
        title,
        label,
        remedy,
        place,
        ..
    } = finding;
    assert!(CHECKS.iter().any(|check| check.id == *id), "{id}");
    for text in [title, label, remedy] {
        assert!(!text.is_empty(), "{id}: {finding:#?}");
        assert!(
            !text.ends_with('.') && !text.contains('\u{2014}'),
            "{id}: {text}"
        );
    }
    assert!(!title.starts_with(char::is_uppercase), "{id}: {title}");
    // A key that is left out is shown at its table.
    let is_there = places.has(*place) || places.has(place.table.header());
    assert!(is_there, "{id}: {place:?} is not in the file");
    let is_key = |key: &str| keys.contains(&format!("| `{key}` "));
    assert!(
        place.key.is_empty() || is_key(place.key),
        "{id}: no key `{}`",
        place.key
    );
    for wanted in remedy
        .split("add `")
        .skip(1)
        .filter_map(|rest| rest.split_once('`'))
    {
        assert!(
            is_key(wanted.0) || !wanted.0.chars().all(char::is_alphabetic),
            "{id}: {remedy}"
        );
    }
    assert!(
        finding
            .figures
            .iter()
            .all(|figure| figure.value.is_finite()),
        "{finding:#?}"
    );
}

#[test]
fn every_rule_has_a_text_that_begins_with_its_heading() {
    for check in CHECKS {
        let (heading, rest) = check.text.split_once("\n\n").unwrap();
        assert!(
            heading.starts_with("# ") && !heading.contains('\n'),
            "{}",
            check.id
        );
        assert!(rest.lines().count() >= 8, "{}", check.id);
        assert!(!check.text.contains('\u{2014}'), "{}", check.id);
    }
}

#[test]
fn rules_are_listed_by_name_each_once() {
    assert!(CHECKS.is_sorted_by(|one, next| one.id < next.id));
}

#[test]
fn any_board_with_any_supply_and_any_hat_can_be_looked_at() {
    let (catalogue, keys) = (Catalogue::builtin(), schema::markdown());
    let with_none = |ids: Vec<&String>| {
        let some = ids.into_iter().map(|id| Some(id.clone()));
        some.chain([None]).collect::<Vec<_>>()
    };
    let supplies = with_none(catalogue.supplies.keys().collect());
    let hats = with_none(catalogue.hats.keys().collect());
    for board in catalogue.boards.values() {
        let mut text = fixture::file("switch = \"tenda-teg1105p-4-63w\"\n");
        for (at, supply) in supplies.iter().enumerate() {
            for (also, hat) in hats.iter().enumerate() {
                let rest = key("supply", supply.as_deref()) + &key("hat", hat.as_deref());
                text += &nodes(&format!("node{at}x{also}"), board, &rest);
            }
        }
        let (found, places) = looked_at(&(text + &cores(board)), &catalogue);
        for finding in &found {
            is_complete(finding, &places, &keys);
        }
    }
}

/// One of the ids, or none.
fn one_of(ids: Vec<String>) -> impl Strategy<Value = Option<String>> {
    proptest::option::of(proptest::sample::select(ids))
}

fn group() -> impl Strategy<Value = (String, String)> {
    let catalogue = Catalogue::builtin();
    let ids = |ids: Vec<&String>| ids.into_iter().cloned().collect::<Vec<_>>();
    let boards: Vec<_> = catalogue.boards.values().cloned().collect();
    let cooling = ["none", "heatsink", "fan"].map(str::to_owned).to_vec();
    let usb = [
        r#"{ name = "disk", current = "900mA", usb3 = true }"#,
        r#"{ name = "GPS" }"#,
    ];
    (
        (proptest::sample::select(boards), 1_u32..20),
        one_of(ids(catalogue.supplies.keys().collect())),
        one_of(ids(catalogue.hats.keys().collect())),
        one_of(ids(catalogue.carriers.keys().collect())),
        one_of(ids(catalogue.cables.keys().collect())),
        one_of(cooling),
        proptest::collection::vec(proptest::sample::select(usb.to_vec()), 0..4),
    )
        .prop_map(
            |((board, count), supply, hat, carrier, cable, cooling, usb)| {
                let mut rest = format!("usb = [{}]\n", usb.join(", "));
                let keys = [
                    ("supply", supply),
                    ("hat", hat),
                    ("carrier", carrier),
                    ("cable", cable),
                    ("cooling", cooling),
                ];
                for (name, value) in keys {
                    rest += &key(name, value.as_deref());
                }
                (
                    nodes(&format!("NAME[1-{count}]"), &board, &rest),
                    cores(&board),
                )
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_rule_fails_on_any_combination_of_hardware(
        groups in proptest::collection::vec(group(), 1..6),
        switch in one_of(Catalogue::builtin().switches.into_keys().collect()),
        switches in 1_u32..4,
        wake in one_of(["button", "supply", "wake-on-lan"].map(str::to_owned).to_vec()),
        (gpio, wires) in (1_u32..28, 1_u32..40),
    ) {
        let (catalogue, keys) = (Catalogue::builtin(), schema::markdown());
        let mut text = fixture::file(&key("switch", switch.as_deref()));
        let _infallible = write!(text, "switches = {switches}\n[power]\nbutton = true\nbutton_gpio = {gpio}\nbutton_wires = {wires}\n");
        text += &key("wake", wake.as_deref());
        let own: std::collections::BTreeSet<_> = groups.iter().map(|(_, cores)| cores.as_str()).collect();
        for (at, (nodes, _)) in groups.iter().enumerate() {
            text += &nodes.replace("NAME", &format!("n{at}x"));
        }
        text.extend(own);
        let (found, places) = looked_at(&text, &catalogue);
        for finding in &found {
            is_complete(finding, &places, &keys);
        }
    }
}
