//! The plan: everything that can be told of a cluster before it is bought, as one
//! value. Not in here: how it looks (`bramble-view`).

use bramble_cluster::diagnostic::Severity;
use bramble_cluster::name::ClusterName;
use bramble_cluster::place::Place;
use serde::Serialize;

use crate::addresses::{self, Address};
use crate::break_even::BreakEven;
use crate::finding::{Figure, Finding};
use crate::parts::PartsList;
use crate::power::PowerPlan;
use crate::resources::Resources;
use crate::site::Site;
use crate::speed::Speed;
use crate::top500::Standing;

/// What a cluster would be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// What the cluster is called.
    pub cluster: ClusterName,
    /// What the rules found, the worst first.
    pub findings: Vec<Found>,
    /// What is bought, and what it costs.
    pub parts: PartsList,
    /// Cores, memory, storage.
    pub resources: Resources,
    /// What it draws, and what feeds it.
    pub power: PowerPlan,
    /// How fast it would be.
    pub speed: Speed,
    /// How that stands against the fastest; absent if no board was measured.
    pub top500: Option<Standing>,
    /// The cluster against a rented server, if the file names a price.
    pub break_even: Option<BreakEven>,
    /// Who has which address.
    pub addresses: Vec<Address>,
}

/// One finding, without its place in the file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found {
    /// The rule, by its stable name.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is found.
    pub title: String,
    /// Where in the cluster file the cause is: `nodes[0].supply`.
    pub place: Place,
    /// The nodes it is about, folded; empty if it is about the cluster at large.
    pub nodes: String,
    /// The figures it rests on.
    pub figures: Vec<Figure>,
    /// What to do.
    pub remedy: String,
}

impl Plan {
    /// The plan of `site`, for which the rules found `findings`.
    pub fn of(site: &Site<'_>, findings: &[Finding]) -> Self {
        let parts = PartsList::of(site);
        let power = PowerPlan::of(site);
        let speed = Speed::of(site);
        Self {
            cluster: site.cluster.name.clone(),
            findings: findings.iter().map(Found::of).collect(),
            resources: Resources::of(site),
            top500: Standing::of(&speed, site.reference),
            break_even: BreakEven::of(&parts, &power, site),
            addresses: addresses::addresses(site),
            parts,
            power,
            speed,
        }
    }
}

impl Found {
    /// What is told of `finding`.
    pub fn of(finding: &Finding) -> Self {
        Self {
            id: finding.id,
            severity: finding.severity,
            title: finding.title.clone(),
            place: finding.place,
            nodes: finding.nodes.fold(),
            figures: finding.figures.clone(),
            remedy: finding.remedy.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
