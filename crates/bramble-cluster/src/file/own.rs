//! `[catalogue]`: hardware that the user describes, with the same keys as the
//! catalogue's own files. Not in here: those keys (`catalogue`).

use super::known::{self, Known};
use crate::catalogue::{
    BOARD, CABLE, CARD, CARRIER, HAT, IMAGE, SUPPLY, SWITCH, read_board, read_cable, read_card,
    read_carrier, read_hat, read_image, read_supply, read_switch,
};
use crate::reader::{Key, Kind, Section, Value};

const EXAMPLE: &str = "{ my-own = { name = \"My own\" } }";

const fn kind(name: &'static str, item: &'static Kind, doc: &'static str) -> Key {
    Key::new(name, Kind::Entries(item), EXAMPLE, doc)
}

/// The keys of `[catalogue]`.
pub(super) const KEYS: &[Key] = &[
    kind("boards", &Kind::Table(BOARD), "boards by id"),
    kind("cards", &Kind::Table(CARD), "cards and drives by id"),
    kind("supplies", &Kind::Table(SUPPLY), "power supplies by id"),
    kind("switches", &Kind::Table(SWITCH), "network switches by id"),
    kind("hats", &Kind::Table(HAT), "PoE hats by id"),
    kind(
        "carriers",
        &Kind::Table(CARRIER),
        "carriers of compute modules by id",
    ),
    kind("cables", &Kind::Table(CABLE), "power cables by id"),
    kind("images", &Kind::Table(IMAGE), "operating systems by id"),
];

/// Reads `[catalogue.boards.X]` and the like into `known`. An entry under an id
/// that bramble knows changes what is written in it, and nothing else.
pub(super) fn read<'a>(root: &mut Section<'a>, known: &mut Known<'a>) {
    let Some(mut catalogue) = root.table("catalogue") else {
        return;
    };
    items(&mut catalogue, "boards", &mut known.boards, read_board);
    items(&mut catalogue, "cards", &mut known.cards, read_card);
    items(&mut catalogue, "supplies", &mut known.supplies, read_supply);
    items(&mut catalogue, "switches", &mut known.switches, read_switch);
    items(&mut catalogue, "hats", &mut known.hats, read_hat);
    items(
        &mut catalogue,
        "carriers",
        &mut known.carriers,
        read_carrier,
    );
    items(&mut catalogue, "cables", &mut known.cables, read_cable);
    items(&mut catalogue, "images", &mut known.images, read_image);
    check_boards(&mut catalogue, "boards", known, |board| {
        board.table("load")?.get("proxy").map(|proxy| vec![proxy])
    });
    check_boards(&mut catalogue, "hats", known, |hat| hat.get("fits")?.list());
    check_boards(&mut catalogue, "carriers", known, |carrier| {
        carrier.get("fits")?.list()
    });
    check_boards(&mut catalogue, "carriers", known, |carrier| {
        carrier
            .table("measured")?
            .get("board")
            .map(|board| vec![board])
    });
    catalogue.finish();
}

/// Tells about boards that an entry of `kind` refers to and nobody knows. What is
/// no text was told about when the entry was read.
fn check_boards<'a>(
    catalogue: &mut Section<'a>,
    kind: &'static str,
    known: &Known<'a>,
    named: fn(&mut Section<'a>) -> Option<Vec<Value<'a>>>,
) {
    let entries = catalogue.get(kind).filter(Value::is_table);
    let entries = entries.and_then(Value::entries);
    for value in entries
        .unwrap_or_default()
        .into_iter()
        .filter(Value::is_table)
    {
        let Some(mut section) = value.section("") else {
            continue;
        };
        let boards = named(&mut section).unwrap_or_default().into_iter();
        for board in boards.filter(Value::is_text) {
            let _told = board.text().and_then(|text| known.board_named(&text));
        }
    }
}

/// Reads the entries of one kind.
fn items<'a, T>(
    catalogue: &mut Section<'a>,
    kind: &'static str,
    known: &mut known::Kind<'a, T>,
    read: fn(&str, Section<'_>, Option<&T>) -> Option<T>,
) {
    let entries = catalogue.get(kind).and_then(Value::entries);
    for value in entries.unwrap_or_default() {
        let id = value.key();
        let section = value.section(format!("`[catalogue.{kind}.{id}]`"));
        // One described wrongly is known, so that those who name it are not blamed.
        let told = value.report().errors();
        let item = section.and_then(|section| read(id, section, known.builtin(id)));
        known.add(id, item.filter(|_| value.report().errors() == told));
    }
}
