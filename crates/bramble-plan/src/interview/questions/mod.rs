//! The steps of the interview in the order in which they are asked, one file for
//! each few of the twelve questions. Not in here: what is written from them
//! (`cluster_file`).

mod access;
mod common_files;
mod memory;
mod network;
mod nodes;
mod power;
mod purpose;
mod system;

use super::question::Question;

pub(super) use access::own_key;
pub(super) use network::NONE;
pub(super) use purpose::scheduled;
pub(super) use system::raspberry;

const ALL: &[&[Question]] = &[
    purpose::QUESTIONS,
    nodes::QUESTIONS,
    memory::QUESTIONS,
    power::QUESTIONS,
    system::QUESTIONS,
    network::QUESTIONS,
    common_files::QUESTIONS,
    access::QUESTIONS,
];

/// All steps.
pub(super) fn all() -> impl Iterator<Item = &'static Question> {
    ALL.iter().flat_map(|part| part.iter())
}

/// The step with this index.
pub(super) fn at(index: usize) -> Option<&'static Question> {
    all().nth(index)
}
