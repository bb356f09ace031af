//! Markers beyond the image, by which cards are found out that hold less than they say.
//! Not in here: the image itself, whose read-back finds the damage they did.
//!
//! Such a card forgets what is written past its end, or puts it over what it has at its
//! start. Markers that are written after the image show both.

use bramble_card::bytes::place;

use crate::aligned::{Aligned, BLOCK};
use crate::error::CardError;
use crate::fan::Whole;
use crate::medium::Medium;

/// How many there are.
const COUNT: u64 = 8;

/// With this each begins, and with where it was put.
const NAME: &[u8] = b"bramble: a marker for byte ";

/// The markers of one card, by their places.
#[derive(Debug)]
pub(super) struct Markers(Vec<u64>);

impl Markers {
    pub(super) fn none() -> Self {
        Self(Vec::new())
    }

    /// As many as fit between the end of an image and that of a card, the last one in
    /// its last block: some apart from each other, and one behind each power of two that
    /// would come to lie on a block of the image, if the card had no more than that.
    pub(super) fn beyond(image: &Whole, card: u64) -> Self {
        let block = BLOCK as u64;
        let first = image.length.div_ceil(block) * block;
        let room = (card / block * block).saturating_sub(first);
        if room < COUNT * 2 * block {
            return Self::none();
        }
        let last = first + room - block;
        let spread = (0..COUNT - 1).map(|number| first + room / COUNT * number / block * block);
        let used = image.marks.get(image.marks.len() / 2);
        let used = used.map_or(0, |mark| mark.range.start / block * block);
        let powers = (0..u64::BITS - 1).map(|power| (1 << power) + used);
        let powers = powers.filter(|place| place.is_multiple_of(block) && *place >= first);
        let mut places: Vec<u64> = spread.chain(powers.filter(|place| *place < last)).collect();
        places.push(last);
        places.sort_unstable();
        places.dedup();
        Self(places)
    }

    pub(super) fn put(&self, medium: &mut dyn Medium) -> Result<(), CardError> {
        for &offset in &self.0 {
            write(medium, offset, &marker(offset))?;
        }
        Ok(())
    }

    /// Whether each is where it was put.
    pub(super) fn check(&self, medium: &mut dyn Medium) -> Result<(), CardError> {
        for &offset in &self.0 {
            let mut bytes = Aligned::new(BLOCK);
            super::read(medium, offset, &mut bytes)?;
            if *bytes != *marker(offset) {
                return Err(self.explain(offset, medium));
            }
        }
        Ok(())
    }

    /// Leaves nothing of them.
    pub(super) fn clear(&self, medium: &mut dyn Medium) -> Result<(), CardError> {
        let nothing = Aligned::new(BLOCK);
        for &offset in &self.0 {
            write(medium, offset, &nothing)?;
        }
        Ok(())
    }

    /// Why the card is not what it has to be in the stretch that begins at `offset`.
    pub(super) fn explain(&self, offset: u64, medium: &mut dyn Medium) -> CardError {
        let mut bytes = Aligned::new(STRETCH);
        let length = (medium.length().saturating_sub(offset)).min(STRETCH as u64);
        let bytes = &mut bytes[..place(length)];
        if medium.read_at(offset, bytes).is_ok() {
            for (index, block) in bytes.chunks(BLOCK).enumerate() {
                let found = offset + (index * BLOCK) as u64;
                let written = self.0.iter().find(|&&place| *block == *marker(place));
                if let Some(&written) = written.filter(|&&written| written != found) {
                    return CardError::Lies { written, found };
                }
            }
        }
        CardError::Differs { offset }
    }
}

/// As far as an explanation is looked for: what one digest is of.
const STRETCH: usize = 256 << 10;

fn marker(offset: u64) -> Aligned {
    let mut bytes = Aligned::new(BLOCK);
    let text = [NAME, offset.to_string().as_bytes(), b"\n"].concat();
    bytes[..text.len()].copy_from_slice(&text);
    bytes
}

fn write(medium: &mut dyn Medium, offset: u64, bytes: &[u8]) -> Result<(), CardError> {
    let put = medium.write_at(offset, bytes);
    put.map_err(|source| CardError::Write { offset, source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::piece::Mark;

    fn image(length: u64) -> Whole {
        let starts = (0..length.saturating_sub(4096)).step_by(1 << 20);
        let mark = |start| Mark::of(start..start + 4096, &[]);
        Whole {
            length,
            marks: starts.map(mark).collect(),
        }
    }

    #[test]
    fn markers_lie_between_the_image_and_the_end_and_apart() {
        let (length, card) = (2_759_852_032, 31_914_983_424);
        let Markers(places) = Markers::beyond(&image(length), card);
        assert!(places.len() as u64 >= COUNT);
        assert!(places[0] >= length);
        let apart = |pair: &[u64]| pair[1] >= pair[0] + BLOCK as u64;
        assert!(places.windows(2).all(apart));
        let whole = |place: &u64| place.is_multiple_of(BLOCK as u64);
        assert!(places.iter().all(whole));
        assert_eq!(places.last(), Some(&(card - BLOCK as u64)));
    }

    #[test]
    fn a_card_of_any_power_of_two_would_put_one_of_them_into_the_image() {
        let image = image(2_759_852_032);
        for card in [63_864_569_856_u64, 127_865_454_592, 255_869_321_216] {
            let Markers(places) = Markers::beyond(&image, card);
            for real in (32..37)
                .map(|power| 1_u64 << power)
                .filter(|real| *real < card / 2)
            {
                let lands = |place: &&u64| {
                    let at = **place % real;
                    **place >= real && image.marks.iter().any(|mark| mark.range.contains(&at))
                };
                assert!(places.iter().any(|place| lands(&place)), "{card} {real}");
            }
        }
    }

    #[test]
    fn where_there_is_no_room_there_are_none() {
        for (length, card) in [(0, 0), (100, 50), (8_000_000, 8_000_000), (4096, 20_000)] {
            let Markers(places) = Markers::beyond(&image(length), card);
            assert_eq!(places, [0; 0], "{length} {card}");
        }
    }
}
