//! A node's image file while it is made: `.NODE.img.partial` beside the place that it gets
//! when it is whole. Not in here: what is written to it.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use bramble_cluster::NodeName;

/// The file; removed when dropped, unless it was kept.
#[derive(Debug)]
pub(crate) struct Partial {
    path: PathBuf,
    file: File,
    kept: bool,
}

impl Partial {
    /// Makes it in `folder`, empty and readable by its owner only. What an earlier run
    /// left that was killed is gone then.
    pub(crate) fn make(folder: &Path, node: &NodeName) -> io::Result<Self> {
        let path = folder.join(format!(".{node}.img.partial"));
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        Ok(Self {
            path,
            file,
            kept: false,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Puts it where it belongs, in the same folder, also after a power cut.
    pub(crate) fn keep(mut self, path: &Path) -> io::Result<()> {
        fs::rename(&self.path, path)?;
        self.kept = true;
        let folder = path.parent().unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.kept {
            // The next run removes it, if this one cannot.
            fs::remove_file(&self.path).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_kept_stays_and_what_was_left_goes() {
        let folder = tempfile::tempdir().unwrap();
        let node: NodeName = "node1".parse().unwrap();
        let left = folder.path().join(".node1.img.partial");
        fs::write(&left, "left by a run that was killed").unwrap();
        let partial = Partial::make(folder.path(), &node).unwrap();
        assert_eq!(fs::read(&left).unwrap(), b"");
        drop(partial);
        assert!(!left.exists());
        let partial = Partial::make(folder.path(), &node).unwrap();
        let whole = folder.path().join("node1.img");
        partial.keep(&whole).unwrap();
        assert!(whole.exists() && !left.exists());
    }
}
