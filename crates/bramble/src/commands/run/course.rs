//! What is known of each node while a command runs on them, and in the end. Not in
//! here: what they print.

use std::time::{Duration, Instant};

use bramble_cluster::NodeName;
use bramble_cluster::nodeset::NodeSet;
use bramble_converge::Unreachable;
use bramble_view::answers::under_way;
use bramble_view::outcome::Outcome;

use crate::exit::Exit;

/// The nodes in their order, each with how far it is.
#[derive(Debug)]
pub(super) struct Course {
    started: Instant,
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    name: NodeName,
    begun: Option<Instant>,
    ended: Option<Ended>,
}

/// How it ended on a node.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) outcome: Outcome,
    /// Since the command began there, or since the beginning of all if it did not.
    pub(super) took: Duration,
}

impl Course {
    pub(super) fn new(nodes: &NodeSet) -> Self {
        let node = |name| Node {
            name,
            begun: None,
            ended: None,
        };
        Self {
            started: Instant::now(),
            nodes: nodes.iter().map(node).collect(),
        }
    }

    pub(super) fn begin(&mut self, place: usize) {
        self.nodes[place].begun = Some(Instant::now());
    }

    pub(super) fn end(&mut self, place: usize, ended: Result<u32, Unreachable>) -> &Outcome {
        let node = &mut self.nodes[place];
        let took = node.begun.unwrap_or(self.started).elapsed();
        let outcome = Outcome::of(ended, node.begun.is_some());
        &node.ended.insert(Ended { outcome, took }).outcome
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn name(&self, place: usize) -> &NodeName {
        &self.nodes[place].name
    }

    pub(super) fn names(&self, places: &[usize]) -> NodeSet {
        places
            .iter()
            .map(|&place| self.name(place).clone())
            .collect()
    }

    /// How it ended on the node at `place`, once it has.
    pub(super) fn ended(&self, place: usize) -> Option<&Ended> {
        self.nodes[place].ended.as_ref()
    }

    /// The line that tells how far all are.
    pub(super) fn status(&self) -> String {
        let open: Vec<_> = self
            .nodes
            .iter()
            .filter(|node| node.ended.is_none())
            .map(|node| &node.name)
            .collect();
        let ended = self.nodes.iter().filter_map(|node| node.ended.as_ref());
        let failed = ended.filter(|ended| !ended.outcome.is_good()).count();
        under_way(self.len(), failed, open.into_iter(), self.started.elapsed())
    }

    /// How it ended on those nodes on which it has.
    pub(super) fn outcomes(&self) -> Vec<(NodeName, Outcome)> {
        let told = |node: &Node| Some((node.name.clone(), node.ended.as_ref()?.outcome.clone()));
        self.nodes.iter().filter_map(told).collect()
    }

    /// The nodes that were not reached, and why.
    pub(super) fn unreachable(&self) -> impl Iterator<Item = (&NodeName, &Unreachable)> {
        self.nodes.iter().filter_map(|node| match &node.ended {
            Some(Ended {
                outcome: Outcome::Unreachable(why),
                ..
            }) => Some((&node.name, why)),
            _ => None,
        })
    }
}

/// What one node's end means for the whole.
pub(super) fn exit(outcome: &Outcome) -> Exit {
    match outcome {
        Outcome::Status(0) => Exit::Done,
        Outcome::Status(_) | Outcome::NotFed(_) | Outcome::TimedOut(_) => Exit::Failed,
        Outcome::Unreachable(_) => Exit::Unreachable,
        Outcome::Interrupted | Outcome::NotBegun => Exit::Interrupted,
    }
}

/// The status that stands for a node that gave none, as `pdsh -S` and `clush -S` have
/// it.
const NO_STATUS: u8 = 255;

/// What one node's end means for the whole where the largest exit status is wanted.
pub(super) fn status(outcome: &Outcome) -> Exit {
    match outcome {
        Outcome::Status(0) => Exit::Done,
        Outcome::Status(status) => Exit::Status(u8::try_from(*status).unwrap_or(NO_STATUS)),
        Outcome::NotFed(_) | Outcome::TimedOut(_) | Outcome::Unreachable(_) => {
            Exit::Status(NO_STATUS)
        }
        Outcome::Interrupted | Outcome::NotBegun => Exit::Interrupted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_end_decides_how_the_whole_ends() {
        let lost = || Err(Unreachable::Lost("reset".to_owned()));
        let of = |ends: Vec<Result<u32, Unreachable>>| {
            let outcomes = ends.into_iter().map(|end| Outcome::of(end, true));
            outcomes.map(|outcome| exit(&outcome)).max()
        };
        assert_eq!(of(vec![Ok(0), Ok(0)]), Some(Exit::Done));
        assert_eq!(of(vec![Ok(0), Ok(7)]), Some(Exit::Failed));
        assert_eq!(of(vec![lost(), Ok(7)]), Some(Exit::Unreachable));
        let interrupted = Err(Unreachable::Interrupted);
        assert_eq!(of(vec![lost(), interrupted]), Some(Exit::Interrupted));
        let late = Err(Unreachable::TooSlow {
            what: "the command".to_owned(),
            seconds: 1,
        });
        assert_eq!(of(vec![late]), Some(Exit::Failed));
    }

    #[test]
    fn the_largest_status_is_the_exit_code_where_that_is_wanted() {
        let of = |ends: Vec<Result<u32, Unreachable>>| {
            let outcomes = ends.into_iter().map(|end| Outcome::of(end, true));
            let worst = outcomes.map(|outcome| status(&outcome)).max();
            worst.map(Exit::code)
        };
        let lost = || Err(Unreachable::Lost("reset".to_owned()));
        assert_eq!(of(vec![Ok(0), Ok(0)]), Some(0));
        assert_eq!(of(vec![Ok(1), Ok(77), Ok(3)]), Some(77));
        assert_eq!(of(vec![Ok(137), Ok(0)]), Some(137));
        assert_eq!(of(vec![Ok(70_000)]), Some(255));
        assert_eq!(of(vec![lost(), Ok(77)]), Some(255));
        assert_eq!(of(vec![lost(), Err(Unreachable::Interrupted)]), Some(130));
    }
}
