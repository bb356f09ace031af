//! Where the blocks of an `.xz` file are, from the index at the end of each of its
//! streams (The .xz File Format, version 1.2.1). Not in here: unpacking them.

use std::io;

use bramble_card::ReadAt;
use flate2::Crc;

/// The sizes of a stream's header and footer, which are the same, in bytes.
const EDGE: usize = 12;
const HEADER_MAGIC: [u8; 6] = [0xFD, b'7', b'z', b'X', b'Z', 0];
const FOOTER_MAGIC: [u8; 2] = *b"YZ";

/// What a file may have: more is unpacked in order, where nothing has to be kept. There
/// is a block to 24 MiB as a rule, and 4 KiB of an index tell more than 500 blocks.
const STREAMS: usize = 4096;
const BLOCKS: usize = 1 << 18;
const INDEX: u64 = 4 << 20;

/// The blocks of a file, in their order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(super) blocks: Vec<Block>,
    /// The length of what the file unpacks to, in bytes.
    pub(crate) length: u64,
}

/// A block, which can be unpacked without those before it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Where in the file it begins.
    pub(super) at: u64,
    /// Its length in the file, with padding.
    pub(super) packed: u64,
    /// The length of what it unpacks to.
    pub(super) raw: u64,
    /// Its length without padding, as an index has it.
    unpadded: u64,
    /// The flags of its stream: the kind of check value.
    flags: [u8; 2],
}

impl Block {
    /// What comes before this block in a file that has no other.
    pub(super) fn before(&self) -> [u8; EDGE] {
        let mut header = [0; EDGE];
        header[..6].copy_from_slice(&HEADER_MAGIC);
        header[6..8].copy_from_slice(&self.flags);
        header[8..].copy_from_slice(&crc(&self.flags).to_le_bytes());
        header
    }

    /// What comes after this block in a file that has no other.
    pub(super) fn after(&self) -> Vec<u8> {
        let mut index = vec![0];
        for number in [1, self.unpadded, self.raw] {
            put_number(&mut index, number);
        }
        index.resize(index.len().next_multiple_of(4), 0);
        index.extend(crc(&index).to_le_bytes());

        let fours = index.len() / 4 - 1;
        // An index of one record has less than forty bytes.
        let mut told = fours.to_le_bytes()[..4].to_vec();
        told.extend(self.flags);
        index.extend(crc(&told).to_le_bytes());
        index.extend(told);
        index.extend(FOOTER_MAGIC);
        index
    }
}

/// The blocks of `file`; nothing if its indexes make no sense or are too long. What is
/// wrong with it comes out when it is unpacked in order.
pub(crate) fn layout(file: &impl ReadAt) -> io::Result<Option<Layout>> {
    let mut blocks = Vec::new();
    let mut end = file.length();
    for _ in 0..STREAMS {
        match last_stream(file, end) {
            Ok(Some(stream)) => {
                end = stream.start;
                blocks.extend(stream.blocks.into_iter().rev());
            }
            Ok(None) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
        if blocks.len() > BLOCKS {
            return Ok(None);
        }
        if end == 0 {
            blocks.reverse();
            let lengths = blocks.iter().map(|block: &Block| block.raw);
            let length = lengths.into_iter().try_fold(0, u64::checked_add);
            return Ok(length.map(|length| Layout { blocks, length }));
        }
    }
    Ok(None)
}

struct LastStream {
    start: u64,
    blocks: Vec<Block>,
}

/// The stream that ends at `end`, or before zeros that end there.
fn last_stream(file: &impl ReadAt, mut end: u64) -> io::Result<Option<LastStream>> {
    end = without_padding(file, end)?;
    let Some(footer_at) = end.checked_sub(EDGE as u64) else {
        return Ok(None);
    };
    let mut footer = [0; EDGE];
    file.read_at(footer_at, &mut footer)?;
    let [c0, c1, c2, c3, told @ .., m0, m1] = footer;
    let [b0, b1, b2, b3, flags @ ..] = told;
    let index_length = (u64::from(u32::from_le_bytes([b0, b1, b2, b3])) + 1) * 4;
    let index_at = footer_at.checked_sub(index_length);
    let is_right = [m0, m1] == FOOTER_MAGIC && crc(&told).to_le_bytes() == [c0, c1, c2, c3];
    let Some(index_at) = index_at.filter(|_| is_right && index_length <= INDEX) else {
        return Ok(None);
    };
    let mut index = vec![0; usize::try_from(index_length).unwrap_or_default()];
    file.read_at(index_at, &mut index)?;
    let Some(blocks) = blocks_before(index_at, flags, &index) else {
        return Ok(None);
    };
    let first = blocks.first().map_or(index_at, |block| block.at);
    let Some(start) = first.checked_sub(EDGE as u64) else {
        return Ok(None);
    };
    let mut header = [0; EDGE];
    file.read_at(start, &mut header)?;
    let is_header = header[..6] == HEADER_MAGIC
        && header[6..8] == flags
        && header[8..] == crc(&flags).to_le_bytes();
    Ok(is_header.then_some(LastStream { start, blocks }))
}

/// Streams may be followed by zeros, four at a time.
fn without_padding(file: &impl ReadAt, mut end: u64) -> io::Result<u64> {
    let mut chunk = [0; 4096];
    while end > 0 {
        let count = usize::try_from(end).map_or(chunk.len(), |end| end.min(chunk.len()));
        let chunk = &mut chunk[..count];
        let count = count as u64;
        file.read_at(end - count, chunk)?;
        if let Some(last) = chunk.iter().rposition(|byte| *byte != 0) {
            let zeros = count - 1 - last as u64;
            // The last byte of a footer is none.
            return Ok(end - zeros / 4 * 4);
        }
        end -= count;
    }
    Ok(0)
}

/// The blocks that an index tells, which end where it begins.
fn blocks_before(index_at: u64, flags: [u8; 2], index: &[u8]) -> Option<Vec<Block>> {
    let (mut records, check) = index.split_last_chunk::<4>().map(|(a, b)| (a, *b))?;
    if crc(records).to_le_bytes() != check {
        return None;
    }
    let rest = &mut records;
    if take_byte(rest)? != 0 {
        return None;
    }
    let count = take_number(rest)?;
    let mut blocks = Vec::new();
    let mut total = 0_u64;
    for _ in 0..count {
        let unpadded = take_number(rest)?;
        let raw = take_number(rest)?;
        let packed = unpadded.checked_next_multiple_of(4)?;
        blocks.push(Block {
            at: total,
            packed,
            raw,
            unpadded,
            flags,
        });
        total = total.checked_add(packed)?;
    }
    let first = index_at.checked_sub(total)?;
    for block in &mut blocks {
        block.at += first;
    }
    (rest.len() < 4 && rest.iter().all(|byte| *byte == 0)).then_some(blocks)
}

fn take_byte(rest: &mut &[u8]) -> Option<u8> {
    let (first, others) = rest.split_first()?;
    *rest = others;
    Some(*first)
}

/// A number: seven bits a byte, the lowest first, nine bytes at most.
fn take_number(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..63).step_by(7) {
        let byte = take_byte(rest)?;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn put_number(into: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        // What is not the last has the highest bit.
        into.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    into.push(number.to_le_bytes()[0]);
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_was_written() {
        for number in [0, 1, 0x7F, 0x80, 300, u64::from(u32::MAX), (1 << 63) - 1] {
            let mut bytes = Vec::new();
            put_number(&mut bytes, number);
            assert_eq!(take_number(&mut &bytes[..]), Some(number));
        }
    }

    #[test]
    fn what_is_no_number_ends() {
        assert_eq!(take_number(&mut &[0xFF; 20][..]), None);
        assert_eq!(take_number(&mut &[0x80][..]), None);
    }

    #[test]
    fn zeros_alone_have_no_layout() {
        assert_eq!(layout(&&[0; 10_000][..]).unwrap(), None);
        assert_eq!(layout(&&[][..]).unwrap(), None);
    }
}
