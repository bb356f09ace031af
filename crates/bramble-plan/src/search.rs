//! Finding hardware in the catalogue by a few letters. Not in here: what it is
//! (`bramble-cluster`), and how it looks (`bramble-view`).

use bramble_cluster::catalogue::{
    Board, Cable, Card, Carrier, Catalogue, Hat, Image, Items, Supply, Switch,
};
use bramble_cluster::suggest;
use serde::Serialize;

/// Something in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Item<'a> {
    /// A board.
    Board(&'a Board),
    /// A card or drive.
    Card(&'a Card),
    /// A power supply.
    Supply(&'a Supply),
    /// A network switch.
    Switch(&'a Switch),
    /// A `PoE` hat.
    Hat(&'a Hat),
    /// A carrier of modules.
    Carrier(&'a Carrier),
    /// A power cable.
    Cable(&'a Cable),
    /// An operating system.
    Image(&'a Image),
}

/// The kinds, one and many.
const KINDS: [(&str, &str); 8] = [
    ("board", "boards"),
    ("card", "cards"),
    ("supply", "supplies"),
    ("switch", "switches"),
    ("hat", "hats"),
    ("carrier", "carriers"),
    ("cable", "cables"),
    ("image", "images"),
];

/// Everything in `catalogue`, kind by kind, each by id.
pub fn all(catalogue: &Catalogue) -> Vec<Item<'_>> {
    fn of<'a, T>(
        items: &'a Items<T>,
        item: impl Fn(&'a T) -> Item<'a> + 'a,
    ) -> impl Iterator<Item = Item<'a>> {
        items.values().map(move |one| item(one))
    }
    of(&catalogue.boards, Item::Board)
        .chain(of(&catalogue.cards, Item::Card))
        .chain(of(&catalogue.supplies, Item::Supply))
        .chain(of(&catalogue.switches, Item::Switch))
        .chain(of(&catalogue.hats, Item::Hat))
        .chain(of(&catalogue.carriers, Item::Carrier))
        .chain(of(&catalogue.cables, Item::Cable))
        .chain(of(&catalogue.images, Item::Image))
        .collect()
}

/// Those that have all `words` in their id, their names or their kind; where there
/// are none, those that have nearly so. All of them if there is no word.
pub fn matching<'a>(catalogue: &'a Catalogue, words: &[String]) -> Vec<Item<'a>> {
    let words = words.iter().flat_map(|word| word.split_whitespace());
    let words: Vec<_> = words.map(plain).filter(|word| !word.is_empty()).collect();
    let with = |has: fn(&Item<'_>, &str) -> bool| {
        let mut items = all(catalogue);
        items.retain(|item| words.iter().all(|word| has(item, word)));
        items
    };
    let exact = with(|item, word| match kind(word) {
        Some(kind) => item.kind() == kind,
        None => item.texts().any(|text| plain(text).contains(word)),
    });
    if exact.is_empty() {
        with(|item, word| item.texts().any(|text| is_near(text, word)))
    } else {
        exact
    }
}

/// What is called `id`, of whatever kind.
pub fn called<'a>(catalogue: &'a Catalogue, id: &str) -> Vec<Item<'a>> {
    let mut items = all(catalogue);
    items.retain(|item| item.id() == id || item.aliases().iter().any(|alias| alias == id));
    items
}

/// The id that was probably meant by `id`.
pub fn meant<'a>(catalogue: &'a Catalogue, id: &str) -> Option<&'a str> {
    let short = shortened(id);
    let ids = || all(catalogue).into_iter().map(|item| item.id());
    let near = suggest::nearest(&short, ids()).or_else(|| suggest::nearest(id, ids()));
    let by_words = || matching(catalogue, &[id.to_owned()]);
    near.or_else(|| by_words().first().map(Item::id))
}

/// `rpi4` of `pi4` and of `rpi 4`: as ids are written, in which no space stands and
/// every `pi` is a `rpi`.
fn shortened(id: &str) -> String {
    let plain = plain(id);
    let after = ["raspberrypi", "raspi", "rpi", "pi"].into_iter();
    match after
        .into_iter()
        .find_map(|maker| plain.strip_prefix(maker))
    {
        Some(model) if !model.is_empty() => format!("rpi{model}"),
        _ => id.to_owned(),
    }
}

/// The kind that `word` names.
fn kind(word: &str) -> Option<&'static str> {
    let mut kinds = KINDS.iter();
    let named = kinds.find(|(one, many)| word == *one || word == *many);
    named.map(|(one, _)| *one)
}

/// What is compared: case, separators and the ways to write a plus do not count.
fn plain(text: &str) -> String {
    let text = text.to_lowercase().replace('+', "plus");
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

/// Whether a word of `text` differs from `word` by a slip or two.
fn is_near(text: &str, word: &str) -> bool {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    let words = words.map(str::to_lowercase).chain([plain(text)]);
    let known: Vec<_> = words.filter(|word| word.len() > 2).collect();
    let is_part = |known: &String| known.contains(word);
    known.iter().any(is_part) || suggest::nearest(word, known.iter().map(String::as_str)).is_some()
}

impl<'a> Item<'a> {
    /// What the cluster file calls it.
    pub fn id(&self) -> &'a str {
        match self {
            Self::Board(item) => &item.id,
            Self::Card(item) => &item.id,
            Self::Supply(item) => &item.id,
            Self::Switch(item) => &item.id,
            Self::Hat(item) => &item.id,
            Self::Carrier(item) => &item.id,
            Self::Cable(item) => &item.id,
            Self::Image(item) => &item.id,
        }
    }

    /// What its maker calls it.
    pub fn name(&self) -> &'a str {
        match self {
            Self::Board(item) => &item.name,
            Self::Card(item) => &item.name,
            Self::Supply(item) => &item.name,
            Self::Switch(item) => &item.name,
            Self::Hat(item) => &item.name,
            Self::Carrier(item) => &item.name,
            Self::Cable(item) => &item.name,
            Self::Image(item) => &item.name,
        }
    }

    /// What one is: `board`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Board(_) => "board",
            Self::Card(_) => "card",
            Self::Supply(_) => "supply",
            Self::Switch(_) => "switch",
            Self::Hat(_) => "hat",
            Self::Carrier(_) => "carrier",
            Self::Cable(_) => "cable",
            Self::Image(_) => "image",
        }
    }

    fn aliases(&self) -> &'a [String] {
        match self {
            Self::Board(board) => &board.aliases,
            _ => &[],
        }
    }

    fn texts(&self) -> impl Iterator<Item = &'a str> {
        let names = [self.id(), self.name(), self.kind()].into_iter();
        names.chain(self.aliases().iter().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(words: &[&str]) -> Vec<String> {
        let catalogue = Catalogue::builtin();
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        let found = matching(&catalogue, &words);
        found.iter().map(|item| item.id().to_owned()).collect()
    }

    #[test]
    fn all_words_are_looked_for_in_ids_and_names() {
        assert_eq!(ids(&["vim"]), ["vim3-basic", "vim3-pro", "vim4"]);
        assert_eq!(ids(&["rpi", "4b"]), ["rpi4b"]);
        assert_eq!(ids(&["rpi 4b"]), ["rpi4b"]);
        assert_eq!(ids(&["RASPBERRY", "zero"]), ["rpizero2w"]);
        assert_eq!(ids(&["3b+"]), ["rpi3bplus"]);
        assert_eq!(ids(&["supplies", "anker"]), ["anker-60w-6"]);
        assert_eq!(ids(&["cable"]), ["usb-22awg-1ft"]);
    }

    #[test]
    fn another_name_of_a_board_finds_it() {
        assert_eq!(ids(&["macmini-2013"]), ["macmini-late2012-i5"]);
        let catalogue = Catalogue::builtin();
        assert_eq!(
            called(&catalogue, "macmini-2013")[0].id(),
            "macmini-late2012-i5"
        );
    }

    #[test]
    fn a_slip_of_the_finger_finds_what_was_meant() {
        assert!(ids(&["rasberry", "zero"]).contains(&"rpizero2w".to_owned()));
        assert_eq!(ids(&["khadsa"]), ["vim3-basic", "vim3-pro", "vim4"]);
        assert_eq!(ids(&["toaster"]), [""; 0]);
    }

    #[test]
    fn without_a_word_everything_is_found() {
        let catalogue = Catalogue::builtin();
        assert_eq!(matching(&catalogue, &[]).len(), all(&catalogue).len());
        assert_eq!(ids(&[" "]).len(), all(&catalogue).len());
    }

    #[test]
    fn what_nobody_is_called_is_answered_with_what_was_meant() {
        let catalogue = Catalogue::builtin();
        assert_eq!(called(&catalogue, "rpi4"), []);
        for four in ["rpi4", "pi4", "rpi 4", "Pi 4", "raspberry pi 4", "RPI4"] {
            assert_eq!(meant(&catalogue, four), Some("rpi4b"), "{four}");
        }
        assert_eq!(meant(&catalogue, "vim3"), Some("vim3-pro"));
        assert_eq!(meant(&catalogue, "toaster"), None);
    }
}
