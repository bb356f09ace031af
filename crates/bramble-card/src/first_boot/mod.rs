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
mod network_manager;
mod order;
mod script;
mod settings;
mod ubuntu;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use bramble_cluster::Secret;

pub use order::{Order, OrderError};

/// What the boot partition of an image holds, as far as it matters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BootPartition {
    /// Its label, if it has one.
    pub label: Option<String>,
    /// What lies in its root folder, in lower case: FAT knows no other.
    pub names: BTreeSet<String>,
    /// What files there hold, up to 64 KiB, by their names in lower case.
    pub texts: BTreeMap<String, Vec<u8>>,
}

/// A file of the root folder of the boot partition, as the card has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootFile {
    /// Its name; the partition may have it in other letters.
    pub name: String,
    /// What it holds; keys among it.
    pub content: Secret<Vec<u8>>,
}

/// What a format reaches. The rest is left to `bramble adopt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Everything that `bramble up` needs: name, account, keys, address.
    Everything,
    /// The address: the machine is found, and lets nobody in yet.
    Address,
}

/// What reads a first boot's files.
#[derive(Clone, Copy)]
pub struct FirstBoot(&'static Format);

/// One format.
struct Format {
    name: &'static str,
    /// Where it is documented.
    documents: &'static str,
    reach: Reach,
    /// What the owner must know before the card is written.
    note: Option<&'static str>,
    is_in: fn(&BootPartition) -> bool,
    files: fn(&BootPartition, &Order<'_>) -> Result<Vec<BootFile>, OrderError>,
}

/// In the order in which they are looked for: by what only one of them has first.
static FORMATS: &[&Format] = &[
    &dietpi::FORMAT,
    &ubuntu::FORMAT,
    &cidata::FORMAT,
    &cloud_init::FORMAT,
    &armbian::FORMAT,
    &first_run::FORMAT,
];

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

impl BootPartition {
    fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// What the file called `name` holds.
    fn text(&self, name: &str) -> Option<&[u8]> {
        self.texts.get(name).map(Vec::as_slice)
    }

    fn is_called(&self, label: &str) -> bool {
        let found = self.label.as_deref().map(str::trim_end);
        found.is_some_and(|found| found.eq_ignore_ascii_case(label))
    }
}

impl BootFile {
    fn new(name: &str, content: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.to_owned(),
            content: Secret::new(content.into()),
        }
    }
}
