//! Image files that share their blocks with the image, where the file system can do that.
//! Not in here: writing the image (`write`), which is done everywhere else.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use bramble_card::Overlay;

use crate::image::Image;

/// Makes `file`, which is empty, what `image` is with `overlay` in place, without copying
/// the rest. Returns how many bytes were written, or nothing if blocks cannot be shared:
/// the image is packed or has to be checked, lies on another file system, or on one that
/// has no such thing. `file` is empty then as before.
pub fn share(image: &Image, file: &File, overlay: &Overlay) -> io::Result<Option<u64>> {
    let Some(raw) = image.plain() else {
        return Ok(None);
    };
    // Whatever the reason is, writing it finds out whether it matters.
    if rustix::fs::ioctl_ficlone(file, raw.file()).is_err() {
        return Ok(None);
    }
    let mut written = 0;
    for (offset, block) in overlay.blocks(0, u64::MAX) {
        file.write_all_at(&block.is, offset)?;
        written += block.is.len() as u64;
    }
    file.sync_all()?;
    Ok(Some(written))
}
