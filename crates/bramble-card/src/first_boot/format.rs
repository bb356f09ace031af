//! What a format of first boot is, and what it has to do with: the boot partition before,
//! and its files after. Not in here: the formats, and which one it is.

use std::collections::{BTreeMap, BTreeSet};

use bramble_cluster::Secret;

use crate::order::{Order, OrderError};

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

/// One format.
pub(super) struct Format {
    pub(super) name: &'static str,
    /// Where it is documented.
    pub(super) documents: &'static str,
    pub(super) reach: Reach,
    /// What the owner must know before the card is written.
    pub(super) note: Option<&'static str>,
    pub(super) is_in: fn(&BootPartition) -> bool,
    pub(super) files: fn(&BootPartition, &Order<'_>) -> Result<Vec<BootFile>, OrderError>,
}

impl BootPartition {
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// What the file called `name` holds.
    pub(super) fn text(&self, name: &str) -> Option<&[u8]> {
        self.texts.get(name).map(Vec::as_slice)
    }

    pub(super) fn is_called(&self, label: &str) -> bool {
        let found = self.label.as_deref().map(str::trim_end);
        found.is_some_and(|found| found.eq_ignore_ascii_case(label))
    }
}

impl BootFile {
    pub(super) fn new(name: &str, content: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.to_owned(),
            content: Secret::new(content.into()),
        }
    }
}
