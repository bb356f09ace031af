//! `[catalogue]`: hardware that the user describes, with the same keys as the
//! catalogue's own files. Not in here: those keys (`catalogue`).

use super::known::Known;
use crate::catalogue::{read_board, read_card, read_supply, read_switch};
use crate::reader::{Section, Value};

/// Reads `[catalogue.boards.X]` and the like into `known`. An entry under an id
/// that bramble knows replaces it: the user's hardware is what counts.
pub(super) fn read<'a>(root: &mut Section<'a>, known: &mut Known<'a>) {
    let Some(mut catalogue) = root.table("catalogue") else {
        return;
    };
    for (id, section) in entries(&mut catalogue, "boards") {
        let board = read_board(id, section);
        known.boards.insert(id, board);
    }
    for (id, section) in entries(&mut catalogue, "cards") {
        drop(read_card(id, section));
        known.cards.insert(id);
    }
    for (id, section) in entries(&mut catalogue, "supplies") {
        drop(read_supply(id, section));
        known.supplies.insert(id);
    }
    for (id, section) in entries(&mut catalogue, "switches") {
        drop(read_switch(id, section));
        known.switches.insert(id);
    }
    catalogue.finish();
}

/// The entries of one kind, by id.
fn entries<'a>(catalogue: &mut Section<'a>, kind: &'static str) -> Vec<(&'a str, Section<'a>)> {
    let example = "{ my-own = { name = \"My own\" } }";
    let table = catalogue
        .optional(kind, example)
        .and_then(|value| value.section(format!("`[catalogue.{kind}]`")));
    let entry = |value: Value<'a>| {
        let title = format!("`[catalogue.{kind}.{}]`", value.key());
        Some((value.key(), value.section(title)?))
    };
    let values = table.map(|table| table.entries("{ name = \"My own\" }"));
    values
        .unwrap_or_default()
        .into_iter()
        .filter_map(entry)
        .collect()
}
