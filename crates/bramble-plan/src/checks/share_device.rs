//! `share-device`: whether the disk that a share is to lie on is there, and is not
//! the one that its node boots from. Not in here: shares without a disk of their own
//! (`nfs_on_microsd`).

use bramble_cluster::catalogue::Medium;
use bramble_cluster::cluster::{Hardware, Share};
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::Check;
use super::media;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "share-device",
    text: include_str!("share_device.md"),
    find,
};

/// Disks by what the kernel calls them.
struct Kind {
    /// How their names begin.
    stem: &'static str,
    /// What the first of them is called.
    first: &'static str,
    /// How they are attached.
    media: &'static [Medium],
}

const KINDS: &[Kind] = &[
    Kind {
        stem: "/dev/sd",
        first: "/dev/sda",
        media: &[Medium::Usb, Medium::Usb3, Medium::Sata],
    },
    Kind {
        stem: "/dev/nvme",
        first: "/dev/nvme0",
        media: &[Medium::Nvme],
    },
    Kind {
        stem: "/dev/mmcblk",
        first: "/dev/mmcblk0",
        media: &[Medium::Microsd, Medium::Emmc],
    },
];

fn find(site: &Site<'_>) -> Vec<Finding> {
    let shares = site.cluster.shares.iter().enumerate();
    shares
        .filter_map(|(index, share)| judge(index, share, site))
        .collect()
}

/// A machine that runs already may have any disk.
fn judge(index: usize, share: &Share, site: &Site<'_>) -> Option<Finding> {
    let device = share.device.as_deref()?;
    let kind = KINDS.iter().find(|kind| device.starts_with(kind.stem))?;
    let nodes = &site.cluster.nodes;
    let node = nodes.iter().position(|node| node.name == share.on)?;
    let hardware = &nodes[node].hardware;
    let boots = hardware.boot_medium();
    let boots_from_kind = boots.is_some_and(|medium| kind.media.contains(&medium));
    let others = others(hardware, kind);
    let finding = if boots_from_kind && device.starts_with(kind.first) {
        boot_disk(index, share, device, others)
    } else if others == 0 && !hardware.adopt {
        no_drive(index, share, device)
    } else {
        return None;
    };
    Some(finding.about_nodes(&[node], site))
}

/// How many disks of this kind there are besides the one it boots from. A drive
/// of which nobody knows how it is attached may be any, and a USB device a disk.
fn others(hardware: &Hardware, kind: &Kind) -> usize {
    let drives = hardware.drives.iter();
    let of_kind = |medium: Option<Medium>| medium.is_none_or(|medium| kind.media.contains(&medium));
    let drives = drives.filter(|drive| of_kind(drive.medium)).count();
    let usb = Some(hardware.usb.len()).filter(|_| kind.media.contains(&Medium::Usb));
    let soldered = hardware.emmc.is_some() && media::boot_card(hardware).is_some();
    let soldered = soldered && kind.media.contains(&Medium::Emmc);
    drives + usb.unwrap_or_default() + usize::from(soldered)
}

/// With another disk of the kind it is a matter of which is found first.
fn boot_disk(index: usize, share: &Share, device: &str, others: usize) -> Finding {
    let on = &share.on;
    let (severity, how) = if others == 0 && is_system(device) {
        (Severity::Error, "is")
    } else {
        (Severity::Warning, "is likely on")
    };
    let title = format!("{device} {how} the disk that `{on}` boots from");
    let remedy = if others == 0 {
        format!(
            "leave `device` out: {} is then a directory of that disk; or add a drive to `{on}` and name its partition",
            share.path
        )
    } else {
        "name the other disk, as `lsblk` on the node shows it".to_owned()
    };
    at(index, severity, title)
        .label("holds the system")
        .remedy(remedy)
}

/// Whether it is a whole disk, or one of the two partitions that images have.
fn is_system(device: &str) -> bool {
    let name = device.trim_start_matches("/dev/");
    let partition = if name.starts_with("sd") {
        name.trim_start_matches(char::is_alphabetic)
    } else {
        name.rsplit_once('p').map_or("", |(_, number)| number)
    };
    matches!(partition, "" | "1" | "2")
}

fn no_drive(index: usize, share: &Share, device: &str) -> Finding {
    let on = &share.on;
    let title = format!(
        "{} is to lie on {device}, and nothing says that `{on}` has such a drive",
        share.path
    );
    at(index, Severity::Note, title)
        .label("on which drive?")
        .remedy(format!(
            "name it in the table of `{on}`: `drives = [...]` for one of the catalogue or of `[catalogue.cards.ID]`, or `usb = [...]` for a disk on USB"
        ))
}

fn at(index: usize, severity: Severity, title: String) -> Finding {
    Finding::new(CHECK.id, severity, title, Table::Share(index).key("device"))
}

#[cfg(test)]
mod tests {
    use bramble_cluster::diagnostic::Severity::{Error, Note, Warning};

    use super::super::fixture::of;
    use super::*;

    fn found(device: &str, head: &str) -> Vec<Severity> {
        let card = |kind: &str| {
            format!("[catalogue.cards.{kind}]\nname = \"{kind}\"\nkind = \"{kind}\"\n")
        };
        let text = format!(
            "[cluster]\nname = \"test\"\n[network]\nsubnet = \"10.55.0.0/24\"\n\
             [storage]\nshared = [{{ on = \"head\", path = \"/srv/home\", mount = \"/home/shared\", device = \"{device}\" }}]\n\
             [head]\nname = \"head\"\nboard = \"rpi5\"\nram = \"4GB\"\n{head}\n{}{}",
            card("usb3"),
            card("nvme")
        );
        let found = of(CHECK.id, &text).into_iter();
        found
            .inspect(|finding| assert_eq!(finding.nodes.to_string(), "head"))
            .map(|finding| finding.severity)
            .collect()
    }

    const CARD: &str = "card = \"sandisk-ultra-32GB\"";

    #[test]
    fn a_drive_that_nothing_names_is_asked_for() {
        assert_eq!(found("/dev/sda1", CARD), [Note]);
        assert_eq!(found("/dev/nvme0n1p1", CARD), [Note]);
        let nvme = format!("{CARD}\ndrives = [\"nvme\"]");
        assert_eq!(found("/dev/sda1", &nvme), [Note]);
        assert_eq!(found("/dev/nvme0n1p1", &nvme), []);
    }

    #[test]
    fn a_drive_that_is_named_is_there() {
        assert_eq!(
            found("/dev/sda1", &format!("{CARD}\ndrives = [\"usb3\"]")),
            []
        );
        let usb = "usb = [{ name = \"disk\" }]";
        assert_eq!(found("/dev/sda1", &format!("{CARD}\n{usb}")), []);
        assert_eq!(found("/dev/sda1", "adopt = true"), []);
        assert_eq!(found("/dev/disk/by-label/data", CARD), []);
    }

    #[test]
    fn the_disk_it_boots_from_is_no_disk_to_share() {
        for (card, device) in [
            ("card = \"usb3\"", "/dev/sda1"),
            ("card = \"usb3\"", "/dev/sda"),
            ("card = \"nvme\"", "/dev/nvme0n1p2"),
            (CARD, "/dev/mmcblk0p2"),
            (CARD, "/dev/mmcblk0"),
        ] {
            assert_eq!(found(device, card), [Error], "{device}");
        }
    }

    #[test]
    fn a_further_partition_or_one_of_two_disks_may_be_meant() {
        assert_eq!(found("/dev/sda3", "card = \"usb3\""), [Warning]);
        assert_eq!(found("/dev/nvme0n1p3", "card = \"nvme\""), [Warning]);
        let two = "card = \"usb3\"\ndrives = [\"usb3\"]";
        assert_eq!(found("/dev/sda1", two), [Warning]);
        assert_eq!(found("/dev/sdb1", two), []);
        assert_eq!(found("/dev/sdb1", "card = \"usb3\""), [Note]);
    }
}
