//! The rows of what is to be reached, one measured after the other. A row that cannot be
//! measured says why, and the others go on. Not in here: how each is measured.

mod files;
mod four;
mod memory;
mod one;
mod peers;

use std::fmt;

use clap::ValueEnum as _;

use super::desk::Desk;
use super::report::Outcome;
use crate::failure::Failure;

/// What can be measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Row {
    /// One card, all of the image, against `dd`
    One,
    /// One card, free blocks left out, against `dd`
    Free,
    /// Four slow cards from one .xz against one
    Four,
    /// One card against bmaptool, caligula and `xz | dd`
    Peers,
    /// Memory for images of 1 and 8 GiB
    Memory,
    /// Files of six nodes against `cp --sparse=always`
    Files,
}

impl Row {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Self::value_variants().iter().copied()
    }

    pub(super) fn measure(self, desk: &Desk) -> Outcome {
        let measured = match self {
            Self::One => one::whole(desk),
            Self::Free => one::free(desk),
            Self::Four => four::measure(desk),
            Self::Peers => peers::measure(desk),
            Self::Memory => memory::measure(desk),
            Self::Files => files::measure(desk),
        };
        measured.unwrap_or_else(|why| self.not_measured(&why))
    }

    fn not_measured(self, why: &Failure) -> Outcome {
        let mut outcome = Outcome::new(self.to_string());
        outcome.note(format!("not measured: {why}"));
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
