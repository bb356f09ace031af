//! What a role is. Not in here: which there are (`registry`).

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
