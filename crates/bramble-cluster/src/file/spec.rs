//! The file as it is written: one part for each table, with the places of what
//! is to be joined later. Not in here: joining it (`resolve`).

use super::cluster::ClusterTable;
use super::known::Known;
use super::network::NetworkTable;
use super::nodes::Group;
use super::scheduler::SchedulerTable;
use super::storage::ShareEntry;
use super::{
    Vocabulary, cluster, head, network, nodes, os, own, parts, power, scheduler, storage, time,
};
use crate::cluster::TimeSource;
use crate::reader::Section;

/// What the tables say. A part that could not be read is absent, and was told
/// about.
#[derive(Debug)]
pub(super) struct Spec {
    pub(super) cluster: ClusterTable,
    pub(super) network: NetworkTable,
    pub(super) time: TimeSource,
    pub(super) shares: Vec<ShareEntry>,
    pub(super) scheduler: SchedulerTable,
    /// The head first, even where it could not be read.
    pub(super) groups: Vec<Group>,
    /// Whether every table was understood; else one may hold what is missing.
    pub(super) complete: bool,
}

/// Reads all tables of the file.
pub(super) fn read<'a>(mut root: Section<'a>, vocabulary: &Vocabulary<'a>) -> Spec {
    let mut known = Known::new(vocabulary);
    own::read(&mut root, &mut known);
    let cluster = root
        .required_table(
            "cluster",
            "missing-table",
            "the cluster needs a name",
            "add `[cluster]` with `name = \"garden\"`",
        )
        .map(cluster::read)
        .unwrap_or_default();
    let network = root
        .required_table(
            "network",
            "missing-table",
            "the nodes need addresses",
            "add `[network]` with `subnet = \"10.55.0.0/24\"`",
        )
        .map(|section| network::read(section, &known))
        .unwrap_or_default();
    let head = root.required_table(
        "head",
        "no-head",
        "one node must be the head",
        "add `[head]` with `name = \"head\"` and `board = \"rpi4b\"`",
    );
    let mut groups = vec![
        head.map(|section| head::read(section, &known))
            .unwrap_or_default(),
    ];
    groups.extend(nodes::read(&mut root, &known));
    let time = root.table("time").map_or(TimeSource::Internet, time::read);
    let shares = root.table("storage").map(storage::read).unwrap_or_default();
    let scheduler = root
        .table("scheduler")
        .map(scheduler::read)
        .unwrap_or_default();
    os::read(&mut root);
    power::read(&mut root);
    parts::read(&mut root);
    let complete = root.finish();
    Spec {
        cluster,
        network,
        time,
        shares,
        scheduler,
        groups,
        complete,
    }
}
