//! What an image is recognised by: its SHA-256, in a file beside it in which `card` and
//! `sha256sum -c` look for it. Not in here: comparing.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest as _, Sha256};

use crate::LabError;
use crate::error::at;
use crate::hex::hex;

/// How many bytes are read at once, and so how often somebody is asked whether to go on.
const AT_ONCE: usize = 1 << 20;

/// The file that tells the digest of the image `output`: `IMAGE.sha256`.
pub(super) fn file(output: &Path) -> PathBuf {
    let mut name = OsString::from(output);
    name.push(".sha256");
    name.into()
}

/// The digest of `image`, in hexadecimal digits.
pub(super) fn of(image: &Path, stop: &AtomicBool) -> Result<String, LabError> {
    let mut file = File::open(image).map_err(at("open", image))?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; AT_ONCE];
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(LabError::Interrupted);
        }
        let count = file.read(&mut piece).map_err(at("read", image))?;
        if count == 0 {
            let digest = hash.finalize();
            return Ok(hex(&digest, digest.len()));
        }
        hash.update(&piece[..count]);
    }
}

/// Writes `digest` of a file that will be called `name` as `sha256sum` does, and waits
/// until it is on the disk.
pub(super) fn write(path: &Path, digest: &str, name: &OsStr) -> Result<(), LabError> {
    let line = [digest.as_bytes(), b"  ", name.as_bytes(), b"\n"].concat();
    let mut file = File::create(path).map_err(at("create", path))?;
    file.write_all(&line).map_err(at("write", path))?;
    file.sync_all().map_err(at("write out", path))
}

/// Takes away what was told of an image that is about to be replaced. One without a
/// digest is known less of, one with another's would be refused.
pub(super) fn forget(path: &Path) -> Result<(), LabError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(at("replace", path)(error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn sha256sum_takes_what_is_written_beside_an_image() {
        let folder = tempfile::tempdir().unwrap();
        let image = folder.path().join("my image.img");
        fs::write(&image, vec![7; AT_ONCE + 1]).unwrap();
        let digest = of(&image, &AtomicBool::new(false)).unwrap();
        let beside = file(&image);
        write(&beside, &digest, image.file_name().unwrap()).unwrap();
        assert_eq!(beside, folder.path().join("my image.img.sha256"));
        let check = || {
            let mut check = Command::new("sha256sum");
            check.args(["-c", "--status"]).arg(&beside);
            check.current_dir(folder.path()).status().unwrap()
        };
        assert!(check().success());
        fs::write(&image, "another").unwrap();
        assert!(!check().success());
    }

    #[test]
    fn whoever_stops_does_not_wait_for_the_end_of_an_image() {
        let folder = tempfile::tempdir().unwrap();
        let image = folder.path().join("x.img");
        fs::write(&image, "x").unwrap();
        let stopped = of(&image, &AtomicBool::new(true));
        assert!(matches!(stopped, Err(LabError::Interrupted)));
    }

    #[test]
    fn only_what_is_there_has_to_be_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let beside = folder.path().join("x.img.sha256");
        fs::write(&beside, "x").unwrap();
        forget(&beside).unwrap();
        assert!(!beside.exists());
        forget(&beside).unwrap();
        assert!(forget(folder.path()).is_err());
    }
}
