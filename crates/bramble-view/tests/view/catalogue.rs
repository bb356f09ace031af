//! The catalogue, as lists and item by item.

use bramble_cluster::catalogue::Catalogue;
use bramble_plan::search;
use bramble_view::catalogue;

use crate::plain;

/// Everything about what is called `id`.
fn shown(id: &str) -> String {
    let known = Catalogue::builtin();
    let items = search::called(&known, id);
    plain(&items.iter().map(catalogue::show).collect::<String>())
}

fn listed(words: &str) -> String {
    let known = Catalogue::builtin();
    plain(&catalogue::list(&search::matching(
        &known,
        &[words.to_owned()],
    )))
}

#[test]
fn items_are_listed_kind_by_kind() {
    insta::assert_snapshot!(listed("raspberry pi 4"));
    insta::assert_snapshot!(listed("supplies"));
    insta::assert_snapshot!(listed("switches"));
}

#[test]
fn a_board_is_shown_with_every_figure_and_its_source() {
    insta::assert_snapshot!(shown("rpi5"));
}

#[test]
fn what_is_not_known_of_a_board_is_said_to_be_unknown() {
    insta::assert_snapshot!(shown("vim3-basic"));
}

#[test]
fn what_is_not_a_board_is_shown_too() {
    let ids = [
        "sandisk-ultra-32GB",
        "anker-60w-6",
        "tplink-tl-sg1005lp",
        "rpi-poe-hat",
    ];
    insta::assert_snapshot!(ids.map(shown).join("\n"));
    let ids = [
        "turing-pi-2",
        "x15-poe1",
        "usb-22awg-1ft",
        "raspios-lite-arm64-trixie",
    ];
    insta::assert_snapshot!(ids.map(shown).join("\n"));
}

#[test]
fn no_line_is_wider_than_a_terminal_and_no_id_is_broken() {
    let known = Catalogue::builtin();
    let all = search::all(&known);
    let list = plain(&catalogue::list(&all));
    assert!(
        all.iter()
            .all(|item| list.contains(&format!("  {}  ", item.id())))
    );
    let shown = all.iter().map(|item| plain(&catalogue::show(item)));
    for text in shown.chain([list]) {
        assert!(
            text.lines().all(|line| line.chars().count() <= 100),
            "{text}"
        );
    }
}

#[test]
fn every_source_of_an_item_is_told() {
    let known = Catalogue::builtin();
    for board in known.boards.values() {
        let text = shown(&board.id)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let sources = [
            board.source.as_ref(),
            board
                .ethernet
                .as_ref()
                .and_then(|group| group.source.as_ref()),
            board
                .intake
                .as_ref()
                .and_then(|group| group.source.as_ref()),
            board.load.as_ref().and_then(|group| group.source.as_ref()),
            board.speed.as_ref().and_then(|group| group.source.as_ref()),
            board.wake.as_ref().and_then(|group| group.source.as_ref()),
        ];
        for source in sources.into_iter().flatten() {
            assert!(text.contains(source), "{}: {source}", board.id);
        }
    }
}
