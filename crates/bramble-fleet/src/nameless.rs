//! Files without a name, for what is too much for memory. They are gone with
//! whoever has them open. Not in here: what is put into them.

use std::fs::File;
use std::io;

/// A file on a disk: `/tmp` is often memory. Where `TMPDIR` says otherwise, there,
/// as long as there is such a place.
pub fn nameless_file() -> io::Result<File> {
    if std::env::var_os("TMPDIR").is_none()
        && let Ok(file) = tempfile::tempfile_in("/var/tmp")
    {
        return Ok(file);
    }
    tempfile::tempfile().or_else(|_| tempfile::tempfile_in("/var/tmp"))
}
