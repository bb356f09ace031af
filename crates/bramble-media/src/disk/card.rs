//! A disk, or a file in place of one, opened to be written and read back. Not in here:
//! whether it may be written (`refusal`), and what is (`write`).

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt as _, FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use bramble_card::ReadAt;
use rustix::fs::{Advice, FlockOperation, Mode, OFlags, SeekFrom};
use rustix::io::Errno;

use super::world;
use super::{Disk, DiskError};
use crate::aligned::{self, Aligned};
use crate::medium::Medium;

/// An open disk, or a plain file in place of one.
#[derive(Debug)]
pub struct Card {
    /// Past the system's memory, where the device or file system can do that.
    direct: Option<File>,
    /// For what is not aligned, and for all if there is no direct way.
    buffered: File,
    length: u64,
    /// Whether it is a new file, which may become longer.
    grows: bool,
}

impl Card {
    /// Opens `disk` for nobody else to write or mount until this is dropped, and makes
    /// sure that it still is what was looked at.
    pub fn open(disk: &Disk) -> Result<Self, DiskError> {
        let path = &disk.path;
        let exclusive = OFlags::RDWR | OFlags::EXCL;
        let first = match open(path, exclusive | OFlags::DIRECT) {
            Err(Errno::INVAL) => open(path, exclusive),
            opened => opened,
        };
        let first = first.map_err(|errno| unopened(path, errno))?;
        check(disk, &first)?;
        // The claim that the first descriptor has is this process's, and a second one
        // need not make it again.
        let card = Self::with(path, first, OFlags::RDWR)?;
        if card.length != disk.size {
            return Err(changed(disk, "its size"));
        }
        Ok(card)
    }

    /// Opens the plain file at `path`, which stands for a card of its length. From now on
    /// only its owner can read it, since a card holds secrets.
    pub fn open_file(path: &Path) -> Result<Self, DiskError> {
        let first = match open(path, OFlags::RDWR | OFlags::DIRECT) {
            Err(Errno::INVAL) => open(path, OFlags::RDWR),
            opened => opened,
        };
        let first = first.map_err(|errno| unopened(path, errno))?;
        let is_file = first.metadata().map(|metadata| metadata.is_file());
        if !is_file.map_err(|error| failed(path, error))? {
            return Err(DiskError::NotAFile {
                path: path.to_owned(),
            });
        }
        rustix::fs::flock(&first, FlockOperation::NonBlockingLockExclusive)
            .map_err(|errno| unopened(path, errno))?;
        hide(&first).map_err(|error| failed(path, error))?;
        Self::with(path, first, OFlags::RDWR)
    }

    /// Opens the disk or file at `path` to be read only, whoever else uses it.
    pub fn open_to_read(path: &Path) -> Result<Self, DiskError> {
        // Before it is opened: opening a pipe would wait for whoever writes to it.
        if let Ok(metadata) = path.metadata()
            && !metadata.file_type().is_block_device()
            && !metadata.is_file()
        {
            return Err(DiskError::NotADevice {
                given: path.to_owned(),
            });
        }
        let first = match open(path, OFlags::RDONLY | OFlags::DIRECT) {
            Err(Errno::INVAL) => open(path, OFlags::RDONLY),
            opened => opened,
        };
        let first = first.map_err(|errno| unopened(path, errno))?;
        Self::with(path, first, OFlags::RDONLY)
    }

    /// Makes the file at `path`, of `length` bytes that are all zero and take no room yet.
    /// What was in it before is gone. Only its owner can read it, since a card holds
    /// secrets.
    pub fn create_file(path: &Path, length: u64) -> Result<Self, DiskError> {
        let owner = Mode::RUSR | Mode::WUSR;
        let made = |flags| {
            let flags = OFlags::RDWR | OFlags::CREATE | OFlags::CLOEXEC | flags;
            rustix::fs::open(path, flags, owner).map(File::from)
        };
        // What several nodes' files take would push all else out of the system's memory.
        let file = match made(OFlags::DIRECT) {
            Err(Errno::INVAL) => made(OFlags::empty()),
            opened => opened,
        };
        let file = file.map_err(|errno| failed(path, errno.into()))?;
        // Not at once when it is opened: only now it is known to be no device.
        if !file
            .metadata()
            .map_err(|error| failed(path, error))?
            .is_file()
        {
            return Err(DiskError::NotAFile {
                path: path.to_owned(),
            });
        }
        rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive)
            .map_err(|errno| unopened(path, errno))?;
        let made = rustix::fs::fchmod(&file, owner)
            .and_then(|()| rustix::fs::ftruncate(&file, 0))
            .and_then(|()| rustix::fs::ftruncate(&file, length));
        made.map_err(|errno| failed(path, errno.into()))?;
        let card = Self::with(path, file, OFlags::RDWR)?;
        Ok(Self {
            grows: true,
            ..card
        })
    }

    /// Whether the system's memory is gone round.
    pub fn is_direct(&self) -> bool {
        self.direct.is_some()
    }

    /// Makes the system forget what it has in memory of this card, so that what is read
    /// next comes from the device. What is written and not synced stays in memory.
    pub fn discard_cache(&self) -> io::Result<()> {
        Ok(rustix::fs::fadvise(
            &self.buffered,
            0,
            None,
            Advice::DontNeed,
        )?)
    }

    /// `first` with a second descriptor beside it if `first` is a direct one.
    fn with(path: &Path, first: File, access: OFlags) -> Result<Self, DiskError> {
        let length = rustix::fs::seek(&first, SeekFrom::End(0));
        let length = length.map_err(|errno| failed(path, errno.into()))?;
        let flags = rustix::fs::fcntl_getfl(&first).map_err(|errno| failed(path, errno.into()))?;
        if !flags.contains(OFlags::DIRECT) {
            return Ok(Self {
                direct: None,
                buffered: first,
                length,
                grows: false,
            });
        }
        let buffered = open(path, access).map_err(|errno| unopened(path, errno))?;
        same(path, &first, &buffered)?;
        Ok(Self {
            direct: Some(first),
            buffered,
            length,
            grows: false,
        })
    }

    /// The descriptor for `bytes` at `offset`.
    fn way(&self, offset: u64, bytes: &[u8]) -> &File {
        let aligned = offset.is_multiple_of(aligned::BLOCK as u64) && Aligned::is(bytes);
        self.direct
            .as_ref()
            .filter(|_| aligned)
            .unwrap_or(&self.buffered)
    }
}

impl Medium for Card {
    fn length(&self) -> u64 {
        self.length
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.way(offset, bytes).write_all_at(bytes, offset)
    }

    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.way(offset, into).read_exact_at(into, offset)
    }

    fn end_at(&mut self, length: u64) -> io::Result<()> {
        if self.grows {
            rustix::fs::ftruncate(&self.buffered, length)?;
            self.length = length;
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        // One is enough for the device, and the buffered one knows what is in memory.
        self.buffered.sync_all()?;
        self.discard_cache()
    }
}

impl ReadAt for Card {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.way(offset, into).read_exact_at(into, offset)
    }
}

fn open(path: &Path, flags: OFlags) -> Result<File, Errno> {
    rustix::fs::open(path, flags | OFlags::CLOEXEC, Mode::empty()).map(File::from)
}

/// Takes what others may do with `file` from them.
fn hide(file: &File) -> io::Result<()> {
    let mode = Mode::from_raw_mode(file.metadata()?.mode());
    let others = Mode::RWXG | Mode::RWXO;
    if mode.intersects(others) {
        rustix::fs::fchmod(file, mode - others)?;
    }
    Ok(())
}

/// Whether what was opened is the disk that was looked at.
fn check(disk: &Disk, opened: &File) -> Result<(), DiskError> {
    let metadata = opened
        .metadata()
        .map_err(|error| failed(&disk.path, error))?;
    if !metadata.file_type().is_block_device() {
        return Err(DiskError::NotADevice {
            given: disk.path.clone(),
        });
    }
    let number = metadata.rdev();
    if (rustix::fs::major(number), rustix::fs::minor(number)) != disk.number {
        return Err(changed(disk, "its number"));
    }
    // A card of the same size may be in the same slot. The kernel counts them, and has
    // looked again when it was opened.
    match &disk.sequence {
        Some((told, seen)) if world::number(told) != Some(*seen) => {
            Err(changed(disk, "another medium is in it"))
        }
        _ => Ok(()),
    }
}

/// A path can lead to something else the second time.
fn same(path: &Path, first: &File, second: &File) -> Result<(), DiskError> {
    let identity = |file: &File| {
        file.metadata()
            .map(|file| (file.dev(), file.ino(), file.rdev()))
    };
    let (first, second) = (identity(first), identity(second));
    match (first, second) {
        (Ok(first), Ok(second)) if first == second => Ok(()),
        (Ok(_), Ok(_)) => Err(DiskError::Changed {
            path: path.to_owned(),
            what: "its node",
        }),
        (Err(error), _) | (_, Err(error)) => Err(failed(path, error)),
    }
}

fn changed(disk: &Disk, what: &'static str) -> DiskError {
    DiskError::Changed {
        path: disk.path.clone(),
        what,
    }
}

fn unopened(path: &Path, errno: Errno) -> DiskError {
    let path: PathBuf = path.to_owned();
    match errno {
        Errno::BUSY | Errno::WOULDBLOCK => DiskError::Busy { path },
        Errno::ACCESS | Errno::PERM => DiskError::Denied { path },
        Errno::NOENT | Errno::NXIO | Errno::NODEV => DiskError::NotThere { given: path },
        Errno::NOMEDIUM => DiskError::Empty { given: path },
        _ => failed(&path, errno.into()),
    }
}

fn failed(path: &Path, source: io::Error) -> DiskError {
    DiskError::Unopened {
        path: path.to_owned(),
        source,
    }
}
