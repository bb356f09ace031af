//! Making the base image. Not in here: what goes into it, and where it is kept.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use bramble_cluster::event::Watch;

use super::mmdebstrap::Debian;
use super::{has_room, recipe};
use crate::LabError;

/// The image is 540 MB; while it is made, the packages lie beside it.
const NEEDED_MB: u64 = 1200;

/// Whether an image can be made at all, before minutes go into trying.
pub(super) fn can_begin(shelf: &Path) -> Result<(), LabError> {
    has_room(
        shelf,
        NEEDED_MB,
        "the operating system of the virtual nodes",
    )
}

/// Makes the image as `root` inside `partial`.
pub(super) fn build(partial: &Path, watch: Watch<'_>, stop: &AtomicBool) -> Result<(), LabError> {
    let debian = Debian {
        suite: recipe::SUITE,
        options: recipe::options(),
        hooks: recipe::HOOKS,
        interpreter: None,
    };
    debian.make(partial, watch, stop).map(drop)
}
