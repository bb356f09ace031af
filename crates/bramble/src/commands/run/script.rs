//! The file that is run instead of a command, as input for the nodes. Not in here:
//! how it is run there (`load.sh`).

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use bramble_cluster::Secret;
use bramble_fleet::Part;

use crate::exit::Exit;
use crate::failure::Failure;

/// Bytes of the largest script. A node holds it in memory once on its way.
const LARGEST: u64 = 64 << 20;

/// Bytes of the largest script that does not come from a file.
const LARGEST_PIPED: u64 = 1 << 20;

/// What stands for standard input in place of a file's name.
const INPUT: &str = "-";

/// Whether the script comes on standard input, which the nodes then have none of.
pub(super) fn is_input(path: &Path) -> bool {
    path.as_os_str() == INPUT
}

/// The script, and its size in bytes.
pub(super) fn open(path: &Path) -> Result<(Part, u64), Failure> {
    if is_input(path) {
        return whole("standard input", piped(std::io::stdin().lock(), path)?);
    }
    let cannot = |error: std::io::Error| Failure::named("read", path, &error);
    let known = fs::metadata(path).map_err(cannot)?;
    let (part, length, most) = if known.is_file() {
        let path = fs::canonicalize(path).map_err(cannot)?;
        // Said here rather than by every node.
        drop(File::open(&path).map_err(cannot)?);
        let length = known.len();
        (Part::File { path, length }, length, LARGEST)
    } else {
        piped(File::open(path).map_err(cannot)?, path)?
    };
    whole(&path.display().to_string(), (part, length, most))
}

/// What is no file: held in memory, with its size and the largest that it may have.
fn piped(from: impl Read, path: &Path) -> Result<(Part, u64, u64), Failure> {
    let mut bytes = Vec::new();
    from.take(LARGEST_PIPED + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::named("read", path, &error))?;
    let length = bytes.len() as u64;
    let part = Part::Bytes(Secret::new(bytes.into()));
    Ok((part, length, LARGEST_PIPED))
}

/// A script that has something in it, and not too much.
fn whole(name: &str, (part, length, most): (Part, u64, u64)) -> Result<(Part, u64), Failure> {
    let wrong = |what: &str| Failure::new(Exit::Usage, format!("{name} {what}"));
    match length {
        0 => Err(wrong("is empty: there is nothing to run")),
        length if length > most => Err(wrong("is too large for a script")
            .hint("copy it to the nodes with `bramble cp`, and run it there")),
        length => Ok((part, length)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_a_file_with_something_in_it() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("script");
        let failure = open(&path).unwrap_err();
        assert_eq!(failure.exit(), Exit::Usage);
        fs::write(&path, "").unwrap();
        assert_eq!(open(&path).unwrap_err().exit(), Exit::Usage);
        assert!(open(folder.path()).is_err());
        fs::write(&path, "#!/bin/sh\n").unwrap();
        let (part, size) = open(&path).unwrap();
        assert_eq!(size, 10);
        assert!(matches!(part, Part::File { length: 10, .. }));
    }

    #[test]
    fn what_is_no_file_is_read_at_once_and_not_without_end() {
        let failure = open(Path::new("/dev/zero")).unwrap_err();
        assert!(failure.to_string().contains("too large"), "{failure}");
    }
}
