//! Which nodes are drawn as one. Not in here: how.

use std::collections::BTreeMap;

use bramble_cluster::Cluster;

use crate::site::Site;

/// So many nodes are drawn each by itself; of more, equal ones are one stack.
const MOST: usize = 48;
/// So many switches are drawn each by itself.
const MOST_HUBS: usize = 12;
/// So many supplies are drawn each by itself.
const MOST_STRIPS: usize = 16;

/// Which nodes are drawn as one.
#[derive(Debug)]
pub(super) struct Fold {
    /// The nodes of each item, in order; the head is the first item, and alone.
    pub(super) items: Vec<Vec<usize>>,
    /// The item of each node.
    pub(super) item_of: Vec<usize>,
    /// Whether nodes are drawn as stacks.
    pub(super) stacks: bool,
    /// Whether the switches are drawn as one.
    pub(super) hubs: bool,
    /// Whether supplies of a kind are drawn as one.
    pub(super) strips: bool,
}

impl Fold {
    pub(super) fn of(site: &Site<'_>) -> Self {
        let nodes = site.cluster.nodes.len();
        let stacks = nodes > MOST;
        let items = if stacks {
            stacked(site.cluster)
        } else {
            (0..nodes).map(|node| vec![node]).collect()
        };
        let mut item_of = vec![0; nodes];
        for (item, members) in items.iter().enumerate() {
            for &node in members {
                item_of[node] = item;
            }
        }
        let shared = |unit: &&crate::wiring::SupplyUnit| unit.supply.ports.unwrap_or(1) > 1;
        let strips = site.wiring.supplies.iter().filter(shared).count();
        Self {
            items,
            item_of,
            stacks,
            hubs: stacks || site.wiring.switches.len() > MOST_HUBS,
            strips: stacks || strips > MOST_STRIPS,
        }
    }
}

/// The head, then a stack for each group; for each kind of board if there are too
/// many groups; all in one if there are too many of these.
fn stacked(cluster: &Cluster) -> Vec<Vec<usize>> {
    let mut by_group = vec![vec![0]];
    let groups = cluster.groups.iter().map(|group| group.nodes.clone());
    let members = groups.map(|nodes| nodes.filter(|&node| node > 0).collect::<Vec<_>>());
    by_group.extend(members.filter(|nodes| !nodes.is_empty()));
    if by_group.len() <= MOST {
        return by_group;
    }
    let mut by_board: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for node in 1..cluster.nodes.len() {
        let board = &cluster.nodes[node].hardware.board.id;
        by_board.entry(board).or_default().push(node);
    }
    if by_board.len() < MOST {
        return std::iter::once(vec![0])
            .chain(by_board.into_values())
            .collect();
    }
    vec![vec![0], (1..cluster.nodes.len()).collect()]
}
