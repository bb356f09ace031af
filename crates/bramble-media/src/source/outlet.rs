//! Where unpacked bytes are given, in pieces. Not in here: where they come from.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use super::digest::Hashing;
use super::piece::{PIECE, Piece, Shelf};
use super::{HEAD, Packing, SourceError, kind};

/// What goes from the thread that unpacks to whoever reads.
#[derive(Debug)]
pub(super) enum News {
    /// The next bytes.
    Piece(Arc<Piece>),
    /// There are no more, and all were right.
    End,
    /// There will be no more.
    Failed(SourceError),
}

/// Why unpacking ends before its end.
#[derive(Debug)]
pub(super) enum Stop {
    /// Nobody reads any more.
    Unwanted,
    /// Something is wrong.
    Failed(SourceError),
}

impl From<SourceError> for Stop {
    fn from(error: SourceError) -> Self {
        Self::Failed(error)
    }
}

/// Takes pieces to whoever reads, and to the hash.
#[derive(Debug)]
pub(super) struct Outlet {
    pub(super) name: String,
    pub(super) packing: Packing,
    pub(super) reader: SyncSender<News>,
    pub(super) hashing: Option<Hashing>,
    pub(super) shelf: Shelf,
    /// How many bytes have been given.
    pub(super) given: u64,
}

impl Outlet {
    pub(super) fn give(&mut self, piece: Piece) -> Result<(), Stop> {
        if self.given == 0 && self.packing != Packing::Raw {
            self.look_at(&piece)?;
        }
        self.given += piece.len() as u64;
        let piece = Arc::new(piece);
        if let Some(hashing) = &self.hashing {
            hashing.take(Arc::clone(&piece));
        }
        let sent = self.reader.send(News::Piece(piece));
        sent.map_err(|_| Stop::Unwanted)
    }

    /// Whether what begins so may be an image. What is not packed was looked at when
    /// it was opened.
    fn look_at(&self, piece: &[u8]) -> Result<(), SourceError> {
        let head = &piece[..piece.len().min(HEAD)];
        let name = self.name.clone();
        let inner = Packing::of(head);
        if inner != Packing::Raw {
            let outer = self.packing;
            return Err(SourceError::Nested { name, outer, inner });
        }
        match kind::other_than_image(head) {
            Some(kind) => Err(SourceError::NotAnImage { name, kind }),
            None => Ok(()),
        }
    }

    /// Gives all that `reader` has. An error comes after the bytes that were right.
    pub(super) fn give_all(&mut self, reader: &mut impl Read) -> Result<io::Result<()>, Stop> {
        loop {
            let (piece, outcome) = self.shelf.read(reader);
            let is_last = piece.len() < PIECE;
            if !piece.is_empty() {
                self.give(piece)?;
            }
            if outcome.is_err() || is_last {
                return Ok(outcome);
            }
        }
    }
}
