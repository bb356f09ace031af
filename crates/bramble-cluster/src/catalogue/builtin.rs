//! The catalogue that comes with bramble, from the texts compiled in. Not in
//! here: which there are (`registry`).

use std::collections::BTreeMap;

use super::{Catalogue, read_board, read_card, read_supply, read_switch, registry};
use crate::reader::{self, Report, Section};

/// Reads all of it. An item that cannot be read would be left out; a test holds
/// that there is none.
pub(super) fn read() -> Catalogue {
    Catalogue {
        boards: items(registry::BOARDS, read_board),
        cards: items(registry::CARDS, read_card),
        supplies: items(registry::SUPPLIES, read_supply),
        switches: items(registry::SWITCHES, read_switch),
    }
}

/// How one kind of item is made from its id and its table.
type Reader<T> = fn(&str, Section<'_>) -> Option<T>;

fn items<T>(files: &[(&str, &str)], read: Reader<T>) -> BTreeMap<String, T> {
    let item = |&(id, text): &(&str, &str)| {
        Some((id.to_owned(), read_item(id, read, &Report::new(text))?))
    };
    files.iter().filter_map(item).collect()
}

fn read_item<T>(id: &str, read: Reader<T>, report: &Report<'_>) -> Option<T> {
    let tree = reader::parse(report);
    read(
        id,
        Section::new(format!("`{id}`"), tree.span(), tree.get_ref(), report),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every file in the folder is listed, reads without a word, and names its
    /// source.
    fn check<T>(kind: &str, files: &[(&str, &str)], read: Reader<T>) {
        #[expect(
            clippy::disallowed_methods,
            reason = "compares the list with the folder"
        )]
        let folder = std::fs::read_dir(format!("../../catalogue/{kind}")).unwrap();
        let mut names: Vec<_> = folder
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let listed: Vec<_> = files.iter().map(|(id, _)| format!("{id}.toml")).collect();
        assert_eq!(
            listed, names,
            "src/catalogue/registry.rs lists catalogue/{kind}"
        );
        for (id, text) in files {
            let report = Report::new(text);
            let item = read_item(id, read, &report);
            assert_eq!(report.into_diagnostics(), [], "{id}");
            assert!(item.is_some() && text.contains("\nsource = "), "{id}");
        }
    }

    #[test]
    fn every_file_of_the_catalogue_is_listed_and_reads_without_a_word() {
        check("boards", registry::BOARDS, read_board);
        check("cards", registry::CARDS, read_card);
        check("supplies", registry::SUPPLIES, read_supply);
        check("switches", registry::SWITCHES, read_switch);
    }

    #[test]
    fn a_measured_speed_counts_more_than_a_rated_one() {
        let catalogue = read();
        let speed = |id: &str| catalogue.boards[id].ethernet.map(|speed| speed.to_string());
        assert_eq!(speed("rpi3bplus").as_deref(), Some("253 Mb/s"));
        assert_eq!(speed("rpi3b").as_deref(), Some("100 Mb/s"));
        assert_eq!(speed("rpizero2w"), None);
    }
}
