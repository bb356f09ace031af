//! The words that stand for hardware and roles: bramble's and the file's own.
//! Not in here: how hardware is described (`catalogue`).

use std::collections::{BTreeMap, BTreeSet};

use super::Vocabulary;
use crate::catalogue::Board;
use crate::name::RoleName;
use crate::reader::Text;
use crate::suggest;

/// The role that makes a node a worker.
pub(super) const WORKER: &str = "worker";

/// The words that stand for hardware and roles.
#[derive(Debug)]
pub(super) struct Known<'a> {
    /// Boards by id. One that the file describes wrongly is known, but no board.
    pub(super) boards: BTreeMap<&'a str, Option<Board>>,
    pub(super) cards: BTreeSet<&'a str>,
    pub(super) supplies: BTreeSet<&'a str>,
    pub(super) switches: BTreeSet<&'a str>,
    roles: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    /// What bramble knows by itself.
    pub(super) fn new(vocabulary: &Vocabulary<'a>) -> Self {
        let catalogue = vocabulary.catalogue;
        let boards = catalogue.boards.iter();
        Self {
            boards: boards
                .map(|(id, board)| (id.as_str(), Some(board.clone())))
                .collect(),
            cards: catalogue.cards.keys().map(String::as_str).collect(),
            supplies: catalogue.supplies.keys().map(String::as_str).collect(),
            switches: catalogue.switches.keys().map(String::as_str).collect(),
            roles: vocabulary.roles.iter().copied().chain([WORKER]).collect(),
        }
    }

    /// The board that `text` names.
    pub(super) fn board(&self, text: &Text<'_>) -> Option<Board> {
        match self.boards.get(text.value) {
            Some(board) => board.clone(),
            None => unknown_hardware(text, "board", "boards", self.boards.keys().copied()),
        }
    }

    /// Checks that there is such a card.
    pub(super) fn card(&self, text: &Text<'_>) -> Option<()> {
        hardware(text, "card", "cards", &self.cards)
    }

    /// Checks that there is such a supply.
    pub(super) fn supply(&self, text: &Text<'_>) -> Option<()> {
        hardware(text, "supply", "supplies", &self.supplies)
    }

    /// Checks that there is such a switch.
    pub(super) fn switch(&self, text: &Text<'_>) -> Option<()> {
        hardware(text, "switch", "switches", &self.switches)
    }

    /// The role that `text` names.
    pub(super) fn role(&self, text: &Text<'_>) -> Option<RoleName> {
        if self.roles.contains(text.value) {
            return text.name();
        }
        let title = format!("no role is called `{text}`");
        let help = suggest::remedy(text.value, self.roles.iter().copied());
        let help = help.unwrap_or_else(|| "name a role that bramble knows".to_owned());
        text.fail("unknown-role", title, "not a role", help)
    }
}

fn hardware(text: &Text<'_>, kind: &str, folder: &str, known: &BTreeSet<&str>) -> Option<()> {
    if known.contains(text.value) {
        return Some(());
    }
    unknown_hardware(text, kind, folder, known.iter().copied())
}

fn unknown_hardware<'k, T>(
    text: &Text<'_>,
    kind: &str,
    folder: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> Option<T> {
    let code = match kind {
        "board" => "unknown-board",
        "card" => "unknown-card",
        "supply" => "unknown-supply",
        _ => "unknown-switch",
    };
    let title = format!("no {kind} is called `{text}`");
    let describe = format!(
        "Hardware of your own is described under `[catalogue.{folder}.{}]`",
        own_id(text.value)
    );
    let help = match suggest::remedy(text.value, known) {
        Some(known) if known.ends_with('?') => format!("{known} {describe}"),
        Some(known) => format!("{known}. {describe}"),
        None => describe,
    };
    text.fail(code, title, "not in the catalogue", help)
}

/// The id to describe unknown hardware under.
fn own_id(text: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if (1..=40).contains(&text.len()) && text.chars().all(plain) {
        text
    } else {
        "my-own"
    }
}
