//! FAT file systems in user space: reading them, and edits that are kept as changed
//! bytes. Not in here: where a volume lies on a card, and what is put on it.
//!
//! Nothing is ever written to the volume. What an edit changes is kept beside it, and
//! [`Fat::changes`] tells it, so that one image serves many cards.

#![expect(
    clippy::cast_possible_truncation,
    reason = "only figures are cast that were checked, or that an array or a slice bounds"
)]

mod directory;
mod edit;
mod error;
mod geometry;
mod modified;
mod name;
mod pages;
mod record;
mod table;
mod tree;

use crate::ReadAt;

pub use error::FatError;
pub use geometry::{Geometry, Kind, Root};
pub use modified::Modified;

use directory::Directory;
use pages::Pages;
use record::Record;
use table::Table;

/// A FAT12, FAT16 or FAT32 file system on a volume, with the edits made to it so far.
///
/// The first edit looks at all files before it is made. A file system in which a chain of
/// clusters is broken, or shared by two files, is read as far as it goes, and not edited.
#[derive(Debug, Clone)]
pub struct Fat<R> {
    table: Table<R>,
    label: Option<String>,
    newest: Modified,
    /// Whether the tree was walked and no cluster belongs to two files. Before the first
    /// edit: freeing a cluster that is somebody else's too would damage that one.
    examined: bool,
}

/// What a directory tells of one of its files or directories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The long name if there is one, else the short one. It has no slash and no
    /// control character in it.
    pub name: String,
    /// In bytes; 0 for a directory.
    pub size: u64,
    /// Whether it is a directory.
    pub is_directory: bool,
    /// When it was last written.
    pub modified: Modified,
}

impl<R: ReadAt> Fat<R> {
    /// Reads what describes the file system on `volume`, which must be there to its end.
    pub fn open(volume: R) -> Result<Self, FatError> {
        let mut boot = [0; 512];
        volume.read_at(0, &mut boot)?;
        let geometry = Geometry::of(&boot)?;
        if geometry.length > volume.length() {
            return Err(FatError::Short {
                told: geometry.length,
                length: volume.length(),
            });
        }
        let table = Table::open(geometry, Pages::over(volume))?;
        let root = Directory::root(&table)?;
        Ok(Self {
            label: label(&table.geometry, &root),
            newest: newest(&root),
            table,
            examined: false,
        })
    }

    /// Where its parts lie.
    pub fn geometry(&self) -> &Geometry {
        &self.table.geometry
    }

    /// The label in the root directory, else the one in the first sector.
    pub fn label(&self) -> Option<String> {
        self.label.clone()
    }

    /// How many clusters are free, each of [`Geometry::cluster`] bytes.
    pub fn free_clusters(&self) -> Result<u32, FatError> {
        self.table.free_clusters()
    }

    /// What is in a directory, in the order in which it stands there. The root is `""`.
    pub fn list(&self, directory: &str) -> Result<Vec<Entry>, FatError> {
        let found = self.directory(directory)?;
        Ok(found.named().map(Record::entry).collect())
    }

    /// The content of the file at `path`; none if there is nothing. One that is larger
    /// than `most` bytes is not read.
    pub fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, FatError> {
        let Some(record) = self.find(path)? else {
            return Ok(None);
        };
        if record.is_directory() {
            return Err(FatError::IsDirectory(path.to_owned()));
        }
        let size = u64::from(record.size());
        if size > most {
            let path = path.to_owned();
            return Err(FatError::Large { path, size, most });
        }
        self.table
            .content(record.cluster(self.geometry().kind), size)
            .map(Some)
    }

    /// The newest time stamp in the root directory as the volume has it. Files that are
    /// put there get it, so that the same order gives the same bytes whenever it is
    /// carried out.
    pub fn newest(&self) -> Modified {
        self.newest
    }

    /// All bytes in which the file system now differs from its volume, by their offset,
    /// in pieces of 512 at most.
    pub fn changes(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.table.pages.changes()
    }

    fn root(&self) -> Result<Directory, FatError> {
        Directory::root(&self.table)
    }

    /// The directory at `path`.
    fn directory(&self, path: &str) -> Result<Directory, FatError> {
        let mut found = self.root()?;
        for part in parts(path) {
            let absent = || FatError::Absent(path.to_owned());
            let record = found.find(part).ok_or_else(absent)?;
            if !record.is_directory() {
                return Err(FatError::NoDirectory(path.to_owned()));
            }
            found = Directory::of(&self.table, record)?;
        }
        Ok(found)
    }

    /// What is at `path`, if it is not the root.
    fn find(&self, path: &str) -> Result<Option<Record>, FatError> {
        let (parent, name) = split(path);
        match self.directory(parent) {
            Ok(parent) => Ok(parent.find(name).cloned()),
            Err(FatError::Absent(_) | FatError::NoDirectory(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The label, which the first sector has too, though that one is often out of date.
fn label(geometry: &Geometry, root: &Directory) -> Option<String> {
    let in_root = root.records.iter().find(|record| record.is_label());
    let text = match in_root {
        Some(record) => name::characters(&record.short()),
        None => name::characters(&geometry.label.filter(|label| label != b"NO NAME    ")?),
    };
    let text = text.trim_end_matches(' ');
    (!text.is_empty()).then(|| text.to_owned())
}

fn newest(root: &Directory) -> Modified {
    let stamps = root.records.iter().map(Record::modified);
    stamps
        .filter(|stamp| stamp.is_valid())
        .max()
        .unwrap_or_default()
}

/// The names that a path is made of.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// The directory that a path leads to, and the name in it, which is empty for the root.
fn split(path: &str) -> (&str, &str) {
    let path = path.trim_end_matches('/');
    path.rsplit_once('/').unwrap_or(("", path))
}
