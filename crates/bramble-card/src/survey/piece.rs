//! Pieces of an image that goes by, and what is wanted out of them. Not in here: what is
//! learnt from it.

use std::borrow::Cow;
use std::ops::Range;

use crate::bytes::place;

/// Bytes of an image, and their place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    offset: u64,
    bytes: &'a [u8],
}

impl<'a> Piece<'a> {
    pub(super) fn new(offset: u64, bytes: &'a [u8]) -> Self {
        Self { offset, bytes }
    }
}

/// The first part of what is wanted, whose rest comes with a later piece.
#[derive(Debug, Default)]
pub(super) struct Begun(Vec<u8>);

impl Begun {
    /// What of `wanted` is still to come.
    pub(super) fn rest(&self, wanted: &Range<u64>) -> Range<u64> {
        wanted.start.saturating_add(self.0.len() as u64)..wanted.end
    }

    /// All bytes of `wanted`, if `piece` brings the last of them.
    pub(super) fn take<'a>(
        &mut self,
        wanted: &Range<u64>,
        piece: Piece<'a>,
    ) -> Option<Cow<'a, [u8]>> {
        let rest = self.rest(wanted);
        let from = rest.start.checked_sub(piece.offset)?;
        let bytes = piece
            .bytes
            .get(place(from)..)
            .filter(|bytes| !bytes.is_empty())?;
        let missing = place(rest.end - rest.start);
        let is_last = bytes.len() >= missing;
        let bytes = &bytes[..missing.min(bytes.len())];
        if is_last && self.0.is_empty() {
            return Some(Cow::Borrowed(bytes));
        }
        self.0.extend_from_slice(bytes);
        is_last.then(|| Cow::Owned(std::mem::take(&mut self.0)))
    }

    /// What was begun is wanted no more.
    pub(super) fn forget(&mut self) {
        self.0 = Vec::new();
    }
}
