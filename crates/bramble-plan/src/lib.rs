//! What a cluster would be, before anything is bought: findings, parts and cost,
//! power, speed, addresses, the drawing, and the questions that lead to a cluster
//! file.
//!
//! Not in here: reading the cluster file (`bramble-cluster`), and how a plan looks
//! on a terminal (`bramble-view`).

#![warn(missing_docs)]

pub mod addresses;
pub mod break_even;
pub mod checks;
pub mod consumption;
pub mod drawing;
pub mod finding;
pub mod interview;
pub mod parts;
pub mod plan;
mod poe;
pub mod power;
pub mod resources;
pub mod search;
pub mod site;
pub mod speed;
pub mod top500;
pub mod wiring;

pub use finding::{Figure, Finding};
pub use plan::Plan;
pub use site::Site;
