//! The catalogue that comes with bramble, from the texts compiled in. Not in
//! here: which there are (`registry`).

use std::sync::Arc;

use super::{
    BOARD, CABLE, CARD, CARRIER, Catalogue, HAT, IMAGE, Items, SUPPLY, SWITCH, read_board,
    read_cable, read_card, read_carrier, read_hat, read_image, read_supply, read_switch, registry,
};
use crate::reader::{self, Key, Report, Section};

/// Reads all of it. An item that cannot be read would be left out; a test holds
/// that there is none.
pub(super) fn read() -> Catalogue {
    Catalogue {
        boards: items(registry::BOARDS, BOARD, read_board),
        cards: items(registry::CARDS, CARD, read_card),
        supplies: items(registry::SUPPLIES, SUPPLY, read_supply),
        switches: items(registry::SWITCHES, SWITCH, read_switch),
        hats: items(registry::HATS, HAT, read_hat),
        carriers: items(registry::CARRIERS, CARRIER, read_carrier),
        cables: items(registry::CABLES, CABLE, read_cable),
        images: items(registry::IMAGES, IMAGE, read_image),
    }
}

/// How one kind of item is made from its id, its table, and what it is based on.
type Reader<T> = fn(&str, Section<'_>, Option<&T>) -> Option<T>;

fn items<T>(files: &[(&str, &str)], keys: &'static [Key], read: Reader<T>) -> Items<T> {
    let item = |&(id, text): &(&str, &str)| {
        let item = read_item(id, keys, read, &Report::builtin(text))?;
        Some((id.to_owned(), Arc::new(item)))
    };
    files.iter().filter_map(item).collect()
}

fn read_item<T>(id: &str, keys: &'static [Key], read: Reader<T>, report: &Report<'_>) -> Option<T> {
    let tree = reader::parse(report);
    let section = Section::new(format!("`{id}`"), tree.span(), keys, tree.get_ref(), report);
    read(id, section, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every file reads without a word, and every table in it names its source.
    fn check<T>(files: &[(&str, &str)], keys: &'static [Key], read: Reader<T>) {
        for (id, text) in files {
            let report = Report::new(text);
            let item = read_item(id, keys, read, &report);
            assert_eq!(report.into_diagnostics(), [], "{id}");
            assert!(item.is_some(), "{id}");
            let mut tables = text.split("\n[").filter(|table| table.contains('='));
            assert!(tables.all(|table| table.contains("source = ")), "{id}");
        }
    }

    #[test]
    fn every_file_of_the_catalogue_reads_without_a_word_and_names_its_source() {
        check(registry::BOARDS, BOARD, read_board);
        check(registry::CARDS, CARD, read_card);
        check(registry::SUPPLIES, SUPPLY, read_supply);
        check(registry::SWITCHES, SWITCH, read_switch);
        check(registry::HATS, HAT, read_hat);
        check(registry::CARRIERS, CARRIER, read_carrier);
        check(registry::CABLES, CABLE, read_cable);
        check(registry::IMAGES, IMAGE, read_image);
    }

    #[test]
    fn what_an_item_refers_to_is_in_the_catalogue() {
        let catalogue = read();
        let hats = catalogue.hats.values().map(|hat| (&hat.id, &hat.fits));
        let carriers = catalogue.carriers.values().map(|one| (&one.id, &one.fits));
        for (id, fits) in hats.chain(carriers) {
            assert!(!fits.is_empty(), "{id}");
            let known = |board: &String| catalogue.boards.contains_key(board);
            assert!(fits.iter().all(known), "{id}: {fits:?}");
        }
        let proxies = catalogue
            .boards
            .values()
            .filter_map(|board| board.load.as_ref()?.proxy.as_ref());
        for proxy in proxies {
            assert!(catalogue.boards.contains_key(proxy), "{proxy}");
        }
    }

    #[test]
    fn a_measured_speed_counts_more_than_a_rated_one() {
        let catalogue = read();
        let speed = |id: &str| {
            catalogue.boards[id]
                .ethernet_speed()
                .map(|speed| speed.to_string())
        };
        assert_eq!(speed("rpi3bplus").as_deref(), Some("253 Mb/s"));
        assert_eq!(speed("rpi3b").as_deref(), Some("100 Mb/s"));
        assert_eq!(speed("rpizero2w"), None);
    }

    #[test]
    fn a_board_is_found_by_another_name() {
        let catalogue = read();
        let found = catalogue
            .board("macmini-2013")
            .map(|board| board.id.as_str());
        assert_eq!(found, Some("macmini-late2012-i5"));
    }
}

#[cfg(test)]
mod listing {
    use std::fmt::Write as _;

    use super::registry;

    /// The lists of the registry and the folders they list.
    const KINDS: &[(&str, &str)] = &[
        ("BOARDS", "boards"),
        ("CABLES", "cables"),
        ("CARDS", "cards"),
        ("CARRIERS", "carriers"),
        ("HATS", "hats"),
        ("IMAGES", "images"),
        ("SUPPLIES", "supplies"),
        ("SWITCHES", "switches"),
    ];

    const HEAD: &str = "\
//! The catalogue's files, compiled in. Not in here: the figures, and how they
//! are read. Written by `UPDATE_REGISTRY=1 cargo test -p bramble-cluster listing`,
//! and held complete by the same test.
";

    #[expect(
        clippy::disallowed_methods,
        reason = "compares the registry with the folders"
    )]
    #[test]
    fn the_registry_lists_every_file_of_the_catalogue() {
        let file = "src/catalogue/registry.rs";
        let mut text = HEAD.to_owned();
        for (list, kind) in KINDS {
            text += &entries(list, kind);
        }
        text += &reference();
        if std::env::var_os("UPDATE_REGISTRY").is_some() {
            std::fs::write(file, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(file).unwrap(), text);
        assert!(!registry::BOARDS.is_empty());
    }

    fn entries(list: &str, kind: &str) -> String {
        let mut text =
            format!("\n#[rustfmt::skip]\npub(super) const {list}: &[(&str, &str)] = &[\n");
        for name in names(kind) {
            let path = format!("../../../../catalogue/{kind}/{name}.toml");
            writeln!(text, "    (\"{name}\", include_str!(\"{path}\")),").unwrap();
        }
        text + "];\n"
    }

    fn reference() -> String {
        let names = names("");
        let mut text = format!(
            "\n#[rustfmt::skip]\npub(super) const REFERENCE: [(&str, &str); {}] = [\n",
            names.len()
        );
        for name in names {
            let path = format!("../../../../catalogue/{name}.toml");
            writeln!(text, "    (\"{name}\", include_str!(\"{path}\")),").unwrap();
        }
        text + "];\n"
    }

    /// The names of the TOML files in a folder of the catalogue, in order.
    #[expect(clippy::disallowed_methods, reason = "reads the folder")]
    fn names(kind: &str) -> Vec<String> {
        let folder = std::fs::read_dir(format!("../../catalogue/{kind}")).unwrap();
        let files = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = files
            .filter_map(|file| Some(file.strip_suffix(".toml")?.to_owned()))
            .collect();
        names.sort();
        names
    }
}
