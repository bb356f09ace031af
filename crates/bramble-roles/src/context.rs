//! What a role may look at, and where it puts its wishes.

use std::collections::BTreeMap;

use bramble_cluster::{Cluster, Node, NodeName, Secrets};
use bramble_converge::{Facts, Key, Resource};

/// What a role may look at: everything, and nothing that changes.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The cluster.
    pub cluster: &'a Cluster,
    /// The node that the wishes are for.
    pub node: &'a Node,
    /// What every node is that was ever read.
    pub facts: &'a BTreeMap<NodeName, Facts>,
    /// The cluster's secrets.
    pub secrets: &'a Secrets,
}

impl<'a> Context<'a> {
    /// What the node itself is, if it was ever read.
    pub(crate) fn own_facts(&self) -> Option<&'a Facts> {
        self.facts.get(&self.node.name)
    }

    /// The interface that faces the cluster's switch. `eth0` is its name on
    /// Raspberry Pi OS, and on a board that was never read.
    pub(crate) fn cluster_interface(&self) -> &'a str {
        self.own_facts()
            .and_then(|facts| facts.interface_of(self.node.address))
            .unwrap_or("eth0")
    }

    /// Whether the node is the one that serves the others in `role`.
    pub(crate) fn provides(&self, role: &str) -> bool {
        self.cluster
            .provider(role)
            .is_some_and(|provider| provider.name == self.node.name)
    }

    /// The first line of every file that bramble writes.
    pub(crate) fn header(&self) -> String {
        self.cluster.file_header()
    }
}

/// The wishes of one role for one node.
#[derive(Debug, Default)]
pub(crate) struct Wants {
    pub(crate) resources: Vec<Box<dyn Resource>>,
    pub(crate) notes: Vec<String>,
}

impl Wants {
    /// Adds a resource, and gives its key for services that read it.
    pub(crate) fn add(&mut self, resource: impl Resource + 'static) -> Key {
        let key = resource.key();
        self.resources.push(Box::new(resource));
        key
    }

    /// Something the owner should know that is no wish.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }
}
