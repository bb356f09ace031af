//! `.zst` files: unpacked in order, and their length found from the headers of frames
//! and blocks, as `zstd --list` does. Not in here: what is in a block.

use std::io::{self, BufRead, Read};

use bramble_card::ReadAt;
use zstd::stream::read::Decoder;

use super::packing::WINDOW_MIB;

/// Of a frame that holds data, and of one that is skipped but for its lowest four bits.
const FRAME: u32 = 0xFD2F_B528;
const SKIPPED: u32 = 0x184D_2A50;

/// How many headers are looked at. There is one to 128 KiB; what has more than these
/// makes its length a secret.
const HEADERS: usize = 1 << 20;

/// The unpacked bytes of all frames.
pub(super) fn in_order<R: BufRead>(reader: R) -> io::Result<impl Read> {
    let mut decoder = Decoder::with_buffer(reader)?;
    // As a power of two.
    decoder.window_log_max((WINDOW_MIB << 20).ilog2())?;
    Ok(decoder)
}

/// Whether a frame was refused because of the memory that it takes. The library tells it
/// by its text alone.
pub(super) fn needs_too_much(error: &io::Error) -> bool {
    error.to_string().contains("requires too much memory")
}

/// The length of what a file unpacks to, if its frames tell. A malformed one tells
/// nothing; what is wrong with it comes out when it is unpacked.
pub(super) fn length(file: &impl ReadAt) -> io::Result<Option<u64>> {
    let mut walk = Walk {
        file,
        at: 0,
        left: HEADERS,
    };
    let mut length = 0_u64;
    while walk.at < file.length() {
        match walk.frame() {
            Ok(Some(of_frame)) => match length.checked_add(of_frame) {
                Some(sum) => length = sum,
                None => return Ok(None),
            },
            Ok(None) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(length))
}

struct Walk<'a, R> {
    file: &'a R,
    at: u64,
    left: usize,
}

impl<R: ReadAt> Walk<'_, R> {
    /// Goes past a frame. Its content's length, if it tells.
    fn frame(&mut self) -> io::Result<Option<u64>> {
        let magic = self.number(4)?;
        if magic & !0xF == u64::from(SKIPPED) {
            let length = self.number(4)?;
            return Ok(self.skip(length).map(|()| 0));
        }
        if magic != u64::from(FRAME) {
            return Ok(None);
        }
        let descriptor = self.number(1)?;
        let Some(content) = self.content_size(descriptor)? else {
            return Ok(None);
        };
        let has_checksum = descriptor & 4 != 0;
        let checksum = if has_checksum { 4 } else { 0 };
        Ok(self
            .blocks()?
            .and_then(|()| self.skip(checksum))
            .map(|()| content))
    }

    /// What follows the descriptor in a frame's header.
    fn content_size(&mut self, descriptor: u64) -> io::Result<Option<u64>> {
        let is_single = descriptor & 0x20 != 0;
        let window = u64::from(!is_single);
        let dictionary = match descriptor & 3 {
            3 => 4,
            length => length,
        };
        if self.skip(window + dictionary).is_none() {
            return Ok(None);
        }
        Ok(match (descriptor >> 6, is_single) {
            (0, false) => None,
            (0, true) => Some(self.number(1)?),
            (1, _) => Some(self.number(2)? + 256),
            (2, _) => Some(self.number(4)?),
            _ => Some(self.number(8)?),
        })
    }

    /// Goes past the blocks of a frame; nothing if they make no sense.
    fn blocks(&mut self) -> io::Result<Option<()>> {
        loop {
            let header = self.number(3)?;
            let size = match (header >> 1) & 3 {
                // One byte, as often as the size says.
                1 => 1,
                3 => return Ok(None),
                _ => header >> 3,
            };
            if self.skip(size).is_none() {
                return Ok(None);
            }
            if header & 1 == 1 {
                return Ok(Some(()));
            }
        }
    }

    fn skip(&mut self, count: u64) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        self.at = self.at.checked_add(count)?;
        (self.at <= self.file.length()).then_some(())
    }

    /// A little-endian number of `size` bytes.
    fn number(&mut self, size: usize) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.file.read_at(self.at, &mut bytes[..size])?;
        self.at += size as u64;
        Ok(u64::from_le_bytes(bytes))
    }
}
