//! Numbers and check values as on-disk structures have them. Not in here: what any
//! of them means.

use std::ops::Range;

/// The 16-bit number at `at`, lowest byte first; 0 past the end.
pub(crate) fn le16(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(field(bytes, at))
}

/// The 32-bit number at `at`, lowest byte first; 0 past the end.
pub(crate) fn le32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(field(bytes, at))
}

/// The 64-bit number at `at`, lowest byte first; 0 past the end.
pub(crate) fn le64(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(field(bytes, at))
}

/// The `N` bytes at `at`; zeros past the end.
pub(crate) fn field<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let found = bytes.get(at..).and_then(<[u8]>::first_chunk);
    found.copied().unwrap_or([0; N])
}

/// A number that is known to be small, or the largest that there is.
pub(crate) fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Calls `each` for every run of bits that are 0 among those of `within`, the lowest
/// bit of a byte first. What `bits` does not reach to counts as 1.
pub(crate) fn clear_runs(bits: &[u8], within: Range<u32>, mut each: impl FnMut(Range<u32>)) {
    let mut start = None;
    let mut at = within.start;
    while at < within.end {
        let byte = bits.get(at as usize / 8).copied().unwrap_or(!0);
        let whole = at.is_multiple_of(8) && within.end - at >= 8;
        let (clear, length) = match byte {
            0 | 0xFF if whole => (byte == 0, 8),
            _ => (byte >> (at % 8) & 1 == 0, 1),
        };
        match (clear, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                each(from..at);
                start = None;
            }
            _ => {}
        }
        at += length;
    }
    if let Some(from) = start {
        each(from..within.end);
    }
}

static IEEE: [u32; 256] = table(0xEDB8_8320);
static CASTAGNOLI: [u32; 256] = table(0x82F6_3B78);
static SIXTEEN: [u32; 256] = table(0xA001);

/// CRC-32 as zip files and partition tables have it.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !continued(&IEEE, !0, bytes)
}

/// CRC-32C that goes on from `seed`, without a last inversion, as ext4 has it.
pub(crate) fn crc32c(seed: u32, bytes: &[u8]) -> u32 {
    continued(&CASTAGNOLI, seed, bytes)
}

/// CRC-16 (polynomial 0x8005, lowest bit first) that goes on from `seed`, as the group
/// descriptors of older ext4 file systems have it.
pub(crate) fn crc16(seed: u16, bytes: &[u8]) -> u16 {
    let [low, high, ..] = continued(&SIXTEEN, u32::from(seed), bytes).to_le_bytes();
    u16::from_le_bytes([low, high])
}

fn continued(table: &[u32; 256], seed: u32, bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| table[usize::from(crc.to_le_bytes()[0] ^ byte)] ^ (crc >> 8);
    bytes.iter().fold(seed, step)
}

const fn table(polynomial: u32) -> [u32; 256] {
    let mut table = [0; 256];
    let mut at = 0;
    let mut index = 0;
    while at < 256 {
        let mut crc = index;
        let mut bit = 0;
        while bit < 8 {
            crc = (crc >> 1) ^ if crc & 1 == 1 { polynomial } else { 0 };
            bit += 1;
        }
        table[at] = crc;
        at += 1;
        index += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_values_are_those_of_the_catalogue_of_algorithms() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(!crc32c(!0, b"123456789"), 0xE306_9283);
        assert_eq!(crc16(0, b"123456789"), 0xBB3D);
    }

    #[test]
    fn runs_of_clear_bits_are_found_whatever_their_borders() {
        let bits = [0b1111_0000, 0, 0b0000_0001, 0xFF, 0];
        let runs = |within| {
            let mut runs = Vec::new();
            clear_runs(&bits, within, |run| runs.push(run));
            runs
        };
        assert_eq!(runs(0..40), [0..4, 8..16, 17..24, 32..40]);
        assert_eq!(runs(2..20), [2..4, 8..16, 17..20]);
        assert_eq!(runs(33..100), vec![33..40; 1]);
        assert_eq!(runs(5..5), []);
    }

    #[test]
    fn what_is_past_the_end_is_zero() {
        assert_eq!(le32(&[1, 2, 3], 0), 0);
        assert_eq!(le16(&[1, 2, 3], 1), 0x0302);
        assert_eq!(le64(&[1; 8], usize::MAX), 0);
    }
}
