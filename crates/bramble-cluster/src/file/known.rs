//! The words that stand for hardware and roles: bramble's and the file's own.
//! Not in here: how hardware is described (`catalogue`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Vocabulary;
use crate::catalogue::{Board, Cable, Card, Carrier, Catalogue, Hat, Image, Items, Supply, Switch};
use crate::diagnostic::{Diagnostic, Label};
use crate::name::RoleName;
use crate::reader::{Text, Value};
use crate::suggest;

/// The role that makes a node a worker.
pub(super) const WORKER: &str = "worker";

/// The words that stand for hardware and roles.
#[derive(Debug)]
pub(super) struct Known<'a> {
    pub(super) boards: Kind<'a, Board>,
    pub(super) cards: Kind<'a, Card>,
    pub(super) supplies: Kind<'a, Supply>,
    pub(super) switches: Kind<'a, Switch>,
    pub(super) hats: Kind<'a, Hat>,
    pub(super) carriers: Kind<'a, Carrier>,
    pub(super) cables: Kind<'a, Cable>,
    pub(super) images: Kind<'a, Image>,
    roles: BTreeSet<&'a str>,
}

/// One kind of hardware by id.
#[derive(Debug)]
pub(super) struct Kind<'a, T> {
    /// What one is called, and what the folder of all of them.
    word: &'static str,
    folder: &'static str,
    code: &'static str,
    builtin: &'a Items<T>,
    /// The file's own. One that is described wrongly is known, but nothing.
    own: BTreeMap<&'a str, Option<Arc<T>>>,
}

impl<'a> Known<'a> {
    /// What bramble knows by itself.
    pub(super) fn new(vocabulary: &Vocabulary<'a>) -> Self {
        let all = vocabulary.catalogue;
        Self {
            boards: Kind::new("board", "boards", "unknown-board", &all.boards),
            cards: Kind::new("card", "cards", "unknown-card", &all.cards),
            supplies: Kind::new("supply", "supplies", "unknown-supply", &all.supplies),
            switches: Kind::new("switch", "switches", "unknown-switch", &all.switches),
            hats: Kind::new("hat", "hats", "unknown-hat", &all.hats),
            carriers: Kind::new("carrier", "carriers", "unknown-carrier", &all.carriers),
            cables: Kind::new("cable", "cables", "unknown-cable", &all.cables),
            images: Kind::new("image", "images", "unknown-image", &all.images),
            roles: vocabulary.roles.iter().copied().chain([WORKER]).collect(),
        }
    }

    /// The file's own hardware.
    pub(super) fn own(&self) -> Catalogue {
        Catalogue {
            boards: self.boards.own(),
            cards: self.cards.own(),
            supplies: self.supplies.own(),
            switches: self.switches.own(),
            hats: self.hats.own(),
            carriers: self.carriers.own(),
            cables: self.cables.own(),
            images: self.images.own(),
        }
    }

    /// The board that `text` names, by its id or another name of it.
    pub(super) fn board(&self, text: &Text<'_>) -> Option<Arc<Board>> {
        if self.boards.has(text.value) {
            return self.boards.find(text);
        }
        let Some(board) = self.called(text.value) else {
            return self.boards.find(text);
        };
        if let Some(note) = &board.alias_note {
            text.note("board-alias", note, &format!("taken for `{}`", board.id));
        }
        Some(board)
    }

    /// Checks that there is such a board, whatever is wrong with it.
    pub(super) fn board_named(&self, text: &Text<'_>) -> Option<()> {
        if self.boards.has(text.value) || self.called(text.value).is_some() {
            return Some(());
        }
        self.boards.find(text).map(|_| ())
    }

    /// The board that has `alias` as another id.
    fn called(&self, alias: &str) -> Option<Arc<Board>> {
        let builtin = self.boards.builtin.values();
        let current = builtin.map(|board| match self.boards.own.get(board.id.as_str()) {
            Some(own) => own.as_ref().unwrap_or(board),
            None => board,
        });
        let own = self.boards.own.values().flatten();
        let mut boards = current.chain(own);
        let found = boards.find(|board| board.aliases.iter().any(|other| other == alias));
        found.cloned()
    }

    /// The id and name of the hardware that `text` names, of whatever kind.
    pub(super) fn hardware(&self, text: &Text<'_>) -> Option<(String, String)> {
        let id = text.value;
        let name = None
            .or_else(|| self.cables.get(id).map(|item| item.name.clone()))
            .or_else(|| self.cards.get(id).map(|item| item.name.clone()))
            .or_else(|| self.supplies.get(id).map(|item| item.name.clone()))
            .or_else(|| self.switches.get(id).map(|item| item.name.clone()))
            .or_else(|| self.hats.get(id).map(|item| item.name.clone()))
            .or_else(|| self.carriers.get(id).map(|item| item.name.clone()));
        if let Some(name) = name {
            return Some((id.to_owned(), name));
        }
        let title = format!("no hardware that is counted is called `{text}`");
        let help = "name a card, supply, switch, hat, carrier or cable by its id; for anything \
                    else write `name` alone";
        text.fail("unknown-part", title, "not in the catalogue", help)
    }

    /// The id of a supply that is a key.
    pub(super) fn supply_key(&self, value: &Value<'_>) -> Option<String> {
        if self.supplies.has(value.key()) {
            return Some(value.key().to_owned());
        }
        let title = format!("no supply is called `{}`", value.key());
        let label = Label::new(value.span(), "of what?");
        let help = suggest::remedy(value.key(), self.supplies.ids());
        let help = help.unwrap_or_else(|| "name a supply of the catalogue".to_owned());
        let diagnostic = Diagnostic::error("unknown-supply", title, label).with_help(help);
        value.report().push(diagnostic);
        None
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

impl<'a, T> Kind<'a, T> {
    fn new(
        word: &'static str,
        folder: &'static str,
        code: &'static str,
        builtin: &'a Items<T>,
    ) -> Self {
        Self {
            word,
            folder,
            code,
            builtin,
            own: BTreeMap::new(),
        }
    }

    fn own(&self) -> Items<T> {
        let own = self.own.iter();
        own.filter_map(|(id, item)| Some(((*id).to_owned(), item.clone()?)))
            .collect()
    }

    /// Makes the file's own `item` known, or that it is described wrongly.
    pub(super) fn add(&mut self, id: &'a str, item: Option<T>) {
        self.own.insert(id, item.map(Arc::new));
    }

    /// What bramble knows under `id`, which the file's own is based on.
    pub(super) fn builtin(&self, id: &str) -> Option<&'a T> {
        self.builtin.get(id).map(Arc::as_ref)
    }

    /// Whether there is such a thing.
    pub(super) fn has(&self, id: &str) -> bool {
        self.own.contains_key(id) || self.builtin.contains_key(id)
    }

    /// What is known under `id`.
    fn get(&self, id: &str) -> Option<&T> {
        match self.own.get(id) {
            Some(own) => own.as_deref(),
            None => self.builtin(id),
        }
    }

    /// What `text` names.
    pub(super) fn find(&self, text: &Text<'_>) -> Option<Arc<T>> {
        if let Some(own) = self.own.get(text.value) {
            return own.clone();
        }
        match self.builtin.get(text.value) {
            Some(item) => Some(Arc::clone(item)),
            None => self.unknown(text),
        }
    }

    /// All ids: the file's own first.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> + Clone {
        let own = self.own.keys().copied();
        own.chain(self.builtin.keys().map(String::as_str))
    }

    fn unknown<U>(&self, text: &Text<'_>) -> Option<U> {
        let title = format!("no {} is called `{text}`", self.word);
        let describe = format!(
            "Hardware of your own is described under `[catalogue.{}.{}]`",
            self.folder,
            own_id(text.value)
        );
        let help = match suggest::remedy(text.value, self.ids()) {
            Some(known) if known.ends_with('?') => format!("{known} {describe}"),
            Some(known) => format!("{known}. {describe}"),
            None => format!("`bramble catalogue` lists what there is. {describe}"),
        };
        text.fail(self.code, title, "not in the catalogue", help)
    }
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
