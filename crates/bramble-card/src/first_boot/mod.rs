//! What an image reads at its first boot, and what is written for it: one file a format,
//! one line each in [`FORMATS`]. Not in here: reading the boot partition and changing it
//! (`fat`), and what cloud-init's files say (`seed`).
//!
//! Which format it is stands in the boot partition, not in the image's name: the same
//! distribution has changed it more than once. `rpi-preseed`, a further one of Raspberry
//! Pi's, is told from others only by a list beside the image, and is not one of these.

mod armbian;
mod boot_files;
mod cidata;
mod cloud_init;
mod cmdline;
mod config;
mod dietpi;
mod first_run;
mod format;
mod made;
mod network_manager;
mod script;
mod settings;
mod ubuntu;

use std::fmt;

use crate::order::{Order, OrderError};
use format::Format;

pub use format::{BootFile, BootPartition, Reach};
pub use made::Made;

/// What reads a first boot's files.
#[derive(Clone, Copy)]
pub struct FirstBoot(&'static Format);

/// In the order in which they are looked for: by what only one of them has first.
static FORMATS: &[&Format] = &[
    &dietpi::FORMAT,
    &ubuntu::FORMAT,
    &cidata::FORMAT,
    &cloud_init::FORMAT,
    &armbian::FORMAT,
    &first_run::FORMAT,
];

/// Whose card this boot partition was made for. `None` if it is an image's.
pub fn made(partition: &BootPartition) -> Option<Made> {
    made::found_in(partition)
}

impl FirstBoot {
    /// What reads the files of this boot partition. `None` if nothing does that is
    /// known: the image is then written as it is, and `bramble adopt` takes over.
    pub fn found_in(partition: &BootPartition) -> Option<Self> {
        let found = FORMATS.iter().find(|format| (format.is_in)(partition));
        found.map(|format| Self(format))
    }

    /// What it is called, for people.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Where it is documented.
    pub fn documents(self) -> &'static str {
        self.0.documents
    }

    /// What it reaches.
    pub fn reach(self) -> Reach {
        self.0.reach
    }

    /// What to know about it before the card is written, as a sentence without a full
    /// stop.
    pub fn note(self) -> Option<&'static str> {
        self.0.note
    }

    /// The files that make the card that of one node: new ones, and those that differ
    /// from what the partition has.
    pub fn files(
        self,
        partition: &BootPartition,
        order: &Order<'_>,
    ) -> Result<Vec<BootFile>, OrderError> {
        order.check()?;
        (self.0.files)(partition, order)
    }
}

impl fmt::Debug for FirstBoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FirstBoot").field(&self.0.name).finish()
    }
}

impl PartialEq for FirstBoot {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for FirstBoot {}
