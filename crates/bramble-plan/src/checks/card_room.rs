//! `card-room`: the system, and what jobs store, have to fit on the card.

use bramble_cluster::catalogue::Image;
use bramble_cluster::cluster::BootFrom;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::unit::Capacity;

use super::Check;
use super::placed::{Placed, tell};
use super::sizes;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "card-room",
    text: include_str!("card_room.md"),
    find,
};

/// What is to go on the card of each node of a group, as far as it is known.
struct Need<'a> {
    /// What is written to the card, or is on it already.
    image: Option<&'a Image>,
    /// What it takes; nothing if the nodes boot from the network.
    system: Option<Capacity>,
    /// What jobs store there.
    data: Option<Capacity>,
}

fn find(site: &Site<'_>) -> Vec<Finding> {
    Placed::all(site)
        .filter_map(|placed| room(&placed))
        .collect()
}

fn room(placed: &Placed<'_>) -> Option<Finding> {
    let need = Need::of(placed);
    let Some(there) = placed.hardware().boot_capacity() else {
        return unknown_card(placed, &need);
    };
    let (system, data) = (
        need.system.unwrap_or(Capacity::ZERO),
        need.data.unwrap_or(Capacity::ZERO),
    );
    let all = system.bytes().saturating_add(data.bytes());
    if all > there.bytes() {
        return Some(too_small(placed, &need, there, Capacity::from_bytes(all)));
    }
    let written = !placed.hardware().adopt || need.data.is_some();
    (need.system.is_none() && written).then(|| unknown_system(placed, &need))
}

fn too_small(placed: &Placed<'_>, need: &Need<'_>, there: Capacity, all: Capacity) -> Finding {
    let title = format!("at least {all} are to go on a card of {there}");
    let mut finding = placed
        .found(CHECK.id, Severity::Error, "card", title)
        .label(format!("holds {there}"));
    if let Some(system) = need.system.filter(|system| *system > Capacity::ZERO) {
        let source = need.image.and_then(|image| image.source.as_deref());
        finding = finding.figure(sizes::room("the system takes", system).said_by(source));
    }
    if let Some(data) = need.data {
        finding = finding.figure(sizes::room("jobs store", data));
    }
    finding
        .figure(sizes::room("the card holds", there))
        .remedy("choose a larger card, or lower `per_node` in `[storage]`")
}

/// Where nothing is told of a card at all, `no-card` says so.
fn unknown_card(placed: &Placed<'_>, need: &Need<'_>) -> Option<Finding> {
    let hardware = placed.hardware();
    let stored = need.data.map(|data| format!("{data} of data"));
    let stored = stored.unwrap_or_else(|| "the system".to_owned());
    let (name, remedy) = match &hardware.boot {
        Some(BootFrom::Card(card)) => {
            let remedy = format!(
                "add `[catalogue.cards.{}]` with `capacity = \"32GB\"`",
                card.id
            );
            (card.name.clone(), remedy)
        }
        Some(BootFrom::Emmc) => emmc(placed),
        None if hardware.adopt && need.data.is_some() => {
            let remedy = "add `card = ` and what it boots from".to_owned();
            ("what it boots from".to_owned(), remedy)
        }
        None => return None,
    };
    let title = format!("whether {stored} fits cannot be checked: the size of {name} is not known");
    Some(placed.unknown(CHECK.id, "card", title).remedy(remedy))
}

/// The eMMC of a board that is sold with none or with several sizes of it.
fn emmc(placed: &Placed<'_>) -> (String, String) {
    let board = placed.board();
    let remedy = match board.emmc.as_slice() {
        [] => tell(board, "`emmc = [\"16GB\"]`"),
        sizes => {
            let sizes: Vec<_> = sizes.iter().map(ToString::to_string).collect();
            format!("add `emmc = ` and its size ({})", sizes.join(", "))
        }
    };
    ("the eMMC".to_owned(), remedy)
}

fn unknown_system(placed: &Placed<'_>, need: &Need<'_>) -> Finding {
    let name = need.image.map_or("the system", |image| &image.name);
    let title = format!(
        "whether all fits on the card cannot be checked: how much {name} takes is not known"
    );
    let remedy = match need.image.filter(|image| !image.id.contains(['/', '.'])) {
        Some(image) => format!(
            "add `[catalogue.images.{}]` with `uses = \"2GB\"`",
            image.id
        ),
        None => "leave twice the size of the image file free, or name an image of the catalogue"
            .to_owned(),
    };
    placed.unknown(CHECK.id, "card", title).remedy(remedy)
}

impl<'a> Need<'a> {
    fn of(placed: &Placed<'a>) -> Self {
        let image = placed.hardware().image.as_deref();
        let system = if placed.boots_from_network() {
            Some(Capacity::ZERO)
        } else {
            image.and_then(|image| image.uses)
        };
        let data = placed.site.cluster.room_per_node;
        Self {
            image,
            system,
            data: data.filter(|_| placed.has_role("worker")),
        }
    }
}

#[cfg(test)]
mod tests {
    use bramble_cluster::diagnostic::Severity;

    use super::super::fixture::{file, of};
    use crate::finding::Finding;

    const CARDS: &str = "
        [catalogue.cards.tiny]
        name = \"Tiny\"
        kind = \"microsd\"
        capacity = \"1GB\"
        [catalogue.cards.thing]
        name = \"Thing\"
        kind = \"microsd\"
    ";

    fn nodes(tables: &str, keys: &str) -> Vec<Finding> {
        let nodes = format!("[[nodes]]\nnames = \"node[1-3]\"\nboard = \"rpi3b\"\n{keys}");
        of("card-room", &file(&format!("{tables}\n{nodes}\n{CARDS}")))
    }

    const SANDISK: &str = "card = \"sandisk-ultra-32GB\"";

    #[test]
    fn the_system_and_what_jobs_store_have_to_fit_together() {
        let found = nodes("[storage]\nper_node = \"31GB\"", SANDISK);
        assert_eq!(found[0].severity, Severity::Error);
        assert_eq!(
            found[0].title,
            "at least 32.7 GB are to go on a card of 32 GB"
        );
        let lines: Vec<_> = found[0]
            .figures
            .iter()
            .map(crate::finding::Figure::line)
            .collect();
        assert!(
            lines[0].starts_with("the system takes: 1.72 GB ("),
            "{lines:?}"
        );
        assert_eq!(lines[1..], ["jobs store: 31 GB", "the card holds: 32 GB"]);
        assert!(nodes("[storage]\nper_node = \"30GB\"", SANDISK).is_empty());
    }

    #[test]
    fn the_system_alone_has_to_fit() {
        assert_eq!(nodes("", "card = \"tiny\"")[0].severity, Severity::Error);
    }

    #[test]
    fn only_workers_store_what_jobs_do() {
        let found = nodes(
            "[storage]\nper_node = \"31GB\"",
            &format!("{SANDISK}\nroles = [\"storage\"]"),
        );
        assert!(found.is_empty());
    }

    #[test]
    fn a_card_of_unknown_size_is_said() {
        let found = nodes("", "card = \"thing\"");
        assert_eq!(found[0].severity, Severity::Note);
        assert!(
            found[0].remedy.contains("[catalogue.cards.thing]"),
            "{}",
            found[0].remedy
        );
    }

    #[test]
    fn an_image_of_unknown_size_is_said() {
        let found = nodes("[os]\nimage = \"raspios-lite-arm64-bookworm\"", SANDISK);
        assert!(
            found[0]
                .remedy
                .contains("[catalogue.images.raspios-lite-arm64-bookworm]")
        );
        let found = nodes("[os]\nimage = \"./mine.img.xz\"", SANDISK);
        assert!(
            found[0].remedy.contains("image file"),
            "{}",
            found[0].remedy
        );
    }

    #[test]
    fn a_system_of_unknown_size_does_not_hide_data_that_cannot_fit() {
        let tables = "[os]\nimage = \"./mine.img.xz\"\n[storage]\nper_node = \"40GB\"";
        assert_eq!(nodes(tables, SANDISK)[0].severity, Severity::Error);
    }
}
