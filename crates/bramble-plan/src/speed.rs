//! How fast the cluster would solve linear equations (HPL), from what was measured
//! on its boards one by one. Not in here: how that compares (`top500`).

use bramble_cluster::NodeSet;
use bramble_cluster::cluster::{Group, Place};
use bramble_cluster::unit::{FlopRate, Power};
use serde::Serialize;

use crate::consumption::Consumption;
use crate::site::Site;

/// What clusters reached of the sum of their boards, at the least and at the most,
/// in hundredths: measured with four to ten boards
/// (geerlingguy/top500-benchmark, results of clusters).
pub const REACHED: (u64, u64) = (87, 108);

/// The most nodes that a measured cluster had. Beyond, nothing says that a cluster
/// reaches more than the sum of its boards.
pub const MEASURED: u32 = 10;

/// How fast the cluster would be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Speed {
    /// All that run jobs.
    pub workers: Estimate,
    /// The same with the head, where it does not run jobs and was measured.
    pub with_head: Option<Estimate>,
    /// Boards that nobody measured, and the nodes that are therefore left out.
    pub left_out: Vec<LeftOut>,
}

/// An estimate over some nodes.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Estimate {
    /// How many nodes are in it.
    pub nodes: u32,
    /// What was measured on their boards, added up.
    pub hpl: FlopRate,
    /// What clusters reach of such a sum at the least.
    pub least: FlopRate,
    /// And at the most.
    pub most: FlopRate,
    /// What the boards draw meanwhile, if it is known of all of them.
    pub power: Option<Power>,
    /// Gflop/s for each watt of that.
    pub per_watt: Option<f64>,
}

/// Nodes whose board nobody measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftOut {
    /// The board's name.
    pub board: String,
    /// The nodes.
    pub nodes: NodeSet,
}

impl Speed {
    /// How fast `site` would be.
    pub fn of(site: &Site<'_>) -> Self {
        let groups = |wanted: &dyn Fn(&Group) -> bool| {
            let groups = site.cluster.groups.iter();
            groups.filter(|group| wanted(group)).collect::<Vec<_>>()
        };
        let works = |group: &Group| runs_jobs(group, site);
        let with_head = |group: &Group| works(group) || is_head(group, site);
        let all = groups(&with_head);
        let (workers, beyond) = (estimate(&groups(&works), site), estimate(&all, site));
        Self {
            workers,
            with_head: Some(beyond).filter(|beyond| beyond.nodes > workers.nodes),
            left_out: left_out(&all, site),
        }
    }
}

fn runs_jobs(group: &Group, site: &Site<'_>) -> bool {
    let first = group.members(site.cluster).first();
    first.is_some_and(|node| node.has_role("worker"))
}

fn is_head(group: &Group, site: &Site<'_>) -> bool {
    let first = group.members(site.cluster).first();
    first.is_some_and(|node| node.place == Place::Head)
}

fn hpl(group: &Group) -> Option<FlopRate> {
    group
        .hardware
        .board
        .speed
        .as_ref()?
        .hpl(group.hardware.memory)
}

/// What one node draws while it computes: as measured with that memory, else the
/// most that was measured of the board.
fn power(group: &Group, site: &Site<'_>) -> Option<Power> {
    let hardware = &group.hardware;
    let variants = hardware
        .board
        .speed
        .iter()
        .flat_map(|speed| &speed.by_memory);
    let mut of_size = variants.filter(|variant| variant.memory == hardware.memory);
    let measured = of_size.find_map(|variant| variant.power);
    measured.or_else(|| Consumption::of(hardware, site.catalogue).most)
}

fn estimate(groups: &[&Group], site: &Site<'_>) -> Estimate {
    let known = || groups.iter().filter_map(|group| Some((group, hpl(group)?)));
    let sum: FlopRate = known().map(|(group, hpl)| hpl.times(group.count())).sum();
    let power: Option<Power> = known()
        .map(|(group, _)| Some(power(group, site)?.times(group.count())))
        .sum();
    let share = |hundredths: u64| FlopRate::from_milli(sum.milli() * hundredths / 100);
    let power = power.filter(|power| *power > Power::ZERO);
    let nodes: u32 = known().map(|(group, _)| group.count()).sum();
    let most = if nodes > MEASURED {
        REACHED.1.min(100)
    } else {
        REACHED.1
    };
    Estimate {
        nodes,
        hpl: sum,
        least: share(REACHED.0),
        most: share(most),
        power,
        per_watt: power.map(|power| sum.as_f64() / power.as_f64()),
    }
}

fn left_out(groups: &[&Group], site: &Site<'_>) -> Vec<LeftOut> {
    let mut left: Vec<LeftOut> = Vec::new();
    for group in groups.iter().filter(|group| hpl(group).is_none()) {
        let names = group.members(site.cluster).iter();
        let names: NodeSet = names.map(|node| node.name.clone()).collect();
        let board = &group.hardware.board.name;
        match left.iter_mut().find(|left| left.board == *board) {
            Some(left) => left.nodes = left.nodes.union(&names),
            None => left.push(LeftOut {
                board: board.clone(),
                nodes: names,
            }),
        }
    }
    left
}
