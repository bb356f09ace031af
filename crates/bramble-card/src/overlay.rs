//! What a card has in place of what its image has. Not in here: what that is.

use std::collections::BTreeMap;
use std::io;

use crate::ReadAt;
use crate::bytes::place;

/// The size of the blocks that an overlay is made of, in bytes: what every card can
/// write at once, whatever its sectors are.
pub const BLOCK: u64 = 4096;

/// The blocks in which a card differs from an image. Each is kept as it was, too: what
/// is read back can then be compared with the image, of which only digests are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overlay {
    /// By their place in the image, which is a multiple of [`BLOCK`].
    blocks: BTreeMap<u64, Block>,
}

/// One block, whole unless the image ends in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// As the image has it.
    pub was: Vec<u8>,
    /// As the card has it.
    pub is: Vec<u8>,
}

impl Overlay {
    /// Puts `bytes` in place of what `image` has from `offset` on.
    pub fn lay(&mut self, image: &impl ReadAt, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut done = 0;
        while done < bytes.len() {
            let at = offset + done as u64;
            let start = at - at % BLOCK;
            let block = self.block(image, start)?;
            let into = block.is.get_mut(place(at - start)..).unwrap_or_default();
            let count = into.len().min(bytes.len() - done);
            if count == 0 {
                return Err(crate::bytes::past_the_end());
            }
            into[..count].copy_from_slice(&bytes[done..done + count]);
            done += count;
        }
        self.blocks.retain(|_, block| block.was != block.is);
        Ok(())
    }

    fn block(&mut self, image: &impl ReadAt, start: u64) -> io::Result<&mut Block> {
        use std::collections::btree_map::Entry;
        match self.blocks.entry(start) {
            Entry::Occupied(found) => Ok(found.into_mut()),
            Entry::Vacant(vacant) => {
                let length = BLOCK.min(image.length().saturating_sub(start));
                let was = image.bytes_at(start, place(length))?;
                let is = was.clone();
                Ok(vacant.insert(Block { was, is }))
            }
        }
    }

    /// The blocks that begin in `from..to`, by their place.
    pub fn blocks(&self, from: u64, to: u64) -> impl Iterator<Item = (u64, &Block)> {
        let from = from.min(to);
        self.blocks.range(from..to).map(|(at, block)| (*at, block))
    }

    /// Makes `bytes`, which the image has at `offset`, what the card has there. The
    /// offset is a multiple of [`BLOCK`].
    pub fn apply(&self, offset: u64, bytes: &mut [u8]) {
        for (at, block) in self.blocks(offset, offset + bytes.len() as u64) {
            // Proof: the block begins in the slice.
            let into = &mut bytes[place(at - offset)..];
            let count = into.len().min(block.is.len());
            into[..count].copy_from_slice(&block.is[..count]);
        }
    }

    /// The card as it has to be: `image` with this in place.
    pub fn over<'a, R: ReadAt + ?Sized>(&'a self, image: &'a R) -> Laid<'a, R> {
        Laid {
            image,
            overlay: self,
        }
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }
}

/// An image with an overlay in place, to be read.
#[derive(Debug)]
pub struct Laid<'a, R: ?Sized> {
    image: &'a R,
    overlay: &'a Overlay,
}

impl<R: ReadAt + ?Sized> ReadAt for Laid<'_, R> {
    fn length(&self) -> u64 {
        self.image.length()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.image.read_at(offset, into)?;
        let end = offset.saturating_add(into.len() as u64);
        let first = offset - offset % BLOCK;
        for (at, block) in self.overlay.blocks(first, end) {
            let from = at.max(offset);
            let to = end.min(at + block.is.len() as u64);
            if from < to {
                // Proof: both lie in the block, and in what is read.
                let part = &block.is[place(from - at)..place(to - at)];
                into[place(from - offset)..place(to - offset)].copy_from_slice(part);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_laid_over_an_image_is_there_and_nothing_else_is() {
        let image = vec![1_u8; 10_000];
        let mut overlay = Overlay::default();
        overlay.lay(&image, 4000, &[2; 200]).unwrap();
        overlay.lay(&image, 9_990, &[3; 10]).unwrap();
        let mut expected = image.clone();
        expected[4000..4200].fill(2);
        expected[9_990..].fill(3);

        let mut card = image.clone();
        overlay.apply(0, &mut card);

        assert_eq!(card, expected);
        let places: Vec<_> = overlay.blocks(0, u64::MAX).map(|(at, _)| at).collect();
        assert_eq!(places, [0, 4096, 8192]);
    }

    #[test]
    fn any_part_of_a_card_to_be_reads_as_it_will_be_written() {
        let image = vec![1_u8; 10_000];
        let mut overlay = Overlay::default();
        overlay.lay(&image, 4000, &[2; 200]).unwrap();
        overlay.lay(&image, 9_990, &[3; 10]).unwrap();
        let mut whole = image.clone();
        overlay.apply(0, &mut whole);
        let laid = overlay.over(&image);
        for (offset, length) in [
            (0, 10_000),
            (4090, 10),
            (4100, 50),
            (4150, 5850),
            (9_999, 1),
        ] {
            let part = &whole[offset..offset + length];
            assert_eq!(laid.bytes_at(offset as u64, length).unwrap(), part);
        }
        assert!(laid.read_at(9_999, &mut [0; 2]).is_err());
    }

    #[test]
    fn what_is_as_it_was_is_no_difference() {
        let image = vec![1_u8; 10_000];
        let mut overlay = Overlay::default();
        overlay.lay(&image, 100, &[1; 5000]).unwrap();
        assert!(overlay.is_empty());
    }

    #[test]
    fn nothing_is_laid_past_the_end() {
        let image = vec![1_u8; 5000];
        assert!(Overlay::default().lay(&image, 4999, &[2; 2]).is_err());
        assert!(Overlay::default().lay(&image, 8192, &[2]).is_err());
    }
}
