//! The file that is run instead of a command, as input for the nodes. Not in here:
//! how it is run there (`load.sh`).

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use bramble_cluster::Secret;
use bramble_fleet::Part;

use crate::exit::Exit;
use crate::failure::Failure;

/// Bytes of the largest script. A node holds it in memory once on its way.
const LARGEST: u64 = 64 << 20;

/// Bytes of the largest script that does not come from a file.
const LARGEST_PIPED: u64 = 1 << 20;

/// The script, and its size in bytes.
pub(super) fn open(path: &Path) -> Result<(Part, u64), Failure> {
    let cannot = |error: std::io::Error| Failure::file("read", path, &error);
    let known = fs::metadata(path).map_err(cannot)?;
    let (part, length, most) = if known.is_file() {
        let path = fs::canonicalize(path).map_err(cannot)?;
        // Said here rather than by every node.
        drop(File::open(&path).map_err(cannot)?);
        let length = known.len();
        (Part::File { path, length }, length, LARGEST)
    } else {
        let mut bytes = Vec::new();
        let piped = File::open(path).map_err(cannot)?;
        let mut piped = piped.take(LARGEST_PIPED + 1);
        piped.read_to_end(&mut bytes).map_err(cannot)?;
        let length = bytes.len() as u64;
        (
            Part::Bytes(Secret::new(bytes.into())),
            length,
            LARGEST_PIPED,
        )
    };
    let wrong = |what: &str| Failure::new(Exit::Usage, format!("{} {what}", path.display()));
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
        assert_eq!(failure.exit(), Exit::Host);
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
