//! The exchanges of converging: facts, observation, changes. Each is one request
//! to every node at the same time; what the answers mean is decided by pure
//! functions beside: `wire` reads and writes, `failure` says what went wrong.

mod failure;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

use bramble_cluster::NodeName;
use bramble_cluster::event::{Event, Watch};

use crate::facts::{self, Facts};
use crate::plan::{Declared, Desired, NodePlan, Plan, Seen};
use crate::record::SEPARATOR;
use crate::resource::Key;
use crate::script::{Malformed, Script};
use crate::transport::{Answer, Answers, Request, Transport, Unreachable};

pub use failure::NodeFailure;
use wire::{judge, sections, seen, steps, tail, text};

/// Per node, what it answered or why not.
pub type ByNode<T> = BTreeMap<NodeName, Result<T, NodeFailure>>;

/// What became of a plan.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Changes made, by node, for every node of the plan.
    pub made: BTreeMap<NodeName, Vec<Key>>,
    /// The nodes that are not what they should be.
    pub failed: BTreeMap<NodeName, NodeFailure>,
}

/// Reads what the nodes are.
pub fn gather(transport: &dyn Transport, nodes: &[&NodeName]) -> ByNode<Facts> {
    let script = facts::script();
    let requests = nodes
        .iter()
        .map(|&node| (node.clone(), script.request(Vec::new())))
        .collect();
    let answers = transport.exchange(requests, &mut |_, _| {});
    read(answers, |_, answer| Facts::parse(&text(&answer.output)))
}

/// Reads what the nodes hold of what is desired.
pub fn observe(
    transport: &dyn Transport,
    desired: &Desired,
    nodes: &BTreeSet<NodeName>,
) -> ByNode<Seen> {
    let script = Script::observe();
    let request = |declared: &[Declared]| {
        script.request(sections(
            declared
                .iter()
                .map(|one| (one.resource.key(), one.resource.question())),
        ))
    };
    let requests = desired
        .nodes()
        .filter(|(node, _)| nodes.contains(*node))
        .map(|(node, declared)| (node.clone(), request(declared)))
        .collect();
    let answers = transport.exchange(requests, &mut |_, _| {});
    read(answers, |_, answer| seen(text(&answer.output).lines()))
}

/// Carries out what the plan has for the nodes of one wave. A node that fails is
/// left as it is; the others go on.
pub fn apply(
    transport: &dyn Transport,
    plan: &Plan,
    wave: &[NodeName],
    watch: Watch<'_>,
    outcome: &mut Outcome,
) {
    let work: BTreeMap<_, _> = wave
        .iter()
        .filter_map(|node| plan.nodes.get_key_value(node))
        .collect();
    let requests = requests(&work, watch, outcome);
    if requests.is_empty() {
        return;
    }
    let answers = transport.exchange(requests, &mut |node, line| {
        if let ["done", kind, id] = line.split(SEPARATOR).collect::<Vec<_>>()[..] {
            let key = Key::new(kind, id);
            watch(Event::Changed {
                node: node.clone(),
                resource: key.to_string(),
            });
            outcome.made.entry(node.clone()).or_default().push(key);
        }
    });
    let verdicts = read(answers, |node, answer| {
        let changes = work.get(node).map_or(&[][..], |plan| &plan.changes);
        Ok(judge(changes, answer))
    });
    for (node, verdict) in verdicts {
        match verdict {
            Ok(None) => {}
            Ok(Some(failure)) | Err(failure) => fail(&node, failure, watch, outcome),
        }
    }
}

/// What is asked of each node that has anything to do. One with a conflict is
/// not touched.
fn requests(
    work: &BTreeMap<&NodeName, &NodePlan>,
    watch: Watch<'_>,
    outcome: &mut Outcome,
) -> BTreeMap<NodeName, Request> {
    let script = Script::apply();
    let mut requests = BTreeMap::new();
    for (&node, plan) in work {
        outcome.made.insert(node.clone(), Vec::new());
        if let Some(conflict) = plan.conflicts.first() {
            let failure = NodeFailure::Conflict {
                key: conflict.key.clone(),
                found: conflict.found.clone(),
                remedy: conflict.remedy.clone(),
            };
            fail(node, failure, watch, outcome);
        } else if !plan.changes.is_empty() {
            requests.insert(node.clone(), script.request(steps(&plan.changes)));
        }
    }
    requests
}

fn fail(node: &NodeName, failure: NodeFailure, watch: Watch<'_>, outcome: &mut Outcome) {
    watch(Event::NodeFailed {
        node: node.clone(),
        reason: failure.to_string(),
    });
    outcome.failed.insert(node.clone(), failure);
}

/// Reads each answer with `parse`, or says why it cannot be.
fn read<T>(
    answers: Answers,
    parse: impl Fn(&NodeName, &Answer) -> Result<T, Malformed>,
) -> ByNode<T> {
    let understand = |node: &NodeName, answer: Result<Answer, Unreachable>| {
        let answer = answer?;
        let complaint = tail(&answer.complaint);
        if refused_by_sudo(&answer, &complaint) {
            return Err(NodeFailure::Sudo);
        }
        parse(node, &answer).map_err(|malformed| NodeFailure::Malformed {
            malformed,
            complaint,
        })
    };
    answers
        .into_iter()
        .map(|(node, answer)| {
            let understood = understand(&node, answer);
            (node, understood)
        })
        .collect()
}

/// `sudo` speaks for itself, and the script never got to say anything. A shell
/// that has no `sudo` begins its complaint with its own name.
fn refused_by_sudo(answer: &Answer, complaint: &str) -> bool {
    answer.status != 0
        && answer.output.is_empty()
        && complaint.lines().any(|line| line.starts_with("sudo"))
}
