//! SHA-256 of what goes by, on threads of their own. Not in here: what was expected.

use std::fs::File;
use std::io::{self, Read as _};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Weak};
use std::thread::{Builder, JoinHandle};

use sha2::{Digest as _, Sha256};

use super::file_reader::FileReader;
use super::piece::Piece;

/// How many pieces wait for a hash. One that is slower slows the source down.
const WAITING: usize = 4;

/// How many bytes of a file are hashed at once.
const HASHED_AT_ONCE: usize = 256 * 1024;

/// The SHA-256 of a source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Digests {
    /// Of the file as it is, if that was expected or wanted.
    pub packed: Option<[u8; 32]>,
    /// Of what it unpacks to, if that was expected or wanted.
    pub raw: Option<[u8; 32]>,
}

/// Which digests are to be told though none is expected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// That of the file as it is.
    pub packed: bool,
    /// That of what it unpacks to.
    pub raw: bool,
}

/// A digest in the making. A file may turn out to be unreadable.
pub(super) type Making = JoinHandle<io::Result<[u8; 32]>>;

/// Where bytes are given that are to be hashed.
#[derive(Debug)]
pub(super) struct Hashing(SyncSender<Arc<Piece>>);

impl Hashing {
    pub(super) fn start() -> io::Result<(Self, Making)> {
        let (sender, pieces) = sync_channel(WAITING);
        let making = thread().spawn(move || Ok(of_pieces(&pieces)))?;
        Ok((Self(sender), making))
    }

    pub(super) fn take(&self, piece: Arc<Piece>) {
        // Whoever asks for the digest learns that the thread is gone.
        self.0.send(piece).ok();
    }
}

fn of_pieces(pieces: &Receiver<Arc<Piece>>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for piece in pieces {
        hash.update(&**piece);
    }
    hash.finalize().into()
}

/// Hashes a whole file at its own pace. It is soon done, compared with a card that is
/// written, so that a wrong file is noticed early. It ends when `wanted` is gone.
pub(super) fn of_file(file: &Arc<File>, length: u64, wanted: Weak<()>) -> io::Result<Making> {
    let mut reader = FileReader::new(file, 0, length);
    thread().spawn(move || {
        let mut hash = Sha256::new();
        let mut piece = vec![0; HASHED_AT_ONCE];
        while wanted.strong_count() > 0 {
            match reader.read(&mut piece) {
                Ok(0) => break,
                Ok(count) => hash.update(&piece[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(hash.finalize().into())
    })
}

fn thread() -> Builder {
    Builder::new().name("digest".to_owned())
}

/// As `sha256sum` writes it.
pub fn hex(digest: &[u8; 32]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
    digest
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// The digest that 64 hexadecimal digits tell.
pub fn from_hex(text: &str) -> Option<[u8; 32]> {
    let text = text.as_bytes();
    let mut digest = [0; 32];
    if text.len() != 2 * digest.len() {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(text.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(digest)
}
