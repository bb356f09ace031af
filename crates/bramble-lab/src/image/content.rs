//! How much a folder takes on a file system with blocks. Not in here: what of it.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::division::Content;
use crate::LabError;
use crate::error::at;

/// What `mke2fs` gives files at a time.
const BLOCK: u64 = 4096;

/// Adds up all that is in `folder`. What has several names counts once.
pub(super) fn of(folder: &Path) -> Result<Content, LabError> {
    let mut content = Content::default();
    let mut counted = BTreeSet::new();
    let mut left = vec![folder.to_owned()];
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(&folder).map_err(at("read", &folder))? {
            let path = entry.map_err(at("read", &folder))?.path();
            let found = path.symlink_metadata().map_err(at("look at", &path))?;
            if found.nlink() > 1 && !found.is_dir() && !counted.insert(found.ino()) {
                continue;
            }
            content.inodes += 1;
            content.bytes += found.len().next_multiple_of(BLOCK);
            if found.is_dir() {
                left.push(path);
            }
        }
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_count_in_blocks_and_names_of_one_file_once() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("small"), "x").unwrap();
        fs::create_dir(folder.path().join("inner")).unwrap();
        fs::write(folder.path().join("inner/large"), vec![1; 5000]).unwrap();
        fs::hard_link(
            folder.path().join("inner/large"),
            folder.path().join("again"),
        )
        .unwrap();

        let content = of(folder.path()).unwrap();

        let inner = fs::metadata(folder.path().join("inner")).unwrap().len();
        assert_eq!(content.inodes, 3);
        assert_eq!(
            content.bytes,
            BLOCK + 2 * BLOCK + inner.next_multiple_of(BLOCK)
        );
    }
}
