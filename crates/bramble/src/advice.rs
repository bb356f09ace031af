//! What can be done about nodes that gave no answer. Not in here: why they gave none.

use std::collections::BTreeSet;

use bramble_cluster::NodeName;
use bramble_cluster::nodeset::NodeSet;
use bramble_converge::{NodeFailure, Unreachable};
use bramble_lab::Twin;
use bramble_view::unreachable;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{BOARDS, Target};

/// Hints that follow from why these nodes are out.
pub(crate) fn about<'a>(
    target: &Target,
    out: impl IntoIterator<Item = (&'a NodeName, &'a Unreachable)>,
) -> Vec<String> {
    let (mut rekeyed, mut silent) = (NodeSet::new(), false);
    for (node, why) in out {
        let (node, why) = root(node, why);
        match why {
            Unreachable::WrongHostKey { .. } => {
                rekeyed.absorb([node.clone()].into_iter().collect());
            }
            Unreachable::NoAnswer { .. } | Unreachable::TooSlow { .. } => silent = true,
            _ => {}
        }
    }
    let keys = new_keys(&rekeyed);
    let twin = (silent && has_twin(target)).then(|| {
        "a twin of this cluster is running on this machine; add `--lab` to reach it".to_owned()
    });
    keys.into_iter().chain(twin).collect()
}

/// A node that a command cannot go on without, and what can be done.
pub(crate) fn failure(target: &Target, node: &NodeName, why: Unreachable) -> Failure {
    let message = format!("{node}: {}", unreachable::reason(&why, &BTreeSet::new()));
    let hints = about(target, [(node, &why)]);
    let failure = Failure::new(Exit::of(&NodeFailure::Unreachable(why)), message);
    hints.into_iter().fold(failure, Failure::hint)
}

/// The node that is to blame: it may be one in between.
fn root<'a>(node: &'a NodeName, why: &'a Unreachable) -> (&'a NodeName, &'a Unreachable) {
    match why {
        Unreachable::NoWay { via, reason } => root(via, reason),
        why => (node, why),
    }
}

/// One node at a time is adopted: each has a key that somebody has to compare.
fn new_keys(nodes: &NodeSet) -> Option<String> {
    let first = nodes.iter().next()?;
    let others: NodeSet = nodes.iter().skip(1).collect();
    let others = if others.is_empty() {
        String::new()
    } else {
        format!("; likewise {others}")
    };
    Some(format!(
        "if {first} was set up anew, see both keys and take the new one: \
         `bramble adopt {first} --rekey`{others}"
    ))
}

/// Whether the boards were meant, and a twin of them runs.
fn has_twin(target: &Target) -> bool {
    target.name == BOARDS && Twin::of(target.folder.file(), &target.cluster.name).is_up()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_node_at_a_time_is_to_be_adopted() {
        let nodes = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect();
        assert_eq!(new_keys(&NodeSet::new()), None);
        assert_eq!(
            new_keys(&nodes(&["node3"])).unwrap(),
            "if node3 was set up anew, see both keys and take the new one: \
             `bramble adopt node3 --rekey`"
        );
        let told = new_keys(&nodes(&["node3", "node5", "node4"])).unwrap();
        assert!(told.ends_with("`bramble adopt node3 --rekey`; likewise node[4-5]"));
    }

    #[test]
    fn a_node_in_between_is_to_blame_for_those_behind_it() {
        let (head, node): (NodeName, NodeName) =
            ("head".parse().unwrap(), "node3".parse().unwrap());
        let lost = Unreachable::Lost("reset".to_owned());
        let behind = Unreachable::NoWay {
            via: head.clone(),
            reason: Box::new(lost.clone()),
        };
        assert_eq!(root(&node, &behind), (&head, &lost));
        assert_eq!(root(&node, &lost), (&node, &lost));
    }
}
