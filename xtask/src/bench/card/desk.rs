//! The temporary directory that all is measured in, and what lies on it. Not in here:
//! how each thing is made.

use std::cell::OnceCell;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rustix::fs::{Advice, FallocateFlags};
use tempfile::TempDir;

use super::disk::Disk;
use super::image::{self, Image};
use super::ours::Ours;
use crate::failure::Failure;
use crate::tree::Tree;

/// It is gone with this, and so is everything in it.
#[derive(Debug)]
pub(super) struct Desk {
    folder: TempDir,
    pub(super) ours: Ours,
    /// How often each program is measured.
    pub(super) runs: u8,
    /// Where programs are that were installed for this, from one run to the next.
    pub(super) installed: PathBuf,
    image: OnceCell<Image>,
    large: OnceCell<Image>,
}

impl Desk {
    /// On the disk that cargo builds on; memory in its place would measure memory.
    pub(super) fn new(tree: &Tree, runs: u8) -> Result<Self, Failure> {
        let bramble = tree.built("release", "bramble");
        let target = bramble.parent().and_then(Path::parent);
        let target = target.unwrap_or(&tree.root).to_owned();
        let folder = tempfile::Builder::new()
            .prefix("bramble-bench-")
            .tempdir_in(&target)
            .map_err(|error| Failure::file("make a directory in", &target, &error))?;
        let ours = Ours::new(bramble, &folder.path().join("cluster"))?;
        Ok(Self {
            folder,
            ours,
            runs,
            installed: target.join("peers"),
            image: OnceCell::new(),
            large: OnceCell::new(),
        })
    }

    /// How often what takes a second or two is measured: the disk of a machine that is one of
    /// several on the same hardware is now five times as fast as a moment later.
    pub(super) fn often(&self) -> u8 {
        self.runs.saturating_mul(4)
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A name that nobody else has.
    pub(super) fn name(&self) -> String {
        let name = self.folder.path().file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// The image that is written, made when it is first wanted.
    pub(super) fn image(&self) -> Result<&Image, Failure> {
        once(&self.image, || image::make(self, "system", image::USUAL))
    }

    /// One of the same content with more room.
    pub(super) fn large_image(&self) -> Result<&Image, Failure> {
        once(&self.large, || image::make(self, "large", image::LARGE))
    }

    /// A device as long as the image, with its blocks there.
    pub(super) fn disk(&self, name: &str) -> Result<Disk, Failure> {
        let file = self.path(name);
        let length = self.image()?.length;
        if !file.exists() {
            let made = File::create(&file).and_then(|made| {
                let all = FallocateFlags::empty();
                Ok(rustix::fs::fallocate(&made, all, 0, length)?)
            });
            made.map_err(|error| Failure::file("make", &file, &error))?;
        }
        Disk::of(&file)
    }
}

fn once(
    cell: &OnceCell<Image>,
    make: impl FnOnce() -> Result<Image, Failure>,
) -> Result<&Image, Failure> {
    if let Some(image) = cell.get() {
        return Ok(image);
    }
    let made = make()?;
    Ok(cell.get_or_init(|| made))
}

/// Reads the file at `path`, so that it lies in memory for whoever reads it next.
pub(super) fn warm(path: &Path) -> Result<(), Failure> {
    let mut nowhere = std::io::sink();
    let read = File::open(path).and_then(|mut file| std::io::copy(&mut file, &mut nowhere));
    read.map(drop)
        .map_err(|error| Failure::file("read", path, &error))
}

/// Makes the system forget what it has of this file or device in memory, and no others.
pub(super) fn forget(path: &Path) -> Result<(), Failure> {
    let forgotten = File::open(path).and_then(|file| {
        file.sync_all()?;
        Ok(rustix::fs::fadvise(&file, 0, None, Advice::DontNeed)?)
    });
    forgotten.map_err(|error| Failure::file("forget", path, &error))
}

pub(super) fn make_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| Failure::file("make", path, &error))
}

pub(super) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Failure> {
    fs::write(path, content).map_err(|error| Failure::file("write", path, &error))
}
