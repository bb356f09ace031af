//! The directory that image files are put into: there, or made for it, and with room for
//! them. Not in here: the files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bramble_view::copy::size;
use bramble_view::count;

use crate::exit::Exit;
use crate::failure::Failure;

/// The directory. What was made for it goes when this is dropped, as far as it is empty.
#[derive(Debug)]
pub(crate) struct OutFolder {
    path: PathBuf,
    /// The directories that were made, the outermost first.
    made: Vec<PathBuf>,
}

impl OutFolder {
    /// Refuses what is something else than a directory.
    pub(crate) fn check(path: &Path) -> Result<(), Failure> {
        match fs::metadata(path) {
            Ok(found) if !found.is_dir() => Err(Failure::new(
                Exit::Usage,
                format!("{} is no directory", path.display()),
            )
            .hint("name the directory that the files are put into: `-o DIR`")),
            _ => Ok(()),
        }
    }

    /// Makes it, if it is not there.
    pub(crate) fn make(path: &Path) -> Result<Self, Failure> {
        let missing = path.ancestors().take_while(|folder| is_missing(folder));
        let mut made: Vec<_> = missing.map(Path::to_owned).collect();
        made.reverse();
        let folder = Self {
            path: path.to_owned(),
            made,
        };
        fs::create_dir_all(path).map_err(|error| refused("make", path, &error))?;
        Ok(folder)
    }

    /// A file could not be made in it.
    pub(crate) fn unwritten(&self, error: &io::Error) -> Failure {
        refused("write into", &self.path, error)
    }

    /// Refuses to begin with `files` files, of which each takes `each` bytes, where there
    /// is no room for them. Where nobody knows how much is free, it is tried.
    pub(crate) fn has_room(&self, files: usize, each: u64) -> Result<(), Failure> {
        let Ok(found) = rustix::fs::statvfs(&self.path) else {
            return Ok(());
        };
        let free = found.f_bavail.saturating_mul(found.f_frsize);
        match lacking(files, each, free) {
            None => Ok(()),
            Some(message) => Err(no_room(format!("{message} in {}", self.path.display()))),
        }
    }
}

/// There is not as much room as it takes.
pub(crate) fn no_room(message: String) -> Failure {
    Failure::new(Exit::Host, message)
        .hint("name a directory where there is more room: `-o DIR`")
        .hint("or make the cards of a few nodes at a time")
}

fn lacking(files: usize, each: u64, free: u64) -> Option<String> {
    let needed = each.saturating_mul(files as u64);
    (needed > free).then(|| {
        format!(
            "{} {} {} or more, and {} are free",
            count(files, "card"),
            if files == 1 { "takes" } else { "take" },
            size(needed),
            size(free)
        )
    })
}

fn is_missing(folder: &Path) -> bool {
    let is_here = folder.as_os_str().is_empty();
    !is_here && folder.symlink_metadata().is_err()
}

fn refused(doing: &str, path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::named(doing, path, error);
    if error.kind() == io::ErrorKind::PermissionDenied {
        return failure.hint("name a directory of your own: `-o DIR`");
    }
    failure
}

impl Drop for OutFolder {
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            // One that holds something stays, and those around it.
            fs::remove_dir(folder).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_goes_if_it_stays_empty_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let there = folder.path().join("there");
        fs::create_dir(&there).unwrap();
        drop(OutFolder::make(&there).unwrap());
        assert!(there.is_dir());
        drop(OutFolder::make(&there.join("a/b")).unwrap());
        assert!(there.is_dir() && !there.join("a").exists());
        let made = OutFolder::make(&there.join("a/b")).unwrap();
        fs::write(there.join("a/file"), "somebody's").unwrap();
        drop(made);
        assert!(there.join("a/file").exists() && !there.join("a/b").exists());
    }

    #[test]
    fn room_is_told_with_both_figures() {
        assert_eq!(lacking(5, 100_000_000, 500_000_000), None);
        assert_eq!(
            lacking(5, 600_000_000, 900_000_000).unwrap(),
            "5 cards take 3 GB or more, and 900 MB are free"
        );
        let one = lacking(1, 2_000_000_000, 1_000_000).unwrap();
        assert!(one.starts_with("1 card takes "), "{one}");
    }
}
