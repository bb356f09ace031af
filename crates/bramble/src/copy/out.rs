//! From here to the nodes: what they have, what they lack, and sending that. Not
//! in here: how it is shown.

use std::collections::BTreeMap;

use bramble_cluster::NodeName;

use crate::copy::archive::{NotPacked, Sums, pack};
use crate::copy::ask::{Lacking, Wish};
use crate::copy::deliver::{Delivery, Heard, Manner};
use crate::copy::talk::Trouble;

/// What became of a node.
#[derive(Debug)]
pub(crate) enum Became {
    /// So many files and bytes were sent, or would be.
    Copied { files: usize, bytes: u64 },
    /// All was there.
    There,
    /// Nothing changed there.
    Trouble(Trouble),
}

/// What became of each node.
pub(crate) type Outcome = BTreeMap<NodeName, Became>;

/// What a copy has come to so far.
#[derive(Debug)]
pub(crate) enum Step {
    /// So much is to be sent in all.
    Sending { nodes: usize, bytes: u64 },
    /// So many bytes are on the node.
    At(NodeName, u64),
    /// The node is done with it.
    Done(NodeName),
    /// A node is sent to directly, since no other reached it.
    NotPassedOn(NodeName, String),
}

/// What would be sent to whom.
pub(crate) fn forecast(wish: &Wish<'_>, lacking: Lacking) -> Outcome {
    let mut outcome: Outcome = troubled(lacking.trouble);
    for (lack, members) in lacking.groups {
        for member in members {
            let became = if lack.is_nothing() {
                Became::There
            } else {
                Became::Copied {
                    files: lack.files(wish.sources),
                    bytes: lack.bytes(wish.sources),
                }
            };
            outcome.insert(member.node, became);
        }
    }
    outcome
}

/// Sends everybody what they lack.
pub(crate) fn send(
    wish: &Wish<'_>,
    manner: &Manner<'_>,
    lacking: Lacking,
    step: &mut dyn FnMut(Step),
) -> Result<Outcome, NotPacked> {
    let mut sums = Sums::default();
    let mut deliveries = Vec::new();
    for (lack, members) in &lacking.groups {
        if !lack.is_nothing() {
            deliveries.push(Delivery {
                archive: pack(wish.sources, lack, &mut sums)?,
                lack: lack.clone(),
                members: members.clone(),
            });
        }
    }
    let mut outcome = forecast(wish, lacking);
    step(Step::Sending {
        nodes: deliveries
            .iter()
            .map(|delivery| delivery.members.len())
            .sum(),
        bytes: deliveries
            .iter()
            .map(|delivery| delivery.archive.length * delivery.members.len() as u64)
            .sum(),
    });
    manner.deliver(&deliveries, &mut |heard| match heard {
        Heard::At(node, bytes) => step(Step::At(node, bytes)),
        Heard::Ended(node, Ok(())) => step(Step::Done(node)),
        Heard::Ended(node, Err(trouble)) => {
            outcome.insert(node.clone(), Became::Trouble(trouble));
            step(Step::Done(node));
        }
        Heard::NotPassedOn(node, reason) => step(Step::NotPassedOn(node, reason)),
    });
    Ok(outcome)
}

/// The nodes that are out already.
pub(crate) fn troubled(trouble: BTreeMap<NodeName, Trouble>) -> Outcome {
    trouble
        .into_iter()
        .map(|(node, trouble)| (node, Became::Trouble(trouble)))
        .collect()
}
