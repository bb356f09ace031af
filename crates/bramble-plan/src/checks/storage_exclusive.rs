//! `storage-exclusive`: storage that cannot be used at the same time.

use std::collections::BTreeSet;

use bramble_cluster::catalogue::{Exclusion, Medium};
use bramble_cluster::diagnostic::Severity;

use super::Check;
use super::media;
use super::placed::Placed;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "storage-exclusive",
    text: include_str!("storage_exclusive.md"),
    find,
};

/// What the catalogue says of a carrier whose slot modules with eMMC ignore.
const LITE_ONLY: &str = "lite-only";

fn find(site: &Site<'_>) -> Vec<Finding> {
    Placed::all(site).flat_map(|placed| of(&placed)).collect()
}

fn of(placed: &Placed<'_>) -> Vec<Finding> {
    let used = media::used(placed.hardware());
    let exclusions = &placed.board().exclusions;
    let broken = |exclusion: &&Exclusion| exclusion.parts.iter().all(|part| used.contains(part));
    let mut found: Vec<_> = exclusions
        .iter()
        .filter(broken)
        .map(|exclusion| at_once(placed, exclusion))
        .collect();
    if found.is_empty() {
        found.extend(carrier_slot(placed, &used));
    }
    found
}

fn at_once(placed: &Placed<'_>, exclusion: &Exclusion) -> Finding {
    let words: Vec<_> = exclusion.parts.iter().map(ToString::to_string).collect();
    let both = words.join(" and ");
    let (name, reason) = (&placed.board().name, &exclusion.reason);
    let title = format!("the {name} cannot use {both} at the same time: {reason}");
    let said = exclusion
        .source
        .as_ref()
        .map(|source| format!(" (says: {source})"));
    let said = said.unwrap_or_default();
    placed
        .found(
            CHECK.id,
            Severity::Error,
            key(placed, &exclusion.parts),
            title,
        )
        .label(format!("not {both} together"))
        .remedy(format!("{}{said}", remedy(&exclusion.parts)))
}

fn remedy(parts: &[Medium]) -> &'static str {
    if parts.contains(&Medium::Emmc) && parts.contains(&Medium::Microsd) {
        "boot from the eMMC (`card = \"emmc\"`) or an NVMe SSD, or take the module without eMMC and delete `emmc`"
    } else if parts.contains(&Medium::Usb3) {
        "plug the device into a USB 2.0 port and delete `usb3 = true`, or do without the other"
    } else {
        "use only one of them"
    }
}

/// The key of the node that brings one of `parts`, the last that does.
fn key(placed: &Placed<'_>, parts: &[Medium]) -> &'static str {
    let hardware = placed.hardware();
    let drive = |part| {
        hardware
            .drives
            .iter()
            .any(|drive| drive.medium == Some(part))
    };
    if parts.contains(&Medium::Usb3) && hardware.usb.iter().any(|device| device.usb3) {
        "usb"
    } else if parts.iter().any(|part| drive(*part)) {
        "drives"
    } else {
        "card"
    }
}

/// The same as the carrier's maker says it, for modules of which the catalogue
/// does not.
fn carrier_slot(placed: &Placed<'_>, used: &BTreeSet<Medium>) -> Option<Finding> {
    let carrier = placed.hardware().carrier.as_ref()?;
    let parts = [Medium::Emmc, Medium::Microsd];
    let both = parts.iter().all(|part| used.contains(part));
    if carrier.microsd.as_deref() != Some(LITE_ONLY) || !both {
        return None;
    }
    let title = format!(
        "the microSD slot of the {} works only with modules that have no eMMC",
        carrier.name
    );
    let finding = placed
        .found(CHECK.id, Severity::Error, key(placed, &parts), title)
        .label("not eMMC and microSD together")
        .remedy(remedy(&parts));
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use crate::finding::Finding;

    const SSD: &str =
        "[catalogue.cards.ssd]\nname = \"SSD\"\nkind = \"nvme\"\ncapacity = \"256GB\"";
    const CM4: &str = "board = \"cm4\"\nram = \"4GB\"\ncarrier = \"cm4io\"";

    fn nodes(keys: &str) -> Vec<Finding> {
        let text = file(&format!("[[nodes]]\nnames = \"node[1-3]\"\n{keys}\n{SSD}"));
        of("storage-exclusive", &text)
    }

    #[test]
    fn a_module_with_emmc_ignores_the_microsd_card() {
        for board in ["cm4", "cm5"] {
            let found = nodes(&format!(
                "board = \"{board}\"\nram = \"4GB\"\nemmc = \"16GB\"\ncard = \"sandisk-ultra-32GB\""
            ));
            assert_eq!(found.len(), 1, "{board}");
            assert!(
                found[0]
                    .title
                    .contains("cannot use eMMC and microSD at the same time")
            );
            assert!(found[0].remedy.contains("card = \"emmc\""));
        }
    }

    #[test]
    fn a_module_without_emmc_takes_the_card() {
        assert!(nodes(&format!("{CM4}\ncard = \"sandisk-ultra-32GB\"")).is_empty());
    }

    #[test]
    fn an_nvme_ssd_goes_with_emmc() {
        assert!(
            nodes(&format!(
                "{CM4}\nemmc = \"16GB\"\ncard = \"emmc\"\ndrives = [\"ssd\"]"
            ))
            .is_empty()
        );
        assert!(nodes(&format!("{CM4}\nemmc = \"16GB\"\ncard = \"ssd\"")).is_empty());
    }

    #[test]
    fn a_vim3_has_nvme_or_usb_3() {
        let usb = |usb3: bool| {
            format!(
                "board = \"vim3-basic\"\ncard = \"emmc\"\ndrives = [\"ssd\"]\nusb = [{{ name = \"camera\", usb3 = {usb3} }}]"
            )
        };
        let found = nodes(&usb(true));
        assert_eq!(found.len(), 1);
        assert!(
            found[0].title.contains("NVMe and USB 3"),
            "{}",
            found[0].title
        );
        assert_eq!(found[0].place.key, "usb");
        assert!(nodes(&usb(false)).is_empty());
    }

    #[test]
    fn a_vim3_takes_emmc_and_microsd_together() {
        assert!(nodes("board = \"vim3-basic\"\ncard = \"sandisk-ultra-32GB\"").is_empty());
    }

    #[test]
    fn what_only_the_carrier_says_is_told_too() {
        let own = "[catalogue.boards.mine]\nname = \"Mine\"\ncores = 4\nram = [\"1GB\"]\nemmc = [\"8GB\"]\nmodule = true";
        let keys =
            "board = \"mine\"\nemmc = \"8GB\"\ncarrier = \"cm4io\"\ncard = \"sandisk-ultra-32GB\"";
        assert_eq!(nodes(&format!("{keys}\n{own}")).len(), 1);
    }
}
