//! What a node's card has in place of what its image has. Not in here: what first boots
//! read (`first_boot`), and how files come to be on a FAT file system (`fat`).

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;

use thiserror::Error;

use crate::fat::{Fat, FatError};
use crate::first_boot::{self, BootPartition, FirstBoot, Made};
use crate::order::{Order, OrderError};
use crate::{Overlay, ReadAt, Stretch};

/// The longest file of a boot partition that is looked at, in bytes: settings are
/// shorter, kernels are not.
const LONGEST: u64 = 64 << 10;

/// The partition that a first boot reads, and how.
#[derive(Debug)]
pub struct BootVolume {
    /// Where it lies in the image, in bytes.
    pub range: Range<u64>,
    /// What it holds.
    pub partition: BootPartition,
    /// What reads it.
    pub first_boot: FirstBoot,
}

/// Why a card cannot be made a node's own.
#[derive(Debug, Error)]
pub enum CustomiseError {
    /// The boot partition cannot be read or changed.
    #[error("the boot partition: {0}")]
    Fat(#[from] FatError),
    /// What the first boot reads cannot be said for this node.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// It is no image but a card: what lies on it, and its secrets, would be on others.
    #[error("it is a card that bramble made{}, not an image", owner(.0))]
    Made(Made),
    /// The image cannot be read.
    #[error("the boot partition cannot be read: {0}")]
    Read(#[from] io::Error),
}

impl BootVolume {
    /// Looks among `volumes`, places of FAT file systems in `image`, for the one that a
    /// first boot reads. `None` if none is: the image is written as it is. One that is a
    /// card already is refused: keys of its node lie on it, also where files were removed.
    pub fn find(
        image: &dyn ReadAt,
        volumes: impl IntoIterator<Item = Range<u64>>,
    ) -> Result<Option<Self>, CustomiseError> {
        for range in volumes {
            let fat = Fat::open(volume(image, &range))?;
            let partition = look(&fat)?;
            if let Some(made) = first_boot::made(&partition) {
                return Err(CustomiseError::Made(made));
            }
            if let Some(first_boot) = FirstBoot::found_in(&partition) {
                return Ok(Some(Self {
                    range,
                    partition,
                    first_boot,
                }));
            }
        }
        Ok(None)
    }

    /// What the card of the node that `order` is about has of its own.
    pub fn overlay(
        &self,
        image: &dyn ReadAt,
        order: &Order<'_>,
    ) -> Result<Overlay, CustomiseError> {
        let files = self.first_boot.files(&self.partition, order)?;
        let mut fat = Fat::open(volume(image, &self.range))?;
        // The same order gives the same card, whenever it is written. Some systems look
        // at a file of the boot partition only if it is newer than theirs.
        let modified = fat.newest().a_year_later();
        for file in &files {
            fat.write(&file.name, file.content.expose(), modified)?;
        }
        let mut overlay = Overlay::default();
        for (offset, bytes) in fat.changes() {
            overlay.lay(&image, self.range.start + offset, bytes)?;
        }
        Ok(overlay)
    }
}

fn owner(made: &Made) -> String {
    let node = made.node.as_ref();
    node.map_or_else(String::new, |node| format!(" for {node}"))
}

fn volume<'a>(image: &'a dyn ReadAt, range: &Range<u64>) -> Stretch<&'a dyn ReadAt> {
    Stretch::new(image, range.start, range.end - range.start)
}

/// What is in the root directory of a boot partition.
fn look<R: ReadAt>(fat: &Fat<R>) -> Result<BootPartition, FatError> {
    let mut names = BTreeSet::new();
    let mut texts = BTreeMap::new();
    for entry in fat.list("")? {
        let name = entry.name.to_lowercase();
        if !entry.is_directory
            && entry.size <= LONGEST
            && let Some(content) = fat.read(&entry.name, LONGEST)?
        {
            texts.insert(name.clone(), content);
        }
        names.insert(name);
    }
    Ok(BootPartition {
        label: fat.label(),
        names,
        texts,
    })
}
