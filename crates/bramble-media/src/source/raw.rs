//! A file that is read at any place. Not in here: what does not stay where it is.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use bramble_card::ReadAt;

use super::file_reader::FileReader;

/// A file or block device whose bytes can be read at any place: an image that is not
/// packed, or within this module the packed one.
#[derive(Debug, Clone)]
pub struct RawImage {
    file: Arc<File>,
    length: u64,
}

impl RawImage {
    pub(super) fn new(file: Arc<File>, length: u64) -> Self {
        Self { file, length }
    }

    /// Its length in bytes, as it was when it was opened.
    pub fn size(&self) -> u64 {
        self.length
    }

    /// All of it in order.
    pub(super) fn reader(&self) -> FileReader {
        FileReader::new(&self.file, 0, self.length)
    }

    /// The open file, to ask the system about it: such as which disk it lies on.
    pub fn file(&self) -> &File {
        &self.file
    }
}

impl ReadAt for RawImage {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        let end = offset.checked_add(into.len() as u64);
        if end.is_none_or(|end| end > self.length) {
            return Err(bramble_card::bytes::past_the_end());
        }
        self.file.read_exact_at(into, offset)
    }
}
