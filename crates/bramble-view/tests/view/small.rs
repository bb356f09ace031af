//! Tables and styles.

use bramble_view::style::Label;
use bramble_view::table::table;

use crate::{plain, styled};

#[test]
fn a_table_lines_up_by_characters_and_not_by_bytes() {
    let rows = [
        ["head", "10.55.0.1", "Raspberry Pi 4 Model B"],
        ["kn\u{f6}tchen", "", "4 \u{b5}A"],
    ];
    let rows = rows.map(|row| row.map(str::to_owned));
    let table = table(["node", "address", "board"], &rows);
    insta::assert_snapshot!(plain(&table), @r"
    node      address    board
    head      10.55.0.1  Raspberry Pi 4 Model B
    knötchen             4 µA
    ");
    assert!(styled(&table).starts_with("^[[1mnode"), "{table}");
    assert!(plain(&table).lines().all(|line| line == line.trim_end()));
}

#[test]
fn every_label_ends_what_it_begins_and_keeps_the_words() {
    let labels = [
        Label::Good,
        Label::Bad,
        Label::Warning,
        Label::Heading,
        Label::Quiet,
        Label::Command,
    ];
    for label in labels {
        let painted = label.paint("words");
        assert_eq!(plain(&painted), "words", "{label:?}");
        assert!(
            painted.ends_with("\u{1b}[0m") && painted.starts_with("\u{1b}["),
            "{label:?}"
        );
    }
}
