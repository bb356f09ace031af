//! The folder beside an image in which it is made: claimed by one process, removed
//! whatever happens, and swept by the next if that could not be. Not in here: what is
//! put into it.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::checksum;
use crate::LabError;
use crate::error::at;

/// A folder that is this process's alone, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    folder: PathBuf,
    /// Held: the lock on the folder goes with it.
    _lock: File,
}

impl Place {
    /// Claims the folder for the image `output`, empty.
    pub(super) fn claim(output: &Path) -> Result<Self, LabError> {
        check(output)?;
        // The programs that make it need not run where this process does.
        let output = std::path::absolute(output).map_err(at("find", output))?;
        let folder = folder(&output);
        make(&folder)?;
        let lock = File::open(&folder).map_err(at("open", &folder))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(source)) => return Err(at("lock", &folder)(source)),
            Err(TryLockError::WouldBlock) => return Err(busy(&output)),
        }
        // Whoever had it may have removed it in this moment.
        let claimed = lock.metadata().map_err(at("look at", &folder))?;
        if !fs::metadata(&folder).is_ok_and(|now| now.ino() == claimed.ino()) {
            return Err(busy(&output));
        }
        let place = Self {
            folder,
            _lock: lock,
        };
        place.sweep()?;
        Ok(place)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn sweep(&self) -> Result<(), LabError> {
        for entry in fs::read_dir(&self.folder).map_err(at("read", &self.folder))? {
            let path = entry.map_err(at("read", &self.folder))?.path();
            let is_folder = path.symlink_metadata().is_ok_and(|found| found.is_dir());
            let removed = if is_folder {
                fs::remove_dir_all(&path)
            } else {
                fs::remove_file(&path)
            };
            removed.map_err(at("remove", &path))?;
        }
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What is left all the same is swept by the next.
        fs::remove_dir_all(&self.folder).ok();
    }
}

/// The image takes the place of a file, and of nothing else: a device is written by
/// other means. No folder is made for it: one that is not there is a slip, which should
/// show before minutes went into it.
pub(super) fn check(output: &Path) -> Result<(), LabError> {
    if output.file_name().is_none() {
        return Err(LabError::NotAFile(output.to_owned()));
    }
    for path in [output, &checksum::file(output)] {
        if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(LabError::NotAFile(path.to_owned()));
        }
    }
    let output = std::path::absolute(output).map_err(at("find", output))?;
    let Some(parent) = output.parent() else {
        return Ok(());
    };
    let found = fs::metadata(parent).map_err(at("find the folder", parent))?;
    if found.is_dir() {
        return Ok(());
    }
    let not_a_folder = io::Error::from(io::ErrorKind::NotADirectory);
    Err(at("find the folder", parent)(not_a_folder))
}

/// One that is there was left by a killed build, or is somebody else's.
fn make(folder: &Path) -> Result<(), LabError> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(at("create", folder)(error))
        }
        _ => Ok(()),
    }
}

fn folder(output: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(output.file_name().unwrap_or_default());
    name.push(".being-made");
    output.with_file_name(name)
}

fn busy(output: &Path) -> LabError {
    LabError::Busy {
        what: output.display().to_string(),
        holder: "another process".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_made_by_one_at_a_time_and_nothing_stays() {
        let directory = tempfile::tempdir().unwrap();
        let output = directory.path().join("debian.img");
        let place = Place::claim(&output).unwrap();
        fs::write(place.folder().join("part"), "").unwrap();
        assert!(matches!(Place::claim(&output), Err(LabError::Busy { .. })));
        let left = place.folder().to_owned();
        drop(place);
        assert!(!left.exists());
    }

    #[test]
    fn what_a_killed_build_left_is_swept() {
        let directory = tempfile::tempdir().unwrap();
        let output = directory.path().join("debian.img");
        let old = folder(&output);
        fs::create_dir_all(old.join("root/etc")).unwrap();
        fs::write(old.join("image"), "x").unwrap();
        let place = Place::claim(&output).unwrap();
        assert_eq!(fs::read_dir(place.folder()).unwrap().count(), 0);
    }

    #[test]
    fn a_device_or_a_folder_is_no_place_for_an_image() {
        let directory = tempfile::tempdir().unwrap();
        for odd in [directory.path(), Path::new("/dev/null"), Path::new("/")] {
            let refused = Place::claim(odd);
            assert!(matches!(refused, Err(LabError::NotAFile(_))), "{odd:?}");
        }
    }

    #[test]
    fn what_stands_where_the_digest_is_to_be_is_seen_before_the_work() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("debian.img.sha256")).unwrap();
        let refused = Place::claim(&directory.path().join("debian.img"));
        assert!(
            matches!(refused, Err(LabError::NotAFile(path)) if path.ends_with("debian.img.sha256"))
        );
    }

    #[test]
    fn no_folder_is_made_for_an_image() {
        let directory = tempfile::tempdir().unwrap();
        let typed = directory.path().join("no/such/debian.img");
        let refused = Place::claim(&typed);
        assert!(
            matches!(&refused, Err(LabError::File { path, .. }) if path.ends_with("no/such")),
            "{refused:?}"
        );
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
        fs::write(directory.path().join("file"), "").unwrap();
        assert!(Place::claim(&directory.path().join("file/debian.img")).is_err());
        // The folder that one is in needs no name.
        assert!(check(Path::new("debian.img")).is_ok());
    }
}
