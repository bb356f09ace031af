//! `drive-power`: drives of which nobody knows what they draw. Not in here: USB
//! devices that are told without a current (`usb_current`), and whether the supply
//! is enough (`supply_port`).

use bramble_cluster::diagnostic::Severity;

use super::Check;
use super::demand::{drive_of_unknown_draw, is_on_usb};
use super::media;
use super::placed::Placed;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "drive-power",
    text: include_str!("drive_power.md"),
    find,
};

/// Where nothing feeds a node, `unfed` tells that there is nothing to compare with.
fn find(site: &Site<'_>) -> Vec<Finding> {
    let fed = |placed: &Placed<'_>| {
        let hardware = placed.hardware();
        hardware.supply.is_some() || hardware.poe().is_some()
    };
    Placed::all(site)
        .filter(fed)
        .filter_map(|placed| note(&placed))
        .collect()
}

fn note(placed: &Placed<'_>) -> Option<Finding> {
    let hardware = placed.hardware();
    let drive = drive_of_unknown_draw(hardware)?;
    let boots = media::boot_card(hardware).is_some_and(|card| card.id == drive.id);
    let title = format!(
        "it is not known what the {} draws, which the {} has to feed",
        drive.name,
        placed.board().name
    );
    let remedy = if is_on_usb(drive) {
        "add it to `usb` with its `current`, as printed on it"
    } else {
        "look up the most it draws in its data sheet: what feeds the board has to give that besides what was measured of the board"
    };
    let key = if boots { "card" } else { "drives" };
    Some(
        placed
            .found(CHECK.id, Severity::Note, key, title)
            .label("draw not known")
            .remedy(remedy),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use super::*;

    fn found(rest: &str) -> Vec<Finding> {
        let card = |kind: &str| {
            format!("[catalogue.cards.{kind}]\nname = \"{kind}\"\nkind = \"{kind}\"\n")
        };
        let (usb, nvme) = (card("usb3"), card("nvme"));
        let nodes = "[[nodes]]\nnames = \"node[1-3]\"\nboard = \"rpi5\"\nram = \"4GB\"";
        of(CHECK.id, &file(&format!("{nodes}\n{rest}\n{usb}{nvme}")))
    }

    const SUPPLY: &str = "supply = \"psu-rpi5-5a\"";

    #[test]
    fn a_drive_of_which_nobody_knows_the_draw_is_told_once_for_its_group() {
        for drive in [
            "drives = [\"nvme\"]",
            "card = \"nvme\"",
            "drives = [\"usb3\"]",
        ] {
            let found = found(&format!("{SUPPLY}\n{drive}"));
            assert_eq!(found.len(), 1, "{drive}");
            assert_eq!(found[0].severity, Severity::Note);
            assert_eq!(found[0].nodes.to_string(), "node[1-3]");
        }
    }

    #[test]
    fn no_drive_or_one_that_is_told_is_no_matter() {
        assert_eq!(found(SUPPLY), []);
        let told = "drives = [\"usb3\"]\nusb = [{ name = \"usb3\", current = \"900mA\" }]";
        assert_eq!(found(&format!("{SUPPLY}\n{told}")), []);
        assert_eq!(found("drives = [\"nvme\"]"), [], "nothing feeds it");
    }
}
