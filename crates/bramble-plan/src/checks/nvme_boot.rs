//! `nvme-boot`: what a boot loader needs to start from such an SSD.

use bramble_cluster::catalogue::{Carrier, Medium};
use bramble_cluster::diagnostic::Severity;

use super::Check;
use super::placed::Placed;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "nvme-boot",
    text: include_str!("nvme_boot.md"),
    find,
};

/// Boards whose boot loader is in an EEPROM, and may be too old for this.
const EEPROM: &[&str] = &["cm4", "cm5", "rpi5", "rpi500"];

fn find(site: &Site<'_>) -> Vec<Finding> {
    let from_nvme = |placed: &Placed<'_>| {
        let hardware = placed.hardware();
        hardware.boot_medium() == Some(Medium::Nvme)
            && !hardware.adopt
            && !placed.boots_from_network()
    };
    let groups = Placed::all(site).filter(from_nvme);
    groups.filter_map(|placed| boots(&placed)).collect()
}

fn boots(placed: &Placed<'_>) -> Option<Finding> {
    let carrier = placed.hardware().carrier.as_ref();
    if let Some(carrier) = carrier.filter(|carrier| carrier.nvme_behind_switch) {
        return Some(behind_switch(placed, carrier));
    }
    EEPROM
        .contains(&placed.board().id.as_str())
        .then(|| eeprom(placed))
}

fn behind_switch(placed: &Placed<'_>, carrier: &Carrier) -> Finding {
    let title = format!(
        "the NVMe slot of the {} is behind a PCI Express switch, where the boot loader does not look",
        carrier.name
    );
    placed
        .found(CHECK.id, Severity::Error, "card", title)
        .label("cannot boot from here")
        .remedy("boot from a card or eMMC and list the SSD under `drives`, or choose a carrier without such a switch")
}

fn eeprom(placed: &Placed<'_>) -> Finding {
    let title = format!(
        "a {} that left the factory long ago may not boot from NVMe before its boot loader is updated",
        placed.board().name
    );
    placed
        .found(CHECK.id, Severity::Note, "card", title)
        .label("needs a recent boot loader")
        .remedy("start each board once from a microSD card or by USB, run `sudo rpi-eeprom-update -a`, and put 6 in front in `BOOT_ORDER`")
}

#[cfg(test)]
mod tests {
    use bramble_cluster::diagnostic::Severity;

    use super::super::fixture::{file, of};

    fn severities(keys: &str) -> Vec<Severity> {
        let ssd = "[catalogue.cards.ssd]\nname = \"SSD\"\nkind = \"nvme\"";
        let text = file(&format!("[[nodes]]\nnames = \"node[1-3]\"\n{keys}\n{ssd}"));
        of("nvme-boot", &text)
            .iter()
            .map(|finding| finding.severity)
            .collect()
    }

    #[test]
    fn a_boot_loader_does_not_look_behind_a_switch() {
        let keys = "board = \"cm4\"\nram = \"4GB\"\ncarrier = \"deskpi-super6c\"\ncard = \"ssd\"";
        assert_eq!(severities(keys), [Severity::Note]);
        let own = "[catalogue.carriers.deskpi-super6c]\nnvme_behind_switch = true";
        assert_eq!(severities(&format!("{keys}\n{own}")), [Severity::Error]);
    }

    #[test]
    fn an_ssd_for_data_may_be_anywhere() {
        let keys =
            "board = \"rpi5\"\nram = \"4GB\"\ncard = \"sandisk-ultra-32GB\"\ndrives = [\"ssd\"]";
        assert_eq!(severities(keys), []);
    }

    #[test]
    fn other_boards_have_no_such_boot_loader() {
        assert_eq!(severities("board = \"vim3-basic\"\ncard = \"ssd\""), []);
    }
}
