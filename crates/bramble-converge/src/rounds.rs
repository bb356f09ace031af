//! The exchanges of converging: facts, observation, changes. Each is one request
//! to every node at the same time; what the answers mean is decided by pure
//! functions beside.

use std::collections::{BTreeMap, BTreeSet};

use bramble_cluster::NodeName;
use bramble_cluster::event::{Event, Watch};
use serde::Serialize;

use crate::facts::{self, Facts};
use crate::plan::{Change, Declared, Desired, NodePlan, Plan, Seen};
use crate::record::{Record, SEPARATOR};
use crate::resource::Key;
use crate::script::{Malformed, Script};
use crate::transport::{Answer, Request, Transport, Unreachable};

/// Why a node is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NodeFailure {
    /// It gave no answer.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    /// The account may not become root without a password.
    #[error("sudo wants a password there: allow it with `NOPASSWD:ALL` in /etc/sudoers.d")]
    Sudo,
    /// It answered something else.
    #[error("{malformed}{}", said(.complaint))]
    Malformed {
        /// What is wrong with the answer.
        malformed: Malformed,
        /// The last of its standard error.
        complaint: String,
    },
    /// Something is in the way that bramble must not change.
    #[error("{key}: {found}; {remedy}")]
    Conflict {
        /// Which resource.
        key: Key,
        /// What was found.
        found: String,
        /// What the owner can do.
        remedy: String,
    },
    /// A step failed; those after it were not tried.
    #[error("{key} failed with status {status}{}", said(.complaint))]
    Step {
        /// Which resource.
        key: Key,
        /// The step's exit status.
        status: String,
        /// The last of its standard error.
        complaint: String,
    },
    /// A step said that it succeeded, and what is there now is something else.
    #[error("{key} is not what it was set to: expected {expected}, found {found}")]
    Surprise {
        /// Which resource.
        key: Key,
        /// The fact expected.
        expected: String,
        /// The fact observed.
        found: String,
    },
}

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
    read(answers, |_, answer| Ok(seen(text(&answer.output).lines())))
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
    answers: crate::transport::Answers,
    parse: impl Fn(&NodeName, &Answer) -> Result<T, Malformed>,
) -> ByNode<T> {
    let understand = |node: &NodeName, answer: Result<Answer, Unreachable>| {
        let answer = answer?;
        let complaint = tail(&answer.complaint);
        if answer.status != 0 && complaint.contains("sudo:") {
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

/// The questions as input of the observe script, grouped by kind.
fn sections(questions: impl Iterator<Item = (Key, Record)>) -> Vec<u8> {
    let mut by_kind: BTreeMap<String, String> = BTreeMap::new();
    for (key, question) in questions {
        by_kind
            .entry(key.kind)
            .or_default()
            .push_str(&question.line());
    }
    by_kind
        .into_iter()
        .flat_map(|(kind, questions)| format!("{kind}\n{questions}.\n").into_bytes())
        .collect()
}

/// The changes as input of the apply script.
fn steps(changes: &[Change]) -> Vec<u8> {
    let record =
        |change: &Change, step: &Record| format!("{}{}{}", change.key.kind, SEPARATOR, step.line());
    let prepare = changes
        .iter()
        .filter_map(|change| change.prepare.as_ref().map(|step| record(change, step)))
        .chain(["begin\n".to_owned()]);
    let work = changes
        .iter()
        .map(|change| record(change, change.step.expose()))
        .chain(["verify\n".to_owned()]);
    let mut input: Vec<u8> = prepare.chain(work).flat_map(String::into_bytes).collect();
    input.extend(sections(
        changes
            .iter()
            .map(|change| (change.key.clone(), change.question.clone())),
    ));
    input
}

/// The facts of an answer: each line is a kind and a record that begins with the id.
fn seen<'a>(lines: impl Iterator<Item = &'a str>) -> Seen {
    lines
        .filter_map(|line| line.split_once(SEPARATOR))
        .map(|(kind, rest)| {
            let record = Record::parse(rest);
            (Key::new(kind, record.field(0)), record)
        })
        .collect()
}

/// What the answer of an apply script says went wrong, if anything.
fn judge(changes: &[Change], answer: &Answer) -> Option<NodeFailure> {
    let output = text(&answer.output);
    let complaint = tail(&answer.complaint);
    let mut lines = output.lines();
    for line in lines.by_ref().take_while(|line| *line != "verify") {
        let record = Record::parse(line);
        if record.field(0) == "failed" {
            return Some(NodeFailure::Step {
                key: Key::new(record.field(1), record.field(2)),
                status: record.field(3).to_owned(),
                complaint,
            });
        }
    }
    if answer.status != 0 {
        let malformed = Malformed {
            what: format!("the script ended with status {}", answer.status),
        };
        return Some(NodeFailure::Malformed {
            malformed,
            complaint,
        });
    }
    let found = seen(lines);
    let surprise = changes
        .iter()
        .find(|change| found.get(&change.key) != change.expect.as_ref())?;
    let show = |fact: Option<&Record>| {
        fact.map_or_else(|| "nothing".to_owned(), |fact| format!("{fact:?}"))
    };
    Some(NodeFailure::Surprise {
        key: surprise.key.clone(),
        expected: show(surprise.expect.as_ref()),
        found: show(found.get(&surprise.key)),
    })
}

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// The last lines of what a node complained, which name the cause.
fn tail(complaint: &[u8]) -> String {
    let text = text(complaint);
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}

fn said(complaint: &str) -> String {
    if complaint.is_empty() {
        String::new()
    } else {
        format!(":\n{complaint}")
    }
}

impl Serialize for NodeFailure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
