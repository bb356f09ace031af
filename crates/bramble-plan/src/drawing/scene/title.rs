//! The name of the cluster and its figures at large. Not in here: its parts.

use bramble_cluster::cluster::Engine;
use bramble_cluster::unit::Memory;

use super::watts::{Draws, watts};
use crate::site::Site;

/// The title of the schematic.
#[derive(Debug)]
pub(crate) struct Title {
    pub(crate) name: String,
    pub(crate) subtitle: String,
    /// Figures with what they count.
    pub(crate) figures: Vec<(String, &'static str)>,
    /// The picture in a sentence, for those who cannot see it.
    pub(crate) about: String,
}

pub(super) fn title(site: &Site<'_>, draws: &Draws) -> Title {
    let cluster = site.cluster;
    let figures = figures(site, draws);
    let told: Vec<_> = figures
        .iter()
        .map(|(figure, what)| format!("{what}: {figure}"))
        .collect();
    Title {
        name: cluster.name.to_string(),
        subtitle: subtitle(site),
        about: format!(
            "Schematic of the cluster {}. {}, switches: {}, supplies: {}. Network cables \
             run from the switches down to the boards, power cables from the supplies up.",
            cluster.name,
            told.join(", "),
            site.wiring.switches.len(),
            site.wiring.supplies.len(),
        ),
        figures,
    }
}

fn subtitle(site: &Site<'_>) -> String {
    let network = &site.cluster.network;
    let scheduler = site.cluster.scheduler.map(|engine| match engine {
        Engine::Slurm => "Slurm",
    });
    let mut words = vec![network.subnet.to_string(), network.domain.clone()];
    words.extend(scheduler.map(str::to_owned));
    words.retain(|word| !word.is_empty());
    words.join(" \u{b7} ")
}

fn figures(site: &Site<'_>, draws: &Draws) -> Vec<(String, &'static str)> {
    let groups = &site.cluster.groups;
    let cores: u64 = groups
        .iter()
        .map(|group| u64::from(group.count()) * u64::from(group.hardware.cores))
        .sum();
    let memory: u64 = groups
        .iter()
        .map(|group| u64::from(group.count()) * u64::from(group.hardware.memory.mib()))
        .sum();
    let nodes = site.cluster.nodes.len();
    let every: Vec<_> = (0..nodes).collect();
    let asked = draws.asked(&every);
    let mut figures = vec![
        (nodes.to_string(), "nodes"),
        (cores.to_string(), "cores"),
        (gigabytes(memory), "memory"),
    ];
    if asked.all {
        figures.push((watts(asked.known), "at most"));
    }
    figures
}

/// Memory for people: in whole GB where it is large.
fn gigabytes(mebibytes: u64) -> String {
    if mebibytes > 10 * 1024 {
        return format!("{} GB", (mebibytes + 512) / 1024);
    }
    let memory = u32::try_from(mebibytes).map(Memory::from_mib);
    memory.map_or_else(|_| String::new(), |memory| memory.to_string())
}
