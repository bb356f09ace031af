//! The wishes of all roles for all nodes.

use std::collections::{BTreeMap, BTreeSet};

use bramble_cluster::{Cluster, Node, NodeName, Secrets};
use bramble_converge::plan::DeclaredTwice;
use bramble_converge::{Desired, Facts};

use crate::context::{Context, Wants};
use crate::registry::ROLES;
use crate::role::Role;

/// What the nodes should hold, and what the owner should know about it.
#[derive(Debug, Default)]
pub struct Wishes {
    /// The resources.
    pub desired: Desired,
    /// Sentences without a full stop, each with the nodes it is true of.
    pub notes: BTreeMap<String, BTreeSet<NodeName>>,
}

/// What makes a machine a node that can be reached as such: its name, its account, and
/// who is let in. All else can wait.
const FOUNDATION: &[Role] = &[crate::names::ROLE, crate::account::ROLE];

/// What `node` should hold before all else, the same as it is part of [`desired`].
pub fn foundation(
    cluster: &Cluster,
    node: &Node,
    secrets: &Secrets,
) -> Result<Desired, DeclaredTwice> {
    let facts = BTreeMap::new();
    let context = Context {
        cluster,
        node,
        facts: &facts,
        secrets,
    };
    let mut desired = Desired::default();
    for role in FOUNDATION {
        let mut wants = Wants::default();
        (role.wants)(&context, &mut wants);
        for resource in wants.resources {
            desired.declare(&node.name, role.name, resource)?;
        }
    }
    Ok(desired)
}

/// What every node of `cluster` should hold.
pub fn desired(
    cluster: &Cluster,
    facts: &BTreeMap<NodeName, Facts>,
    secrets: &Secrets,
) -> Result<Wishes, DeclaredTwice> {
    let mut wishes = Wishes::default();
    for node in &cluster.nodes {
        let context = Context {
            cluster,
            node,
            facts,
            secrets,
        };
        for role in ROLES {
            let mut wants = Wants::default();
            (role.wants)(&context, &mut wants);
            for resource in wants.resources {
                wishes.desired.declare(&node.name, role.name, resource)?;
            }
            for note in wants.notes {
                wishes
                    .notes
                    .entry(note)
                    .or_default()
                    .insert(node.name.clone());
            }
        }
    }
    Ok(wishes)
}
