//! `ubuntu-labels`: two disks of one node that Ubuntu cannot tell apart.

use bramble_cluster::catalogue::Image;
use bramble_cluster::diagnostic::Severity;

use super::Check;
use super::placed::Placed;
use crate::finding::{Figure, Finding};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "ubuntu-labels",
    text: include_str!("ubuntu_labels.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    Placed::all(site).filter_map(|placed| of(&placed)).collect()
}

fn of(placed: &Placed<'_>) -> Option<Finding> {
    let hardware = placed.hardware();
    let image = hardware.image.as_ref().filter(|image| is_ubuntu(image))?;
    // The one that is booted counts as well, whether it is told or not.
    let disks = u32::try_from(hardware.drives.len() + 1).unwrap_or(u32::MAX);
    if hardware.drives.is_empty() {
        return None;
    }
    let title = format!(
        "a node with {disks} disks may start from the wrong one: {} knows its disks by labels that every Ubuntu disk has",
        image.name
    );
    let finding = placed
        .found(CHECK.id, Severity::Warning, "drives", title)
        .label("must not hold Ubuntu as well")
        .figure(Figure::new("disks on each node", disks, ""))
        .remedy("erase the further disks before use, or give what is on them other labels than `system-boot` and `writable`");
    Some(finding)
}

fn is_ubuntu(image: &Image) -> bool {
    let texts = [Some(&image.id), Some(&image.name), image.release.as_ref()];
    let mut texts = texts.into_iter().flatten();
    texts.any(|text| text.to_ascii_lowercase().contains("ubuntu"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};

    fn count(image: &str, drives: &str) -> usize {
        let stick = "[catalogue.cards.stick]\nname = \"Stick\"\nkind = \"usb\"";
        let nodes = format!("[[nodes]]\nnames = \"node[1-3]\"\nboard = \"rpi3b\"\n{drives}");
        let text = file(&format!("[os]\nimage = \"{image}\"\n{nodes}\n{stick}"));
        of("ubuntu-labels", &text).len()
    }

    #[test]
    fn a_second_disk_may_be_taken_for_the_first() {
        assert_eq!(
            count(
                "./ubuntu-24.04-preinstalled-server-arm64.img.xz",
                "drives = [\"stick\"]"
            ),
            1
        );
    }

    #[test]
    fn one_disk_cannot() {
        assert_eq!(
            count("./ubuntu-24.04-preinstalled-server-arm64.img.xz", ""),
            0
        );
    }

    #[test]
    fn other_systems_find_their_disks_by_their_ids() {
        assert_eq!(
            count("raspios-lite-arm64-trixie", "drives = [\"stick\"]"),
            0
        );
    }
}
