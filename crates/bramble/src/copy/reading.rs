//! Reading a file on this machine piece by piece, until Ctrl-C: hashing all that is
//! to be copied may take minutes. Not in here: what is made of the pieces.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes that are read at a time.
const PIECE: usize = 128 << 10;

/// Why a file was not read to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotRead {
    #[error("cannot read {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("interrupted")]
    Interrupted,
}

/// Reads at most `most` bytes of the file at `path`, and tells them piece by piece.
/// Once `stop` is true, no more is read.
pub(crate) fn read<E: From<NotRead>>(
    path: &Path,
    most: u64,
    stop: &AtomicBool,
    tell: &mut dyn FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let unreadable = |error| NotRead::Unreadable {
        path: path.to_owned(),
        error,
    };
    let mut file = File::open(path).map_err(unreadable)?.take(most);
    let mut piece = vec![0; PIECE];
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(NotRead::Interrupted.into());
        }
        match file.read(&mut piece).map_err(unreadable)? {
            0 => return Ok(()),
            length => tell(&piece[..length])?,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// How much is read until `stop_at` bytes have been, when Ctrl-C comes.
    fn told(most: u64, stop_at: usize) -> (usize, Result<(), NotRead>) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&vec![b'x'; 4 * PIECE]).unwrap();
        let (stop, mut told) = (AtomicBool::new(false), 0);
        let ended = read(file.path(), most, &stop, &mut |piece| {
            told += piece.len();
            stop.store(told >= stop_at, Ordering::Relaxed);
            Ok(())
        });
        (told, ended)
    }

    #[test]
    fn a_file_is_read_to_its_end_or_as_far_as_is_wanted() {
        assert!(matches!(told(u64::MAX, usize::MAX), (told, Ok(())) if told == 4 * PIECE));
        assert!(matches!(told(10, usize::MAX), (10, Ok(()))));
    }

    #[test]
    fn nothing_more_is_read_after_ctrl_c() {
        let (told, ended) = told(u64::MAX, PIECE);
        assert!(told < 4 * PIECE, "{told}");
        assert!(matches!(ended, Err(NotRead::Interrupted)), "{ended:?}");
    }
}
