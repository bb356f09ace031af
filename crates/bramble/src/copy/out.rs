//! From here to the nodes: what they have, what they lack, and sending that. Not
//! in here: how it is shown.

use std::collections::BTreeMap;

use bramble_cluster::NodeName;
use bramble_converge::Unreachable;

use crate::copy::archive::{NotPacked, Sums, pack};
use crate::copy::ask::{Lacking, Member, Wish};
use crate::copy::deliver::{Delivery, Heard, Manner};
use crate::copy::listing::Lack;
use crate::copy::reading::NotRead;
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
    let deliveries = match packed(wish, &lacking) {
        Err(NotPacked::NotRead(NotRead::Interrupted)) => return Ok(interrupted(wish, lacking)),
        packed => packed?,
    };
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

fn packed(wish: &Wish<'_>, lacking: &Lacking) -> Result<Vec<Delivery>, NotPacked> {
    let mut sums = Sums::new(wish.stop);
    let wanting = lacking.groups.iter().filter(|(lack, _)| !lack.is_nothing());
    let delivery = |(lack, members): (&Lack, &Vec<Member>)| {
        Ok(Delivery {
            archive: pack(wish.sources, lack, &mut sums)?,
            lack: lack.clone(),
            members: members.clone(),
        })
    };
    wanting.map(delivery).collect()
}

/// Nothing was sent.
fn interrupted(wish: &Wish<'_>, lacking: Lacking) -> Outcome {
    let mut outcome = forecast(wish, lacking);
    for became in outcome.values_mut() {
        if matches!(became, Became::Copied { .. }) {
            *became = Became::Trouble(Trouble::Unreachable(Unreachable::Interrupted));
        }
    }
    outcome
}

/// The nodes that are out already.
pub(crate) fn troubled(trouble: BTreeMap<NodeName, Trouble>) -> Outcome {
    trouble
        .into_iter()
        .map(|(node, trouble)| (node, Became::Trouble(trouble)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use bramble_fleet::{AddressBook, Fleet, Identity, Pace};

    use super::*;
    use crate::copy::listing::{Destination, Seen, Terms, compare};
    use crate::copy::place::Place;
    use crate::copy::tree;

    #[test]
    fn after_ctrl_c_nothing_is_read_here_and_every_node_is_told_as_interrupted() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "content").unwrap();
        let sources = tree::read(&[file]).unwrap();
        let Ok(Place::There { path: to, .. }) = Place::parse("node1:".as_ref()) else {
            panic!("a place on a node is one");
        };
        let stop = Arc::new(AtomicBool::new(true));
        let identity = Identity {
            user: "pi".parse().unwrap(),
            key: None,
            agent: Some(PathBuf::new()),
        };
        let book = AddressBook {
            entries: BTreeMap::new(),
        };
        let fleet = Fleet::new(book, identity, Arc::clone(&stop)).unwrap();
        let wish = Wish {
            fleet: &fleet,
            sources: &sources,
            to: &to,
            terms: Terms::default(),
            pace: Pace::default(),
            stop: &stop,
        };
        assert!(wish.digests([0].iter()).unwrap().is_empty());

        let seen = Seen {
            destination: Destination::Directory,
            parent: true,
            free: u64::MAX,
            passes_on: false,
            found: BTreeMap::new(),
        };
        let lack = compare(&sources, &to, &seen, wish.terms).unwrap();
        let member = Member {
            node: "node1".parse().unwrap(),
            passes_on: false,
        };
        let lacking = Lacking {
            groups: BTreeMap::from([(lack, vec![member.clone()])]),
            trouble: BTreeMap::new(),
        };
        let manner = Manner {
            fleet: &fleet,
            sources: &sources,
            pace: wish.pace,
            root: false,
            relay_from: None,
            addresses: BTreeMap::new(),
        };
        let outcome = send(&wish, &manner, lacking, &mut |step| panic!("{step:?}")).unwrap();
        assert!(matches!(
            outcome[&member.node],
            Became::Trouble(Trouble::Unreachable(Unreachable::Interrupted))
        ));
    }
}
