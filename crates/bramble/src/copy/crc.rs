//! The check value of `cksum`: the CRC of POSIX, the cheapest that every node
//! can compute (50 MB in 0.02 s on this kind of machine, against 0.09 s for
//! `b2sum` and 0.28 s for `sha256sum`).
//!
//! It has to find accidents only: a file that changed while it was read, a disk
//! that lost something. On the way SSH protects every packet with a tag of 128
//! bits. Not in here: whether a file is there already, which a SHA-256 decides.

use crc::{CRC_32_CKSUM, Digest, Table};

/// POSIX's CRC, sixteen bytes at a time.
static POSIX: crc::Crc<u32, Table<16>> = crc::Crc::<u32, Table<16>>::new(&CRC_32_CKSUM);

/// The value of what was seen so far.
pub(crate) struct Crc {
    digest: Digest<'static, u32, Table<16>>,
    length: u64,
}

impl std::fmt::Debug for Crc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Crc").finish_non_exhaustive()
    }
}

impl Default for Crc {
    fn default() -> Self {
        Self {
            digest: POSIX.digest(),
            length: 0,
        }
    }
}

impl Crc {
    /// Takes the next bytes.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.length += bytes.len() as u64;
    }

    /// The value, of which the length is a part.
    pub(crate) fn finish(mut self) -> u32 {
        let length = self.length.to_le_bytes();
        let count = 8 - self.length.leading_zeros() as usize / 8;
        self.digest.update(&length[..count]);
        self.digest.finalize()
    }
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
