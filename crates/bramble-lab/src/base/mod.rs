//! The base image: the operating system that all virtual nodes share, made once
//! and kept in a cache. Not in here: what differs between nodes.

mod build;
mod foreign;
mod mmdebstrap;
mod recipe;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use bramble_cluster::event::{Event, Watch};

pub(crate) use foreign::Interpreter;
pub(crate) use mmdebstrap::{Debian, OPTIONS};
pub(crate) use recipe::{SEEDED, listed, packages};

use crate::LabError;
use crate::error::at;

/// An image that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseImage {
    /// Its root directory; never written to.
    pub root: PathBuf,
}

/// Says that an image is whole: written last, when all else is on the disk.
const COMPLETE: &str = "complete";

/// Where builds lie until they are whole.
const PARTIAL: &str = ".partial-";

/// The base image from `cache`, made first if it is not there.
///
/// Whoever comes second while an image is made waits for it.
pub fn ensure_base(
    cache: &Path,
    watch: Watch<'_>,
    stop: &AtomicBool,
) -> Result<BaseImage, LabError> {
    let shelf = cache.join("base");
    if let Some(image) = cached(&shelf) {
        return Ok(image);
    }
    if !rustix::process::geteuid().is_root() {
        return Err(LabError::NotRoot);
    }
    fs::create_dir_all(&shelf).map_err(at("create", &shelf))?;
    let _lock = lock(&shelf, watch, stop)?;
    if let Some(image) = cached(&shelf) {
        return Ok(image);
    }
    sweep(&shelf)?;
    build::can_begin(&shelf)?;
    let partial = shelf.join(format!("{PARTIAL}{}", std::process::id()));
    let built = build::build(&partial, watch, stop).and_then(|()| keep(&partial, &shelf));
    if built.is_err() {
        // The reason of the failure is the one to report; the next build sweeps.
        fs::remove_dir_all(&partial).ok();
    }
    built
}

/// Whether `needed` MB are free where `place` is.
pub(crate) fn has_room(place: &Path, needed: u64, purpose: &'static str) -> Result<(), LabError> {
    let room = rustix::fs::statvfs(place).map_err(|error| at("look at", place)(error.into()))?;
    let free = room.f_bavail.saturating_mul(room.f_frsize) / 1_000_000;
    if free >= needed {
        return Ok(());
    }
    Err(LabError::NoSpace {
        path: place.to_owned(),
        free,
        needed,
        purpose,
    })
}

fn cached(shelf: &Path) -> Option<BaseImage> {
    let place = shelf.join(recipe::key());
    place.join(COMPLETE).exists().then(|| BaseImage {
        root: place.join("root"),
    })
}

/// Held until the file is dropped, and not inherited by the programs that build:
/// the lock of a killed build is free.
fn lock(shelf: &Path, watch: Watch<'_>, stop: &AtomicBool) -> Result<File, LabError> {
    let path = shelf.join(".lock");
    let file = File::create(&path).map_err(at("create", &path))?;
    let mut waiting = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(source)) => return Err(at("lock", &path)(source)),
            Err(TryLockError::WouldBlock) => {}
        }
        if !waiting {
            let message = "waiting for another process that makes the base image".to_owned();
            watch(Event::Progress { message });
            waiting = true;
        }
        if stop.load(Ordering::Relaxed) {
            return Err(LabError::Interrupted);
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// Removes what builds left that were killed, and an image without its mark.
fn sweep(shelf: &Path) -> Result<(), LabError> {
    let entries = fs::read_dir(shelf).map_err(at("read", shelf))?;
    for entry in entries {
        let path = entry.map_err(at("read", shelf))?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with(PARTIAL) || name == recipe::key() {
            fs::remove_dir_all(&path).map_err(at("remove", &path))?;
        }
    }
    Ok(())
}

/// Moves a finished build to its place and marks it as whole.
fn keep(partial: &Path, shelf: &Path) -> Result<BaseImage, LabError> {
    let place = shelf.join(recipe::key());
    let directory = File::open(partial).map_err(at("open", partial))?;
    rustix::fs::syncfs(&directory).map_err(|error| at("write out", partial)(error.into()))?;
    fs::rename(partial, &place).map_err(at("move the image to", &place))?;
    let mark = place.join(COMPLETE);
    let file = File::create(&mark).map_err(at("create", &mark))?;
    file.sync_all().map_err(at("write out", &mark))?;
    Ok(BaseImage {
        root: place.join("root"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_without_its_mark_is_none_and_is_swept() {
        let shelf = tempfile::tempdir().unwrap();
        let place = shelf.path().join(recipe::key());
        fs::create_dir_all(place.join("root/etc")).unwrap();
        fs::create_dir_all(shelf.path().join(".partial-4711/root")).unwrap();
        fs::create_dir_all(shelf.path().join("trixie-other-000000000000/root")).unwrap();
        assert_eq!(cached(shelf.path()), None);

        sweep(shelf.path()).unwrap();

        let left: Vec<_> = fs::read_dir(shelf.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(left, ["trixie-other-000000000000"]);
    }

    #[test]
    fn a_finished_build_becomes_the_image() {
        let shelf = tempfile::tempdir().unwrap();
        let partial = shelf.path().join(".partial-1");
        fs::create_dir_all(partial.join("root/etc")).unwrap();

        let image = keep(&partial, shelf.path()).unwrap();

        assert!(image.root.join("etc").is_dir());
        assert_eq!(cached(shelf.path()), Some(image));
    }

    #[test]
    fn who_waits_for_a_build_says_so_and_can_be_stopped() {
        let shelf = tempfile::tempdir().unwrap();
        let stop = AtomicBool::new(true);
        let _held = lock(shelf.path(), &mut |_| {}, &stop).unwrap();
        let mut said = Vec::new();

        let outcome = lock(shelf.path(), &mut |event| said.push(event), &stop);

        assert!(matches!(outcome, Err(LabError::Interrupted)));
        assert_eq!(said.len(), 1);
    }
}
