//! The check value of `cksum`: the CRC of POSIX, the cheapest that every node
//! can compute (50 MB in 0.02 s on this kind of machine, against 0.09 s for
//! `b2sum` and 0.28 s for `sha256sum`).
//!
//! It has to find accidents only: a file that changed while it was read, a disk
//! that lost something. On the way SSH protects every packet with a tag of 128
//! bits. Not in here: whether a file is there already, which a SHA-256 decides.

/// As POSIX gives it, highest power first.
const POLYNOMIAL: u32 = 0x04c1_1db7;

/// What each byte does to the value, also with one to seven bytes behind it.
static TABLES: [[u32; 256]; 8] = tables();

const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    let mut first = 0_u32;
    while byte < 256 {
        let mut value = first << 24;
        let mut bit = 0;
        while bit < 8 {
            let carry = value & 0x8000_0000 != 0;
            value = (value << 1) ^ if carry { POLYNOMIAL } else { 0 };
            bit += 1;
        }
        tables[0][byte] = value;
        byte += 1;
        first += 1;
    }
    let mut behind = 1;
    while behind < 8 {
        let mut byte = 0;
        while byte < 256 {
            let value = tables[behind - 1][byte];
            tables[behind][byte] = (value << 8) ^ tables[0][(value >> 24) as usize];
            byte += 1;
        }
        behind += 1;
    }
    tables
}

/// The value of what was seen so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Crc {
    value: u32,
    length: u64,
}

impl Crc {
    /// Takes the next bytes.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        let mut eights = bytes.chunks_exact(8);
        for eight in &mut eights {
            let first = u32::from_be_bytes([eight[0], eight[1], eight[2], eight[3]]) ^ self.value;
            let first = first.to_be_bytes();
            self.value = TABLES[7][usize::from(first[0])]
                ^ TABLES[6][usize::from(first[1])]
                ^ TABLES[5][usize::from(first[2])]
                ^ TABLES[4][usize::from(first[3])]
                ^ TABLES[3][usize::from(eight[4])]
                ^ TABLES[2][usize::from(eight[5])]
                ^ TABLES[1][usize::from(eight[6])]
                ^ TABLES[0][usize::from(eight[7])];
        }
        for &byte in eights.remainder() {
            self.value = step(self.value, byte);
        }
        self.length += bytes.len() as u64;
    }

    /// The value, of which the length is a part.
    pub(crate) fn finish(self) -> u32 {
        let length = self.length.to_le_bytes();
        let count = 8 - self.length.leading_zeros() as usize / 8;
        !length[..count].iter().copied().fold(self.value, step)
    }
}

fn step(value: u32, byte: u8) -> u32 {
    (value << 8) ^ TABLES[0][usize::from((value >> 24) as u8 ^ byte)]
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use super::*;

    fn cksum(bytes: &[u8]) -> u32 {
        let mut child = Command::new("cksum")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        output.split(' ').next().unwrap().parse().unwrap()
    }

    #[test]
    fn it_is_what_cksum_says_however_the_bytes_come() {
        let bytes: Vec<u8> = (0..=250_u8).cycle().take(70_001).collect();
        for length in [0, 1, 7, 8, 9, 255, 256, 65_536, 70_001] {
            let bytes = &bytes[..length];
            for cut in [0, length / 3, length] {
                let mut crc = Crc::default();
                crc.update(&bytes[..cut]);
                crc.update(&bytes[cut..]);
                assert_eq!(crc.finish(), cksum(bytes), "{length} cut at {cut}");
            }
        }
    }
}
