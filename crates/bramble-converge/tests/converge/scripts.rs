//! The scripts for real: run by every shell here, on this machine's files.

mod files;
mod places;
mod steps;
mod system;
