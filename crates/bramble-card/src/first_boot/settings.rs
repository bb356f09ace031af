//! What a board's firmware and kernel are told, from what the node is made of. Not in
//! here: the files that this goes to (`cmdline`, `config`).

use bramble_cluster::catalogue::Medium;
use bramble_cluster::cluster::{Hardware, TimeSource};
use bramble_cluster::{Cluster, Node};

use super::cmdline::Wish;
use crate::order::Order;

/// For how long a button has to be held, in milliseconds: the overlay's own figure, which
/// is said because a longer one is what people change (device tree overlays README,
/// gpio-shutdown).
const DEBOUNCE: u32 = 100;

/// Lines of `config.txt`.
pub(super) fn config(cluster: &Cluster, node: &Node) -> Vec<String> {
    let hardware = &node.hardware;
    [
        button(cluster),
        pulse(cluster, node),
        fan(hardware),
        usb_current(hardware),
        nvme(hardware),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the kernel is told on every image. Raspberry Pi's keeps no account of memory
/// unless asked, without which Slurm cannot hold a job to its share
/// (raspberrypi/linux issue 6980).
pub(super) fn kernel(order: &Order<'_>) -> Vec<Wish> {
    let memory = Wish::Has {
        name: "cgroup_enable",
        undone_by: "cgroup_disable",
        value: "memory",
    };
    let country = order.wifi().and_then(|(_, uplink)| uplink.country.clone());
    let country = country.map(|country| Wish::Is("cfg80211.ieee80211_regdom", country));
    [Some(memory), country].into_iter().flatten().collect()
}

/// Also on a board that the button does not turn on again: it turns it off.
fn button(cluster: &Cluster) -> Option<String> {
    let button = cluster.power.button?;
    Some(format!(
        "dtoverlay=gpio-shutdown,gpio_pin={},active_low=1,gpio_pull=up,debounce={DEBOUNCE}",
        button.gpio
    ))
}

/// The receiver's pulse, on the overlay's own GPIO (18). A receiver on USB has no wire
/// for it, and the overlay then waits in vain.
fn pulse(cluster: &Cluster, node: &Node) -> Option<String> {
    let serves = cluster
        .provider("time")
        .is_some_and(|server| server.name == node.name);
    (serves && cluster.time == TimeSource::Gps).then(|| "dtoverlay=pps-gpio".to_owned())
}

/// Boot loaders load it by themselves from most images, and not from all
/// (raspberrypi/firmware issue 1734).
fn fan(hardware: &Hardware) -> Option<String> {
    let overlay = hardware.hat.as_ref()?.overlay.as_ref()?;
    Some(format!("dtoverlay={overlay}"))
}

/// Only on a supply that is known to give what the board asks for: the board then takes
/// it at its word.
fn usb_current(hardware: &Hardware) -> Option<String> {
    let setting = hardware.board.settings.as_ref()?.usb_current.clone()?;
    let asked = hardware.board.intake.as_ref()?.asked()?;
    let given = match &hardware.supply {
        // The two agree on it by themselves.
        Some(supply) if supply.usb_pd == Some(true) => None,
        Some(supply) => supply.port(),
        None => hardware.poe()?.gives(),
    };
    (given? >= asked).then_some(setting)
}

fn nvme(hardware: &Hardware) -> Option<String> {
    let setting = hardware.board.settings.as_ref()?.nvme.clone()?;
    let attached = |drive: &std::sync::Arc<bramble_cluster::catalogue::Card>| drive.medium;
    let mut media = hardware.drives.iter().map(attached);
    let used = hardware.boot_medium() == Some(Medium::Nvme)
        || media.any(|medium| medium == Some(Medium::Nvme));
    used.then_some(setting)
}
