//! How storage is attached: what of it a node uses. Not in here:
//! whether it may.

use std::collections::BTreeSet;

use bramble_cluster::catalogue::{Board, Card, Medium};
use bramble_cluster::cluster::{BootFrom, Hardware};

/// All media a node uses. What is soldered on is in use whether the file boots
/// from it or not.
pub(super) fn used(hardware: &Hardware) -> BTreeSet<Medium> {
    let soldered = hardware.emmc.map(|_| Medium::Emmc);
    let device = hardware.usb.iter().find(|device| device.usb3);
    let device = device.map(|_| Medium::Usb3);
    let drives = hardware.drives.iter().filter_map(|drive| drive.medium);
    let boot = hardware.boot_medium();
    boot.into_iter()
        .chain(soldered)
        .chain(device)
        .chain(drives)
        .collect()
}

/// The card or drive a node boots from, if it is one.
pub(super) fn boot_card(hardware: &Hardware) -> Option<&Card> {
    match hardware.boot.as_ref()? {
        BootFrom::Emmc => None,
        BootFrom::Card(card) => Some(card),
    }
}

/// Whether `board` takes `medium`; unknown if nothing is known of its media. USB
/// and USB 3 take each other's devices.
pub(super) fn takes(board: &Board, medium: Medium) -> Option<bool> {
    let usb = |medium| matches!(medium, Medium::Usb | Medium::Usb3);
    let fits = |&known: &Medium| known == medium || (usb(known) && usb(medium));
    let known = !board.media.is_empty();
    known.then(|| board.media.iter().any(fits))
}
