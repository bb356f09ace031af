//! Roles: pure functions from a cluster, the facts of its nodes and its secrets
//! to the resources that each node should hold.
//!
//! One folder a role; [`registry::ROLES`] lists them in the order in which they
//! are carried out on a node. Roles do not know each other: what one needs of
//! another goes through the [`Cluster`](bramble_cluster::Cluster). Not in here:
//! anything that reaches a node.

#![warn(missing_docs)]

mod context;
mod desired;
pub mod registry;
mod role;
mod template;

mod account;
mod gateway;
mod mpi;
mod munge;
mod names;
mod scheduler;
mod storage;
mod time;
mod worker;

pub use context::Context;
pub use desired::{Wishes, desired, foundation};
pub use gateway::{WayOut, WayState};
pub use role::Role;
