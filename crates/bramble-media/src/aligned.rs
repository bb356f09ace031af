//! Memory that devices can be written from without a copy in between. Not in here: who
//! fills it.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// What offsets, lengths and memory have to be multiples of, in bytes, so that a device
/// takes them directly: the largest logical sector that disks have.
pub const BLOCK: usize = 4096;

/// Bytes that begin at a multiple of [`BLOCK`] in memory.
pub struct Aligned {
    /// More than is wanted, since an allocation begins anywhere.
    whole: Box<[u8]>,
    start: usize,
    length: usize,
}

impl Aligned {
    /// `length` zeros.
    pub fn new(length: usize) -> Self {
        let whole = vec![0; length + BLOCK - 1].into_boxed_slice();
        let past = whole.as_ptr().addr() % BLOCK;
        Self {
            start: (BLOCK - past) % BLOCK,
            length,
            whole,
        }
    }

    /// Whether `bytes` begin at a multiple of [`BLOCK`] and are a multiple of it long.
    pub fn is(bytes: &[u8]) -> bool {
        bytes.as_ptr().addr().is_multiple_of(BLOCK) && bytes.len().is_multiple_of(BLOCK)
    }
}

impl Deref for Aligned {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.whole[self.start..self.start + self.length]
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.whole[self.start..self.start + self.length]
    }
}

impl fmt::Debug for Aligned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Aligned({} bytes)", self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_begins_at_a_multiple_of_a_block_also_after_it_was_moved() {
        for length in [0, 1, BLOCK - 1, BLOCK, 3 * BLOCK + 7] {
            let mut moved = vec![Aligned::new(length)];
            moved[0].fill(7);
            let buffer = moved.pop().unwrap();
            assert_eq!(buffer.as_ptr().addr() % BLOCK, 0);
            assert_eq!(*buffer, *vec![7; length]);
            assert_eq!(Aligned::is(&buffer), length % BLOCK == 0);
        }
    }

    #[test]
    fn what_begins_or_ends_in_a_block_is_not_aligned() {
        let buffer = Aligned::new(2 * BLOCK);
        assert!(!Aligned::is(&buffer[1..=BLOCK]));
        assert!(!Aligned::is(&buffer[..=BLOCK]));
        assert!(Aligned::is(&buffer[BLOCK..]));
    }
}
