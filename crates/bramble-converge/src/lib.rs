//! Converging: resources that should be true on a node, how they differ from
//! what it holds, and the plan of changes as a value.
//!
//! The world is reached through [`Transport`] only. Not in here: what a role
//! wants (`bramble-roles`), SSH (`bramble-fleet`), or how a plan looks
//! (`bramble-view`).

#![warn(missing_docs)]

pub mod facts;
pub mod plan;
pub mod record;
pub mod resource;
pub mod rounds;
pub mod script;
pub mod transport;

pub use facts::Facts;
pub use plan::{Change, Declared, Desired, NodePlan, Plan};
pub use resource::{Key, Resource};
pub use rounds::{NodeFailure, Outcome};
pub use transport::{Answer, Answers, Request, Transport, Unreachable};
