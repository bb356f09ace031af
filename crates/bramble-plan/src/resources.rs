//! What the nodes have together: cores, memory, storage. Not in here: what a job
//! can get of it (`bramble-roles`).

use bramble_cluster::cluster::{Boot, BootFrom, Group, Hardware, Place};
use bramble_cluster::unit::Capacity;
use bramble_cluster::{Cluster, Node};
use serde::Serialize;

use crate::site::Site;

/// What there is, of all nodes and of some of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Resources {
    /// Of all nodes.
    pub all: Totals,
    /// Of all but the head.
    pub without_head: Totals,
    /// Of those that run jobs.
    pub workers: Totals,
}

/// What some nodes have together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// How many nodes.
    pub nodes: u32,
    /// Processor cores.
    pub cores: u32,
    /// Memory, in MiB.
    pub memory_mib: u64,
    /// Room on cards, eMMC and drives, in bytes, as their makers count.
    pub storage: u64,
    /// Nodes whose storage is not known, or not all of it.
    pub storage_unknown: u32,
    /// What the operating systems leave of it, in bytes.
    pub after_os: u64,
    /// Nodes of which it is not known what their operating system takes, or of how
    /// much; nothing of theirs is in `after_os`.
    pub after_os_unknown: u32,
}

impl Resources {
    /// What the nodes of `site` have.
    pub fn of(site: &Site<'_>) -> Self {
        let cluster = site.cluster;
        let sum = |wanted: &dyn Fn(&Node) -> bool| {
            let groups = cluster.groups.iter();
            let wanted = groups.filter(|group| group.members(cluster).first().is_some_and(wanted));
            wanted.fold(Totals::default(), |sum, group| sum.plus(group, cluster))
        };
        Self {
            all: sum(&|_| true),
            without_head: sum(&|node| node.place != Place::Head),
            workers: sum(&|node| node.has_role("worker")),
        }
    }
}

impl Totals {
    fn plus(self, group: &Group, cluster: &Cluster) -> Self {
        let (hardware, nodes) = (&group.hardware, group.count());
        let storage = storage(hardware, cluster);
        let left = left(hardware, cluster);
        let times = |room: Option<Capacity>| room.map_or(0, Capacity::bytes) * u64::from(nodes);
        let unless = |known: bool| if known { 0 } else { nodes };
        Self {
            nodes: self.nodes + nodes,
            cores: self.cores + hardware.cores * nodes,
            memory_mib: self.memory_mib + u64::from(hardware.memory.mib()) * u64::from(nodes),
            storage: self.storage + times(storage),
            storage_unknown: self.storage_unknown + unless(storage.is_some()),
            after_os: self.after_os + times(left),
            after_os_unknown: self.after_os_unknown + unless(left.is_some()),
        }
    }
}

/// What fits on all that one node has.
fn storage(hardware: &Hardware, cluster: &Cluster) -> Option<Capacity> {
    let boot = match &hardware.boot {
        None if cluster.boot == Boot::Network => Capacity::ZERO,
        _ => hardware.boot_capacity()?,
    };
    Some(Capacity::from_bytes(boot.bytes() + drives(hardware)?))
}

/// What the operating system leaves of it.
fn left(hardware: &Hardware, cluster: &Cluster) -> Option<Capacity> {
    let storage = storage(hardware, cluster)?;
    if hardware.boot.is_none() {
        return Some(storage);
    }
    let taken = hardware.image.as_ref()?.uses?;
    Some(Capacity::from_bytes(
        storage.bytes().saturating_sub(taken.bytes()),
    ))
}

/// What fits on its drives. Soldered eMMC that it does not boot from is one of them.
fn drives(hardware: &Hardware) -> Option<u64> {
    let drives = hardware.drives.iter().map(|drive| drive.capacity);
    let sum: Option<u64> = drives.map(|room| room.map(Capacity::bytes)).sum();
    let beside = match &hardware.boot {
        Some(BootFrom::Emmc) => None,
        _ => hardware.emmc,
    };
    Some(sum? + beside.map_or(0, Capacity::bytes))
}
