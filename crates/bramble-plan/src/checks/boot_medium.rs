//! `boot-medium`: what a node boots from, and its drives, have to fit its board.

use bramble_cluster::catalogue::{Card, Medium};
use bramble_cluster::cluster::BootFrom;
use bramble_cluster::diagnostic::Severity;

use super::Check;
use super::media;
use super::placed::{Placed, tell};
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "boot-medium",
    text: include_str!("boot_medium.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    Placed::all(site).flat_map(|placed| of(&placed)).collect()
}

/// What runs already boots from something that fits; else what is told counts.
fn of(placed: &Placed<'_>) -> Vec<Finding> {
    let hardware = placed.hardware();
    let boots = !hardware.adopt && !placed.boots_from_network();
    let boot = hardware.boot.as_ref().filter(|_| boots);
    let drives = &hardware.drives;
    if placed.board().media.is_empty() && (boot.is_some() || !drives.is_empty()) {
        return vec![unknown_board(placed)];
    }
    let boot = boot.and_then(|boot| match boot {
        BootFrom::Emmc => emmc(placed),
        BootFrom::Card(card) => attached(placed, card, "card"),
    });
    let drive = drives
        .iter()
        .find_map(|drive| attached(placed, drive, "drives"));
    boot.into_iter().chain(drive).collect()
}

fn emmc(placed: &Placed<'_>) -> Option<Finding> {
    let board = placed.board();
    if placed.hardware().emmc.is_some() {
        return None;
    }
    if board.module && !board.emmc.is_empty() {
        return Some(lite(placed));
    }
    let has_none = board.emmc.is_empty() && media::takes(board, Medium::Emmc) == Some(false);
    has_none.then(|| {
        let title = format!("the {} has no eMMC to boot from", board.name);
        let finding = placed.found(CHECK.id, Severity::Error, "card", title);
        finding.label("none there").remedy(alternatives(placed))
    })
}

/// A module of which no eMMC is told is the one without.
fn lite(placed: &Placed<'_>) -> Finding {
    let board = placed.board();
    let sizes: Vec<_> = board.emmc.iter().map(ToString::to_string).collect();
    let title = format!(
        "the {} is to boot from eMMC, and is one without",
        board.name
    );
    placed
        .found(CHECK.id, Severity::Error, "card", title)
        .label("no `emmc` is told")
        .remedy(format!(
            "add `emmc = ` and its size ({}), or name a card",
            sizes.join(", ")
        ))
}

fn attached(placed: &Placed<'_>, card: &Card, key: &'static str) -> Option<Finding> {
    let Some(medium) = card.medium else {
        return Some(unknown_card(placed, card, key));
    };
    if media::takes(placed.board(), medium) == Some(false) {
        return Some(does_not_take(placed, card, medium, key));
    }
    (medium == Medium::Nvme)
        .then(|| carrier(placed, key))
        .flatten()
}

fn does_not_take(placed: &Placed<'_>, card: &Card, medium: Medium, key: &'static str) -> Finding {
    let (name, word) = (&placed.board().name, medium);
    let title = format!(
        "the {name} does not take {word} storage, which the {} is",
        card.name
    );
    placed
        .found(CHECK.id, Severity::Error, key, title)
        .label(format!("no place for {word}"))
        .remedy(alternatives(placed))
}

fn alternatives(placed: &Placed<'_>) -> String {
    let words: Vec<_> = placed
        .board()
        .media
        .iter()
        .map(ToString::to_string)
        .collect();
    format!("choose something the board takes: {}", words.join(", "))
}

/// The slot for such an SSD is on the carrier.
fn carrier(placed: &Placed<'_>, key: &'static str) -> Option<Finding> {
    let carrier = placed.hardware().carrier.as_ref()?;
    match carrier.nvme {
        Some(true) => None,
        Some(false) => {
            let title = format!("the {} has no slot for an NVMe SSD", carrier.name);
            let finding = placed.found(CHECK.id, Severity::Error, key, title);
            Some(
                finding
                    .label("no slot for it")
                    .remedy("choose another carrier, or other storage"),
            )
        }
        None => {
            let title = format!(
                "whether the {} has a slot for an NVMe SSD is not known",
                carrier.name
            );
            let remedy = format!(
                "add `[catalogue.carriers.{}]` with `nvme = true` or `false`",
                carrier.id
            );
            Some(placed.unknown(CHECK.id, key, title).remedy(remedy))
        }
    }
}

fn unknown_card(placed: &Placed<'_>, card: &Card, key: &'static str) -> Finding {
    let (name, card_name) = (&placed.board().name, &card.name);
    let title = format!(
        "whether the {card_name} fits the {name} cannot be checked: the catalogue does not know how it is attached"
    );
    let kinds = Medium::Microsd.key();
    let remedy = format!(
        "add `[catalogue.cards.{}]` with `kind = \"{kinds}\"`, or how else",
        card.id
    );
    placed.unknown(CHECK.id, key, title).remedy(remedy)
}

fn unknown_board(placed: &Placed<'_>) -> Finding {
    let board = placed.board();
    let title = format!(
        "what the {} boots from cannot be checked: the catalogue does not know what storage it takes",
        board.name
    );
    let told = media::boot_card(placed.hardware()).and_then(|card| card.medium);
    let kind = told.unwrap_or(Medium::Microsd).key();
    let key = if placed.hardware().boot.is_some() {
        "card"
    } else {
        "drives"
    };
    let keys = format!("`storage = [\"{kind}\"]` and what else it takes");
    placed
        .unknown(CHECK.id, key, title)
        .remedy(tell(board, &keys))
}

#[cfg(test)]
mod tests {
    use bramble_cluster::diagnostic::Severity;

    use super::super::fixture::{file, of};
    use crate::finding::Finding;

    const CARDS: &str = "
        [catalogue.cards.ssd]
        name = \"SSD\"
        kind = \"nvme\"
        [catalogue.cards.stick]
        name = \"Stick\"
        kind = \"usb3\"
        [catalogue.cards.thing]
        name = \"Thing\"
    ";

    fn nodes(keys: &str) -> Vec<Finding> {
        of(
            "boot-medium",
            &file(&format!(
                "[[nodes]]\nnames = \"node[1-3]\"\n{keys}\n{CARDS}"
            )),
        )
    }

    fn severities(keys: &str) -> Vec<Severity> {
        nodes(keys).iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn a_board_boots_only_from_what_it_takes() {
        let found = nodes("board = \"rpi4b\"\nram = \"4GB\"\ncard = \"ssd\"");
        assert_eq!(found[0].severity, Severity::Error);
        assert!(
            found[0].title.contains("does not take NVMe"),
            "{}",
            found[0].title
        );
        assert!(
            found[0].remedy.contains("microSD, USB"),
            "{}",
            found[0].remedy
        );
        assert_eq!(
            severities("board = \"rpi5\"\nram = \"4GB\"\ncard = \"ssd\""),
            []
        );
        assert_eq!(
            severities("board = \"rpi4b\"\nram = \"4GB\"\ncard = \"stick\""),
            []
        );
    }

    #[test]
    fn a_drive_has_to_fit_as_well() {
        let found = nodes("board = \"rpi3b\"\ndrives = [\"stick\", \"ssd\"]");
        assert_eq!((found.len(), found[0].place.key), (1, "drives"));
    }

    #[test]
    fn a_board_without_emmc_cannot_boot_from_it() {
        assert_eq!(
            severities("board = \"rpi3b\"\ncard = \"emmc\""),
            [Severity::Error]
        );
        assert_eq!(severities("board = \"vim3-basic\"\ncard = \"emmc\""), []);
    }

    #[test]
    fn a_module_of_which_no_emmc_is_told_has_none() {
        let found = nodes("board = \"cm4\"\nram = \"4GB\"\ncard = \"emmc\"");
        assert!(found[0].remedy.contains("`emmc = `"), "{}", found[0].remedy);
        assert_eq!(
            severities("board = \"cm4\"\nram = \"4GB\"\nemmc = \"16GB\"\ncard = \"emmc\""),
            []
        );
    }

    #[test]
    fn the_slot_of_the_carrier_is_looked_at() {
        let on = |carrier: &str| {
            format!("board = \"cm5\"\nram = \"4GB\"\ncarrier = \"{carrier}\"\ncard = \"ssd\"")
        };
        assert_eq!(severities(&on("cm5io")), []);
        assert_eq!(severities(&on("x15-poe1")), [Severity::Note]);
        let without = format!(
            "{}\n[catalogue.carriers.x15-poe1]\nnvme = false",
            on("x15-poe1")
        );
        assert_eq!(severities(&without), [Severity::Error]);
    }

    #[test]
    fn what_is_not_known_is_said_once() {
        let found = nodes("board = \"rpi3b\"\ncard = \"thing\"");
        assert!(
            found[0].remedy.contains("[catalogue.cards.thing]"),
            "{}",
            found[0].remedy
        );
        let mac =
            "board = \"macmini-late2012-i5\"\nram = \"4GB\"\ncard = \"stick\"\ndrives = [\"ssd\"]";
        assert_eq!(severities(mac), [Severity::Note]);
    }

    #[test]
    fn what_runs_already_has_something_that_fits() {
        assert_eq!(
            severities("board = \"rpi3b\"\ncard = \"ssd\"\nadopt = true"),
            []
        );
    }
}
