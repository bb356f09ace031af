//! An image of Debian for cards, in the layout of Raspberry Pi OS: what `bramble image
//! build` makes. Modules in suggested reading order: what can be wished for
//! (`order`), what goes into it (`recipe`, `files`), how it is divided (`division`),
//! and the work (`build`). Not in here: making an image a certain node's.

mod build;
mod content;
mod division;
mod files;
mod order;
mod place;
mod recipe;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use bramble_cluster::event::Watch;
use serde::Serialize;

pub use order::{Firmware, ImageOrder, PackageName, Suite, WordError};

use crate::{Architecture, LabError};

/// An image that is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BuiltImage {
    /// The file.
    pub path: PathBuf,
    /// Its length in bytes. On the disk it takes less: what is empty is a hole.
    pub length: u64,
    /// What the system in it takes, in bytes.
    pub content: u64,
    /// For which processors it is.
    pub architecture: Architecture,
    /// What its partitions are found by, 8 digits: `PARTUUID=<8 digits>-01`.
    pub disk_id: String,
}

/// Makes the image of an order. A file that is there already is replaced when the
/// image is whole, and not before; on an error, and when `stop` is set, nothing stays.
pub fn build_image(
    order: &ImageOrder,
    watch: Watch<'_>,
    stop: &AtomicBool,
) -> Result<BuiltImage, LabError> {
    build::build(order, watch, stop)
}
