//! The workers as Slurm counts them.

use std::collections::BTreeMap;

use bramble_cluster::nodeset::NodeSet;
use bramble_cluster::{Node, NodeName};
use bramble_converge::Facts;

use crate::context::Context;

/// The workers with what Slurm may count on.
pub(super) struct Machines<'a> {
    workers: Vec<Worker<'a>>,
}

struct Worker<'a> {
    node: &'a Node,
    facts: Option<&'a Facts>,
    cores: u32,
    /// In MiB.
    memory: u32,
}

impl<'a> Machines<'a> {
    pub(super) fn of(context: &Context<'a>) -> Self {
        let worker = |node: &'a Node| {
            let facts = context.facts.get(&node.name);
            Worker {
                node,
                facts,
                cores: facts.map_or(node.hardware.cores, |facts| facts.cores),
                memory: facts.map_or_else(|| unread(node), |facts| rounded(facts.memory_mib)),
            }
        };
        Self {
            workers: context.cluster.with_role("worker").map(worker).collect(),
        }
    }

    /// Whether every worker that was read may use all of `controllers`.
    pub(super) fn all_have(&self, controllers: &[&str]) -> bool {
        self.workers
            .iter()
            .filter_map(|worker| worker.facts)
            .all(|facts| facts.has_controllers(controllers))
    }

    /// Whether some worker's kernel shows less than its board has.
    pub(super) fn kernel_shows_less(&self) -> bool {
        self.workers
            .iter()
            .filter_map(|worker| worker.facts)
            .any(Facts::kernel_shows_less)
    }

    /// What a job gets for each core if it does not say: such that a job on all
    /// cores of any worker fits. In MiB.
    pub(super) fn memory_per_core(&self) -> u32 {
        self.workers
            .iter()
            .map(|worker| worker.memory / worker.cores.max(1))
            .min()
            .unwrap_or(0)
    }

    /// All workers as one node set.
    pub(super) fn names(&self) -> String {
        fold(self.workers.iter().map(|worker| &worker.node.name))
    }

    /// A line for each size of worker.
    pub(super) fn node_lines(&self) -> String {
        let mut sizes: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for worker in &self.workers {
            sizes
                .entry((worker.cores, worker.memory))
                .or_default()
                .push(&worker.node.name);
        }
        let line = |((cores, memory), names): ((u32, u32), Vec<&NodeName>)| {
            let names = fold(names.into_iter());
            format!("NodeName={names} CPUs={cores} RealMemory={memory} State=UNKNOWN\n")
        };
        sizes.into_iter().map(line).collect()
    }
}

fn fold<'a>(names: impl Iterator<Item = &'a NodeName>) -> String {
    names.cloned().collect::<NodeSet>().to_string()
}

/// Rounded down to 16 MiB: a node that registers with less than configured is
/// refused, and the kernel's share moves a little from one release to the next.
fn rounded(memory_mib: u32) -> u32 {
    memory_mib / 16 * 16
}

/// A board that was never read: firmware and kernel keep up to an eighth for
/// themselves (a 3B+ of 1,024 MiB shows 905).
fn unread(node: &Node) -> u32 {
    rounded(node.hardware.memory.mib() / 8 * 7)
}
