//! A stretch of a file that others may read, too. Not in here: what it means.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

/// A stretch of a file, read in order. Others may read the same file.
#[derive(Debug)]
pub(super) struct FileReader {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl FileReader {
    pub(super) fn new(file: &Arc<File>, start: u64, end: u64) -> Self {
        Self {
            file: Arc::clone(file),
            at: start,
            end,
        }
    }
}

impl Read for FileReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.end.saturating_sub(self.at);
        let count = into.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = self.file.read_at(&mut into[..count], self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for FileReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
