//! The vocabulary of bramble: names, units, node sets, diagnostics, the
//! catalogue, and the cluster file read into a [`Cluster`].
//!
//! Modules in suggested reading order. Not in here: anything that looks at the
//! world, and anything that decides what a node should hold (`bramble-roles`).

#![warn(missing_docs)]

pub mod diagnostic;
pub mod identity;
pub mod money;
pub mod name;
pub mod nodeset;
pub mod place;
pub mod problems;
pub mod secret;
pub mod unit;

pub mod catalogue;

mod reader;
pub mod suggest;

pub mod cluster;
pub mod event;
pub mod file;
pub mod schema;

pub use cluster::{Cluster, Node};
pub use diagnostic::Diagnostic;
pub use identity::{MacAddress, SerialNumber};
pub use name::{NodeName, UserName};
pub use nodeset::NodeSet;
pub use secret::{HostKey, KeyPair, Secret, Secrets};
