//! The plan of changes: a value. Carrying it out needs no decision.

use std::collections::{BTreeMap, BTreeSet};

use bramble_cluster::{NodeName, Secret};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::record::{Record, hex};
use crate::resource::{Key, Line, Resource, Verdict};

/// A resource and the role that wants it.
#[derive(Debug)]
pub struct Declared {
    /// The role's name.
    pub role: &'static str,
    /// What it wants.
    pub resource: Box<dyn Resource>,
}

/// What the nodes should hold: for each, every resource once and in order.
#[derive(Debug, Default)]
pub struct Desired {
    nodes: BTreeMap<NodeName, Vec<Declared>>,
}

/// Two roles want the same resource of one node. One of them must give it up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("roles `{first}` and `{second}` both declare {key} on {node}")]
pub struct DeclaredTwice {
    /// The node.
    pub node: NodeName,
    /// The resource.
    pub key: Key,
    /// The role that declared it first.
    pub first: &'static str,
    /// The role that declared it again.
    pub second: &'static str,
}

impl Desired {
    /// Adds what `role` wants of `node`, after everything declared before.
    pub fn declare(
        &mut self,
        node: &NodeName,
        role: &'static str,
        resource: Box<dyn Resource>,
    ) -> Result<(), DeclaredTwice> {
        let key = resource.key();
        let declared = self.nodes.entry(node.clone()).or_default();
        if let Some(first) = declared.iter().find(|other| other.resource.key() == key) {
            let node = node.clone();
            return Err(DeclaredTwice {
                node,
                key,
                first: first.role,
                second: role,
            });
        }
        declared.push(Declared { role, resource });
        Ok(())
    }

    /// Every node with its resources, in the order in which they are changed.
    pub fn nodes(&self) -> impl Iterator<Item = (&NodeName, &[Declared])> {
        self.nodes
            .iter()
            .map(|(node, declared)| (node, declared.as_slice()))
    }

    /// The resources of `node`.
    pub fn of(&self, node: &NodeName) -> &[Declared] {
        self.nodes.get(node).map_or(&[], Vec::as_slice)
    }
}

/// The facts about a node's resources.
pub type Seen = BTreeMap<Key, Record>;

/// The changes that take the nodes to what is desired.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Plan {
    /// For every node that was observed, also where nothing is to be done.
    pub nodes: BTreeMap<NodeName, NodePlan>,
}

/// The changes of one node, in order.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NodePlan {
    /// What will be done.
    pub changes: Vec<Change>,
    /// What differs and is left to the owner. Nothing is changed on a node that
    /// has any.
    pub conflicts: Vec<Conflict>,
}

/// One change of one resource.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// Which resource.
    pub key: Key,
    /// The role that wants it.
    pub role: &'static str,
    /// What will happen, as a verb and perhaps its reason.
    pub action: String,
    /// The change line by line.
    pub lines: Vec<Line>,
    /// A step before all others, if there is one.
    #[serde(skip)]
    pub prepare: Option<Record>,
    /// The step that makes the change.
    #[serde(skip)]
    pub step: Secret<Record>,
    /// What will be observed afterwards.
    pub expect: Option<Record>,
    /// The question that observes it.
    #[serde(skip)]
    pub question: Record,
}

/// A difference that bramble leaves to the owner.
#[derive(Debug, Clone, Serialize)]
pub struct Conflict {
    /// Which resource.
    pub key: Key,
    /// The role that wants it.
    pub role: &'static str,
    /// What was found.
    pub found: String,
    /// What the owner can do.
    pub remedy: String,
}

impl Plan {
    /// How many changes there are on all nodes.
    pub fn len(&self) -> usize {
        self.nodes.values().map(|node| node.changes.len()).sum()
    }

    /// Whether every node is as it should be.
    pub fn is_empty(&self) -> bool {
        self.nodes
            .values()
            .all(|node| node.changes.is_empty() && node.conflicts.is_empty())
    }

    /// Names the plan: equal for equal changes, secrets included. SHA-256 in
    /// hexadecimal.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (node, plan) in &self.nodes {
            hash.update(node.as_str());
            for change in &plan.changes {
                hash.update(change.key.kind.as_bytes());
                hash.update(change.step.expose().line());
            }
        }
        hex(&hash.finalize())
    }
}

impl NodePlan {
    /// The changes that take a node from `seen` to `wanted`.
    pub fn build(wanted: &[Declared], seen: &Seen) -> Self {
        let mut plan = Self::default();
        let mut changed = BTreeSet::new();
        for Declared { role, resource } in wanted {
            let key = resource.key();
            match resource.differ(seen.get(&key), &changed) {
                Verdict::Same => {}
                Verdict::Conflict { found, remedy } => {
                    plan.conflicts.push(Conflict {
                        key,
                        role,
                        found,
                        remedy,
                    });
                }
                Verdict::Differs(difference) => {
                    changed.insert(key.clone());
                    plan.changes.push(Change {
                        key,
                        role,
                        action: difference.action,
                        lines: difference.lines,
                        prepare: difference.prepare,
                        step: difference.step,
                        expect: difference.expect,
                        question: resource.question(),
                    });
                }
            }
        }
        plan
    }

    /// Whether a change fetches anything from the distribution's archive.
    pub fn installs_packages(&self) -> bool {
        self.changes
            .iter()
            .any(|change| change.key.kind == crate::resource::packages::KIND.name)
    }
}
