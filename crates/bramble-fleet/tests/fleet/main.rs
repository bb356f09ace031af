//! The fleet against real OpenSSH servers on loopback. Every 127.x.y.z is
//! another node of the same server. Skipped, with the reason, without sshd.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "clippy's leave for tests does not reach what only tests call"
)]

mod agent;
mod exchange;
mod guest;
mod input;
mod jump;
mod keeper;
mod lifetime;
mod marks;
mod namespace;
mod ready;
mod security_key;
mod sshd;
mod trust;
