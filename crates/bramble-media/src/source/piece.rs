//! The pieces in which bytes go from thread to thread, and the memory of those that are
//! done with, which is used again: threads that allocate what others free leave holes,
//! nearly as much as the pieces themselves. Not in here: what bounds their number, which
//! is whoever queues them.

use std::io::{self, Read};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

/// The size of a piece in bytes.
pub(super) const PIECE: usize = 256 * 1024;

/// Where memory of pieces waits to be used again.
#[derive(Debug, Clone, Default)]
pub(super) struct Shelf(Arc<Mutex<Vec<Vec<u8>>>>);

/// Some bytes, at most [`PIECE`].
#[derive(Debug)]
pub(super) struct Piece {
    bytes: Vec<u8>,
    length: usize,
    shelf: Shelf,
}

impl Shelf {
    /// A whole piece of what `reader` has, or what there is before the end or an error.
    pub(super) fn read(&self, reader: &mut impl Read) -> (Piece, io::Result<()>) {
        let mut piece = self.piece();
        let mut outcome = Ok(());
        // Nothing is read into no space: that would look like the end.
        while piece.length < PIECE {
            match reader.read(&mut piece.bytes[piece.length..]) {
                Ok(0) => break,
                Ok(count) => piece.length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        (piece, outcome)
    }

    /// The same bytes, as far as they fit into a piece.
    pub(super) fn copy(&self, bytes: &[u8]) -> Piece {
        let mut piece = self.piece();
        piece.length = bytes.len().min(PIECE);
        piece.bytes[..piece.length].copy_from_slice(&bytes[..piece.length]);
        piece
    }

    fn piece(&self) -> Piece {
        let used = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Piece {
            bytes: used.unwrap_or_else(|| vec![0; PIECE]),
            length: 0,
            shelf: self.clone(),
        }
    }
}

impl Deref for Piece {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        let shelf = self.shelf.0.lock();
        shelf.unwrap_or_else(PoisonError::into_inner).push(bytes);
    }
}
