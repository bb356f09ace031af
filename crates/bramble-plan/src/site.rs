//! What there is to look at when a cluster is planned. Not in here: looking.

use bramble_cluster::Cluster;
use bramble_cluster::catalogue::{Catalogue, Reference};

use crate::wiring::Wiring;

/// A cluster, how it would be wired, and what is known about hardware.
#[derive(Debug)]
pub struct Site<'a> {
    /// The cluster.
    pub cluster: &'a Cluster,
    /// What is plugged where.
    pub wiring: Wiring,
    /// The hardware that bramble knows, for boards that stand in for others.
    pub catalogue: &'a Catalogue,
    /// Standards, wires and lists.
    pub reference: &'a Reference,
}

impl<'a> Site<'a> {
    /// The site of `cluster`.
    pub fn new(cluster: &'a Cluster, catalogue: &'a Catalogue, reference: &'a Reference) -> Self {
        Self {
            cluster,
            wiring: Wiring::of(cluster),
            catalogue,
            reference,
        }
    }
}
