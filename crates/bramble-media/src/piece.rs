//! Pieces of an image on their way to all cards, and the memory they lie in. Not in
//! here: where they come from and go to.

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::aligned::Aligned;
use crate::image::{PIECE, Portion, within};

/// How many pieces are in memory at once: one that is read, some that wait for cards
/// which are a little slower than others.
const POOL: usize = 4;

/// What the bytes of a stretch have to be once they are on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Where it lies on the image and the card.
    pub(crate) range: Range<u64>,
    digest: blake3::Hash,
}

/// How exactly it is known where a card differs, in bytes.
const STRETCH: u64 = 256 << 10;

impl Mark {
    pub(crate) fn of(range: Range<u64>, bytes: &[u8]) -> Self {
        Self {
            range,
            digest: blake3::hash(bytes),
        }
    }

    /// Whether `bytes` are what they have to be.
    pub(crate) fn fits(&self, bytes: &[u8]) -> bool {
        blake3::hash(bytes) == self.digest
    }
}

/// A stretch of the image with its bytes. Its memory goes back to the pool when the
/// last card is done with it.
#[derive(Debug)]
pub(crate) struct Piece {
    portion: Portion,
    bytes: Option<Aligned>,
    back: SyncSender<Aligned>,
}

impl Piece {
    /// What of it has to be on a card: place and bytes.
    pub(crate) fn used(&self) -> impl Iterator<Item = (&Range<u64>, &[u8])> {
        self.portion
            .used
            .iter()
            .map(|range| (range, self.part(range)))
    }

    /// The bytes at `range`, which lies in it.
    fn part(&self, range: &Range<u64>) -> &[u8] {
        let place = within(range, self.portion.offset);
        self.bytes.as_ref().map_or(&[], |bytes| &bytes[place])
    }

    /// Where it lies in the image.
    pub(crate) fn offset(&self) -> u64 {
        self.portion.offset
    }

    /// Where it ends in the image.
    pub(crate) fn end(&self) -> u64 {
        self.portion.offset + self.portion.length as u64
    }

    /// What it has to be when it is read back.
    pub(crate) fn marks(&self) -> impl Iterator<Item = Mark> {
        let stretches = self.portion.used.iter().flat_map(stretches);
        stretches.map(|range| Mark::of(range.clone(), self.part(&range)))
    }
}

/// `range` cut at multiples of [`STRETCH`].
fn stretches(range: &Range<u64>) -> impl Iterator<Item = Range<u64>> + use<> {
    let (mut start, end) = (range.start, range.end);
    std::iter::from_fn(move || {
        let stop = (start / STRETCH + 1).checked_mul(STRETCH)?.min(end);
        let next = (start < end).then_some(start..stop);
        start = stop;
        next
    })
}

impl Drop for Piece {
    fn drop(&mut self) {
        if let Some(bytes) = self.bytes.take() {
            // The pool has room for all that came from it; if it is gone, so is the
            // run.
            self.back.try_send(bytes).ok();
        }
    }
}

/// The memory of all pieces.
#[derive(Debug)]
pub(crate) struct Pool {
    free: Receiver<Aligned>,
    back: SyncSender<Aligned>,
    unmade: usize,
}

impl Pool {
    pub(crate) fn new() -> Self {
        let (back, free) = sync_channel(POOL);
        Self {
            free,
            back,
            unmade: POOL,
        }
    }

    /// Memory for a piece; waits until some is free.
    pub(crate) fn memory(&mut self) -> Aligned {
        if self.unmade > 0 {
            self.unmade -= 1;
            return Aligned::new(PIECE);
        }
        // The pool holds a sender itself, so that this cannot fail.
        self.free.recv().unwrap_or_else(|_| Aligned::new(PIECE))
    }

    /// A piece of what was read into `bytes`.
    pub(crate) fn piece(&self, portion: Portion, bytes: Aligned) -> Arc<Piece> {
        Arc::new(Piece {
            portion,
            bytes: Some(bytes),
            back: self.back.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_into_stretches_that_are_all_of_it() {
        let cut = |range: Range<u64>| stretches(&range).collect::<Vec<_>>();
        assert_eq!(cut(0..STRETCH).len(), 1);
        assert_eq!(
            cut(4096..2 * STRETCH + 5),
            [
                4096..STRETCH,
                STRETCH..2 * STRETCH,
                2 * STRETCH..2 * STRETCH + 5
            ]
        );
        assert_eq!(cut(7..7), []);
    }

    #[test]
    fn memory_comes_back_when_the_last_card_is_done() {
        let mut pool = Pool::new();
        for _ in 0..3 * POOL {
            let bytes = pool.memory();
            let portion = Portion {
                offset: 0,
                length: PIECE,
                used: std::iter::once(0..8).collect(),
            };
            let piece = pool.piece(portion, bytes);
            let other = Arc::clone(&piece);
            assert_eq!(other.used().next(), Some((&(0..8), &[0; 8][..])));
        }
        assert_eq!(pool.unmade, 0);
    }
}
