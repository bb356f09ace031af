//! What a node is made of, a line each. Not in here: its name and its cables.

use bramble_cluster::catalogue::{Card, Medium};
use bramble_cluster::cluster::{Boot, BootFrom, Hardware};
use bramble_cluster::name::RoleName;

use super::watts::{Draws, watts};
use crate::site::Site;

/// So many lines say which drives there are, and as many which USB devices.
const MOST: usize = 3;

/// What `node` is made of; `alone` if it stands for itself and no others.
pub(super) fn lines(site: &Site<'_>, node: usize, alone: bool, draws: &Draws) -> Vec<String> {
    let hardware = &*site.cluster.nodes[node].hardware;
    let mut lines = vec![hardware.board.name.clone(), size(hardware)];
    lines.extend(services(site, node));
    lines.push(boot(site, node));
    let drives = hardware
        .drives
        .iter()
        .map(|card| format!("drive: {}", storage(card)));
    lines.extend(some(drives.collect(), "drives"));
    let devices = hardware
        .usb
        .iter()
        .map(|device| format!("USB: {}", device.name));
    lines.extend(some(devices.collect(), "USB devices"));
    lines.extend(hardware.hat.iter().map(|hat| format!("hat: {}", hat.name)));
    if let Some(carrier) = &hardware.carrier {
        let slot = slot(site, node).filter(|_| alone).unwrap_or_default();
        lines.push(format!("in {}{slot}", carrier.name));
    }
    lines.extend(
        draws
            .node(node)
            .map(|power| format!("draws up to {}", watts(power))),
    );
    lines
}

/// The roles besides computing, two on a line.
fn services(site: &Site<'_>, node: usize) -> Vec<String> {
    let roles = site.cluster.nodes[node].roles.iter().map(RoleName::as_str);
    let roles: Vec<_> = roles
        .filter(|role| !["worker", "mpi"].contains(role))
        .collect();
    roles.chunks(2).map(|pair| pair.join(", ")).collect()
}

/// Which slot of which carrier a module is in: `, slot 3`, or `, slot 2.3` if there
/// are several carriers.
fn slot(site: &Site<'_>, node: usize) -> Option<String> {
    let units = &site.wiring.carriers;
    let mut found = units.iter().enumerate().filter_map(|(at, unit)| {
        let slot = unit.nodes.iter().position(|&module| module == node)?;
        Some((at + 1, slot + 1))
    });
    let (unit, slot) = found.next()?;
    Some(match units.len() {
        1 => format!(", slot {slot}"),
        _ => format!(", slot {unit}.{slot}"),
    })
}

/// The first of `lines`, and how many more of `what` there are if there are many.
fn some(mut lines: Vec<String>, what: &str) -> Vec<String> {
    if lines.len() > MOST {
        let more = lines.len() + 1 - MOST;
        lines.truncate(MOST - 1);
        lines.push(format!("and {more} more {what}"));
    }
    lines
}

fn size(hardware: &Hardware) -> String {
    let cores = match hardware.cores {
        1 => "1 core".to_owned(),
        cores => format!("{cores} cores"),
    };
    format!("{cores}, {}", hardware.memory)
}

/// What it boots from. The head serves the others, and so boots by itself; what runs
/// already boots as it does.
fn boot(site: &Site<'_>, node: usize) -> String {
    let hardware = &*site.cluster.nodes[node].hardware;
    let on_its_own = node == 0 || hardware.adopt;
    match (&hardware.boot, site.cluster.boot) {
        (_, Boot::Network) if !on_its_own => "boots from the network".to_owned(),
        (Some(BootFrom::Card(card)), _) => format!("boots from {}", storage(card)),
        (Some(BootFrom::Emmc), _) => match hardware.emmc {
            Some(size) => format!("boots from eMMC, {size}"),
            None => "boots from eMMC".to_owned(),
        },
        (None, _) if hardware.adopt => "adopted as it is".to_owned(),
        (None, _) => "no card is named".to_owned(),
    }
}

/// A card in a few words: how it is attached and how large it is, else its name.
fn storage(card: &Card) -> String {
    match (card.medium.map(medium), card.capacity) {
        (Some(medium), Some(capacity)) => format!("{medium}, {capacity}"),
        _ => card.name.clone(),
    }
}

fn medium(medium: Medium) -> &'static str {
    match medium {
        Medium::Microsd => "microSD",
        Medium::Emmc => "eMMC",
        Medium::Usb => "USB drive",
        Medium::Usb3 => "USB 3 drive",
        Medium::Nvme => "NVMe SSD",
        Medium::Sata => "SATA drive",
    }
}
