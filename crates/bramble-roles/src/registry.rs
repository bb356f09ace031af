//! All roles, in the order in which they are carried out on a node.

use crate::role::Role;

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
