//! The rows of what is to be reached, one measured after the other. A row that
//! cannot be measured says why, and the others go on. Not in here: how each is
//! measured.

mod copy;
mod everywhere;
mod jump;
mod kept;
mod sets;

use std::fmt;

use clap::ValueEnum as _;

use super::bed::Bed;
use super::report::Outcome;
use crate::failure::Failure;

/// What can be measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Row {
    /// `true` on 256 nodes with OpenSSH's server, by new and by warm connections
    Openssh,
    /// The same with a server that costs next to nothing
    Cheap,
    /// What a thousand connections that are kept take of memory
    Held,
    /// `true` on 4,096 nodes
    Many,
    /// 50 MB to 16 nodes
    Copy,
    /// 64 nodes behind one head
    Jump,
    /// Folding and expanding a million names
    Sets,
    /// `true` on one node by a warm connection
    One,
}

/// How much is measured.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) runs: u8,
    pub(super) peers_long: bool,
}

impl Row {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Self::value_variants().iter().copied()
    }

    pub(super) fn measure(self, bed: &Bed, plan: &Plan) -> Outcome {
        let measured = match self {
            Self::Openssh => everywhere::openssh(bed, plan),
            Self::Cheap => everywhere::cheap(bed, plan),
            Self::Held => kept::held(bed),
            Self::Many => kept::many(bed, plan),
            Self::Copy => copy::measure(bed, plan),
            Self::Jump => jump::measure(bed),
            Self::Sets => sets::measure(bed, plan),
            Self::One => kept::one(bed),
        };
        measured.unwrap_or_else(|why| self.not_measured(&why))
    }

    fn not_measured(self, why: &Failure) -> Outcome {
        let mut outcome = Outcome::new(self.to_string(), Vec::new());
        outcome.notes.push(format!("not measured: {why}"));
        outcome
    }
}

/// As it is typed.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}
