//! An image of Debian for cards, in the layout of Raspberry Pi OS: what `bramble image
//! build` makes. Modules in suggested reading order: what can be wished for
//! (`order`), what goes into it (`recipe`, `files`), how it is divided (`division`),
//! the work (`build`), and what the result is recognised by (`checksum`). Not in here:
//! making an image a certain node's.

mod build;
mod checksum;
mod content;
mod division;
mod files;
mod order;
mod place;
mod recipe;

use std::path::{Path, PathBuf};
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
    /// Its SHA-256, in hexadecimal digits; a file `IMAGE.sha256` beside it tells it too.
    pub sha256: String,
    /// What the system in it takes, in bytes.
    pub content: u64,
    /// For which processors it is.
    pub architecture: Architecture,
    /// What its partitions are found by, 8 digits: `PARTUUID=<8 digits>-01`.
    pub disk_id: String,
}

/// Whether an image can be put at `output` at all: its folder has to be there, and in its
/// place a file or nothing.
pub fn check_place(output: &Path) -> Result<(), LabError> {
    place::check(output)
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
