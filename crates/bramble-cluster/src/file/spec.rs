//! The file as it is written: one part for each table, with the places of what
//! is to be joined later. Not in here: joining it (`resolve`).

use super::cluster::ClusterTable;
use super::cost::CostTable;
use super::identity::IdentityTable;
use super::known::Known;
use super::network::NetworkTable;
use super::nodes::Group;
use super::os::OsTable;
use super::scheduler::SchedulerTable;
use super::storage::StorageTable;
use super::{
    Vocabulary, cluster, cost, head, identity, network, nodes, os, own, parts, power, scheduler,
    storage, time,
};
use crate::catalogue::Catalogue;
use crate::cluster::{Part, Power, TimeSource};
use crate::money::Amount;
use crate::place::Table;
use crate::reader::{Key, Kind, Section};

const fn table(name: &'static str, keys: &'static [Key], doc: &'static str) -> Key {
    Key::new(name, Kind::Table(keys), "{ }", doc)
}

/// The tables of the file.
pub(crate) const ROOT: &[Key] = &[
    table(
        "cluster",
        cluster::KEYS,
        "what the cluster is called and whose it is",
    )
    .required(),
    table(
        "cost",
        cost::KEYS,
        "what money is worth, and what the cluster is compared with",
    ),
    table("os", os::KEYS, "what the nodes boot"),
    table(
        "network",
        network::KEYS,
        "how the nodes are wired and reached",
    )
    .required(),
    table("time", time::KEYS, "where the right time comes from"),
    table("storage", storage::KEYS, "what is stored where"),
    table(
        "scheduler",
        scheduler::KEYS,
        "what queues and starts jobs, and what they need",
    ),
    table(
        "power",
        power::KEYS,
        "turning the cluster off and on, and what feeds it",
    ),
    table(
        "head",
        head::KEYS,
        "the node that the others reach the world through",
    )
    .required(),
    Key::new(
        "nodes",
        Kind::List(&Kind::Table(nodes::NODES_KEYS)),
        r#"[{ names = "node[1-5]", board = "rpi4b" }]"#,
        "a group of equal nodes",
    ),
    Key::new(
        "identity",
        Kind::Entries(&Kind::Table(identity::KEYS)),
        r#"{ node3 = { mac = "dc:a6:32:01:02:03" } }"#,
        "which board a node is: what only the real thing has, found out by `bramble adopt` and \
         `bramble discover`",
    ),
    Key::new(
        "parts",
        Kind::List(&Kind::Table(parts::KEYS)),
        r#"[{ name = "dog bone stack", quantity = 1, price = 32 }]"#,
        "what a board does not imply",
    ),
    table(
        "catalogue",
        own::KEYS,
        "hardware of your own; under an id that is known it changes the keys given",
    ),
];

/// What the tables say. A part that could not be read is absent, and was told
/// about.
#[derive(Debug)]
pub(super) struct Spec {
    pub(super) cluster: ClusterTable,
    pub(super) network: NetworkTable,
    pub(super) time: TimeSource,
    pub(super) storage: StorageTable,
    pub(super) cost: CostTable,
    pub(super) os: OsTable,
    pub(super) power: Power,
    pub(super) electricity: Option<Amount>,
    pub(super) identities: Vec<IdentityTable>,
    pub(super) parts: Vec<Part>,
    pub(super) own: Catalogue,
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
        .map(|section| cluster::read(section.at(Table::Cluster)))
        .unwrap_or_default();
    let network = root
        .required_table(
            "network",
            "missing-table",
            "the nodes need addresses",
            "add `[network]` with `subnet = \"10.55.0.0/24\"`",
        )
        .map(|section| network::read(section.at(Table::Network), &known))
        .unwrap_or_default();
    let head = root.required_table(
        "head",
        "no-head",
        "one node must be the head",
        "add `[head]` with `name = \"head\"` and `board = \"rpi4b\"`",
    );
    let mut groups = vec![
        head.map(|section| head::read(section.at(Table::Group(0)), &known))
            .unwrap_or_default(),
    ];
    groups.extend(nodes::read(&mut root, &known));
    let mut optional = |name, table| Some(root.table(name)?.at(table));
    let time = optional("time", Table::Time).map_or(TimeSource::Internet, time::read);
    let storage = optional("storage", Table::Storage).map(storage::read);
    let scheduler = optional("scheduler", Table::Scheduler).map(scheduler::read);
    let cost = optional("cost", Table::Cost).map(cost::read);
    let os = os::read(optional("os", Table::Os), &known);
    let power = optional("power", Table::Power).map(|section| power::read(section, &known));
    let (power, electricity) = power.unwrap_or_default();
    let identities = identity::read(&mut root);
    let parts = parts::read(&mut root, &known);
    let complete = root.finish();
    Spec {
        cluster,
        network,
        time,
        storage: storage.unwrap_or_default(),
        scheduler: scheduler.unwrap_or_default(),
        cost: cost.unwrap_or_default(),
        os,
        power,
        electricity,
        identities,
        parts,
        own: known.own(),
        groups,
        complete,
    }
}
