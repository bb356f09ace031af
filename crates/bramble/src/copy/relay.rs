//! Who passes a stream on to whom: trees in which every node is reached once.
//! Not in here: what is passed on, and how.

/// How many nodes each passes the stream on to, and how many the sender sends to.
/// A node's link carries the stream out so many times: two make the tree shallow
/// and take twice the time of one transfer, however many nodes there are.
const FAN_OUT: usize = 2;

/// A node, and those that it passes the stream on to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Branch<T> {
    pub(crate) node: T,
    pub(crate) onward: Vec<Self>,
}

impl<T> Branch<T> {
    /// A node that passes nothing on.
    pub(crate) fn alone(node: T) -> Self {
        Self {
            node,
            onward: Vec::new(),
        }
    }

    /// All nodes in it, this one first.
    pub(crate) fn nodes(&self) -> Vec<&T> {
        let below = self.onward.iter().flat_map(Self::nodes);
        std::iter::once(&self.node).chain(below).collect()
    }
}

/// Plants trees of all nodes. Those that can pass it on are told first, level by
/// level, so that the trees are as shallow as they can be; those that cannot are
/// leaves, and are sent to directly where there is no room at the others.
pub(crate) fn plant<T>(able: Vec<T>, unable: Vec<T>) -> Vec<Branch<T>> {
    if able.is_empty() {
        return unable.into_iter().map(Branch::alone).collect();
    }
    // The places in level order: the ones at 0 and 1 are sent to by the sender,
    // and the one at n sends to those at 2n + 2 and 2n + 3.
    let inner = able.len();
    let places = FAN_OUT * (inner + 1);
    let mut leaves = unable;
    let beyond = leaves.split_off(leaves.len().min(places - inner));
    let mut level: Vec<Option<T>> = able.into_iter().chain(leaves).map(Some).collect();
    let mut branches: Vec<_> = (0..FAN_OUT)
        .filter_map(|root| grow(&mut level, root))
        .collect();
    branches.extend(beyond.into_iter().map(Branch::alone));
    branches
}

fn grow<T>(level: &mut [Option<T>], at: usize) -> Option<Branch<T>> {
    let node = level.get_mut(at)?.take()?;
    let first = FAN_OUT * (at + 1);
    let onward = (first..first + FAN_OUT)
        .filter_map(|below| grow(level, below))
        .collect();
    Some(Branch { node, onward })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn depth(branch: &Branch<u32>) -> u32 {
        1 + branch.onward.iter().map(depth).max().unwrap_or(0)
    }

    fn inner(branch: &Branch<u32>) -> Vec<u32> {
        let below = branch.onward.iter().flat_map(inner);
        let own = (!branch.onward.is_empty()).then_some(branch.node);
        own.into_iter().chain(below).collect()
    }

    #[test]
    fn seven_nodes_make_two_trees() {
        let trees = plant(vec![1, 2, 3, 4, 5, 6, 7], vec![]);
        let nodes: Vec<Vec<_>> = trees.iter().map(Branch::nodes).collect();
        assert_eq!(nodes, [vec![&1, &3, &7, &4], vec![&2, &5, &6]]);
    }

    #[test]
    fn without_anybody_to_pass_it_on_all_are_sent_to() {
        let trees = plant(vec![], vec![1, 2, 3]);
        assert!(trees.iter().all(|tree| tree.onward.is_empty()));
        assert_eq!(trees.len(), 3);
    }

    proptest! {
        #[test]
        fn every_node_is_reached_once_over_few_others(able in 0..400_u32, unable in 0..400_u32) {
            let trees = plant((0..able).collect(), (able..able + unable).collect());
            let mut nodes: Vec<u32> = trees.iter().flat_map(Branch::nodes).copied().collect();
            nodes.sort_unstable();
            prop_assert_eq!(nodes, (0..able + unable).collect::<Vec<_>>());
            let deepest = trees.iter().map(depth).max().unwrap_or(0);
            prop_assert!(deepest <= (able + 2).ilog2() + 1, "{} levels", deepest);
            for tree in &trees {
                prop_assert!(inner(tree).iter().all(|&node| node < able));
            }
        }
    }
}
