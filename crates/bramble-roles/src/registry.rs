//! All roles, in the order in which they are carried out on a node.

use crate::context::{Context, Wants};

/// What a node is for, and what that means.
#[derive(Debug)]
pub struct Role {
    /// As the cluster file writes it, and as plans name it.
    pub name: &'static str,
    /// Whether the cluster file gives it to nodes; otherwise every node has it
    /// that needs it.
    pub assigned: bool,
    /// What it does and why one would want it: Markdown.
    pub about: &'static str,
    /// What it wants of one node.
    pub(crate) wants: fn(&Context<'_>, &mut Wants),
}

/// The roles.
pub const ROLES: &[Role] = &[
    crate::names::ROLE,
    crate::account::ROLE,
    crate::gateway::ROLE,
    crate::time::ROLE,
    crate::storage::ROLE,
    crate::munge::ROLE,
    crate::mpi::ROLE,
    crate::scheduler::ROLE,
    crate::worker::ROLE,
];

/// The names that the cluster file may give to nodes.
pub fn assigned() -> Vec<&'static str> {
    ROLES
        .iter()
        .filter(|role| role.assigned)
        .map(|role| role.name)
        .collect()
}
