//! What an image is written to, as the writing sees it. Not in here: devices and files
//! (`disk`), and the writing itself (`write`).

use std::io;

/// What can be written and read back at any place: a card, or a file in place of one.
///
/// Each call moves all the bytes it is given, or fails. Calls whose offset, length and
/// memory are multiples of [`aligned::BLOCK`](crate::aligned::BLOCK) take the direct way
/// to a device; others are right too, but go through the system's memory.
pub trait Medium: Send {
    /// How many bytes it holds.
    fn length(&self) -> u64;

    /// Writes all of `bytes` at `offset` bytes from the start.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Fills `into` with what lies at `offset` bytes from the start. Reading past the
    /// end is an error of the kind [`io::ErrorKind::UnexpectedEof`].
    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<()>;

    /// All that was to be written ends at byte `length`. Only a file that has no length
    /// of its own yet is made that long.
    fn end_at(&mut self, length: u64) -> io::Result<()> {
        let _ = length;
        Ok(())
    }

    /// Returns when the device says that it holds all that was written.
    fn sync(&mut self) -> io::Result<()>;
}
