//! What hangs on ports and on whole supplies, each different case once however
//! often it occurs. Not in here: whether that is too much (`supply_port`,
//! `supply_total`).

use std::collections::BTreeMap;
use std::sync::Arc;

use bramble_cluster::catalogue::Supply;
use bramble_cluster::cluster::Group;
use bramble_cluster::unit::Power;

use super::demand::Demand;
use crate::finding::{Figure, Finding};
use crate::site::Site;

/// Nodes that are fed together: by their group, how many of it.
pub(super) type Members = Vec<(usize, u32)>;

/// A supply, or a port of one, with what it feeds.
#[derive(Debug)]
pub(super) struct Feeding<'a> {
    /// What it is.
    pub(super) supply: &'a Arc<Supply>,
    /// What it feeds.
    pub(super) members: Members,
    /// How many there are with just this to feed.
    pub(super) times: u32,
    /// The nodes that all of these feed.
    nodes: Vec<usize>,
}

/// The sums over what is fed together, of all that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sums {
    /// What the makers of the boards ask.
    pub(super) asked: Power,
    /// Whether it is known of all of them.
    pub(super) asked_of_all: bool,
    /// What they start from at the least.
    pub(super) least: Power,
    /// What was measured.
    pub(super) measured: Power,
    /// Whether it is known of all of them.
    pub(super) measured_of_all: bool,
}

/// Every case of what one port feeds.
pub(super) fn ports<'a>(site: &'a Site<'_>) -> Vec<Feeding<'a>> {
    let units = site.wiring.supplies.iter();
    let fed = units.flat_map(|unit| {
        unit.ports
            .iter()
            .map(|nodes| (&unit.supply, nodes.as_slice()))
    });
    cases(fed, site)
}

/// Every case of what one supply feeds in total.
pub(super) fn supplies<'a>(site: &'a Site<'_>) -> Vec<Feeding<'a>> {
    let units = site.wiring.supplies.iter();
    let fed: Vec<_> = units
        .map(|unit| (&unit.supply, unit.ports.concat()))
        .collect();
    cases(
        fed.iter()
            .map(|(supply, nodes)| (*supply, nodes.as_slice())),
        site,
    )
}

/// What one `supply` would have to feed if it fed `nodes`.
pub(super) fn together<'a>(
    supply: &'a Arc<Supply>,
    nodes: Vec<usize>,
    site: &Site<'_>,
) -> Feeding<'a> {
    Feeding {
        supply,
        members: members(&nodes, &site.cluster.groups),
        times: 1,
        nodes,
    }
}

/// What each group asks, in their order.
pub(super) fn demands(site: &Site<'_>) -> Vec<Demand> {
    let groups = site.cluster.groups.iter();
    groups
        .map(|group| Demand::of(&group.hardware, site))
        .collect()
}

fn cases<'a, 'b>(
    fed: impl Iterator<Item = (&'a Arc<Supply>, &'b [usize])>,
    site: &Site<'_>,
) -> Vec<Feeding<'a>> {
    let mut cases: BTreeMap<(&str, Members), Feeding<'a>> = BTreeMap::new();
    for (supply, nodes) in fed {
        let members = members(nodes, &site.cluster.groups);
        let case = cases.entry((&supply.id, members.clone()));
        let first = Feeding {
            supply,
            members,
            times: 0,
            nodes: Vec::new(),
        };
        let case = case.or_insert(first);
        case.times += 1;
        case.nodes.extend(nodes);
    }
    cases.into_values().collect()
}

/// The groups of `nodes` with how many each has among them.
fn members(nodes: &[usize], groups: &[Group]) -> Members {
    let mut counts = BTreeMap::new();
    for &node in nodes {
        // Groups follow each other, so the node is in the first that ends behind it.
        let group = groups.partition_point(|group| group.nodes.end <= node);
        *counts.entry(group).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

impl Feeding<'_> {
    /// The first group that is fed.
    pub(super) fn group(&self) -> usize {
        self.members.first().map_or(0, |(group, _)| *group)
    }

    /// How many nodes it feeds.
    pub(super) fn count(&self) -> u32 {
        self.members.iter().map(|(_, count)| count).sum()
    }

    /// What all that is fed asks and draws together.
    pub(super) fn sums(&self, demands: &[Demand]) -> Sums {
        let (asked, asked_of_all) = self.sum(|group| demands[group].asked_of(self.supply));
        let (measured, measured_of_all) = self.sum(|group| demands[group].measured);
        let (least, _) = self.sum(|group| demands[group].least);
        Sums {
            asked,
            asked_of_all,
            least,
            measured,
            measured_of_all,
        }
    }

    /// `finding`, about all the nodes that it feeds.
    pub(super) fn about(&self, finding: Finding, site: &Site<'_>) -> Finding {
        finding.about_nodes(&self.nodes, site)
    }

    /// The figures of what was measured, of each board one.
    pub(super) fn measured_figures(&self, demands: &[Demand]) -> Vec<Figure> {
        let groups = self.members.iter();
        let figures = groups.filter_map(|(group, _)| demands[*group].measured_figure());
        let mut figures: Vec<_> = figures.collect();
        figures.dedup();
        figures
    }

    /// The sum of what is known, and whether that is all.
    fn sum(&self, of: impl Fn(usize) -> Option<Power>) -> (Power, bool) {
        let members = self.members.iter();
        let known = members.filter_map(|&(group, count)| Some(of(group)?.times(count)));
        let all = self.members.iter().all(|&(group, _)| of(group).is_some());
        (known.sum(), all)
    }
}
