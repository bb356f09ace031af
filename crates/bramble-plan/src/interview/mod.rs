//! The twelve questions to answer before building, and the cluster file that
//! follows from the answers.
//!
//! A question is asked in steps. Which steps there are, what can be chosen and
//! what is proposed depends on the answers before: one walk over all questions
//! (`resolved`) decides that anew after every answer. Not in here: asking them on
//! a terminal, reading `~/.ssh`, writing the file.

mod answers_file;
mod cluster_file;
mod complaint;
mod form;
mod hardware;
mod machine;
mod probe;
mod question;
mod questionnaire;
mod questions;
mod resolved;
mod sections;
mod switches;
mod text;
mod trial;

#[cfg(test)]
mod tests;

pub use answers_file::{AnswerError, AnswerNote};
pub use complaint::Complaint;
pub use form::Choice;
pub use machine::{Consequence, Interview, Step};

/// How many questions there are. Steps before the first have no number.
pub const QUESTIONS: u8 = 12;

/// What only the caller can know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Defaults {
    /// The time zone of the caller's machine, such as `Europe/London`; one that a
    /// cluster file cannot hold is not proposed.
    pub timezone: Option<String>,
    /// Public keys that the caller has.
    pub public_keys: Vec<PublicKey>,
}

/// A public key that the caller has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// The name of the file, such as `id_ed25519.pub`.
    pub file: String,
    /// What stands in it: one line.
    pub line: String,
}
