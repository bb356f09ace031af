//! Edits of a FAT file system: each is made as a whole or not at all. Not in here: how
//! changes reach a card.

use super::directory::Directory;
use super::record::{self, OWN, PARENT, Record, SLOT, Slot};
use super::{Fat, FatError, Modified, name, parts, split};
use crate::ReadAt;

/// A file or directory that is put somewhere: where, and what its slot says.
struct Addition<'a> {
    path: &'a str,
    parent: Directory,
    name: &'a str,
    slot: Slot,
}

impl<R: ReadAt> Fat<R> {
    /// Writes the file at `path`, in a directory that exists. One that is there is
    /// replaced: its content goes to clusters that were free, if there are enough.
    pub fn write(
        &mut self,
        path: &str,
        content: &[u8],
        modified: Modified,
    ) -> Result<(), FatError> {
        self.edit(|fat| fat.write_file(path, content, modified))
    }

    /// Makes a directory in one that exists.
    pub fn make_directory(&mut self, path: &str, modified: Modified) -> Result<(), FatError> {
        self.edit(|fat| fat.make_empty(path, modified))
    }

    /// Gives a file or directory another name, in the same or in another directory.
    /// Nothing may have that name.
    pub fn rename(&mut self, from: &str, to: &str) -> Result<(), FatError> {
        self.edit(|fat| fat.move_entry(from, to))
    }

    /// Removes a file or an empty directory, and says whether it was there.
    pub fn remove(&mut self, path: &str) -> Result<bool, FatError> {
        self.edit(|fat| fat.remove_entry(path))
    }

    fn edit<T>(
        &mut self,
        make: impl FnOnce(&mut Self) -> Result<T, FatError>,
    ) -> Result<T, FatError> {
        if !self.examined {
            self.examine()?;
            self.examined = true;
        }
        let before = self.table.count();
        let made = make(self).and_then(|made| {
            self.table.write_count(before)?;
            Ok(made)
        });
        match &made {
            Ok(_) => self.table.keep(),
            Err(_) => self.table.forget(before),
        }
        made
    }

    fn write_file(
        &mut self,
        path: &str,
        content: &[u8],
        modified: Modified,
    ) -> Result<(), FatError> {
        let size = u32::try_from(content.len()).map_err(|_| FatError::Large {
            path: path.to_owned(),
            size: content.len() as u64,
            most: u64::from(u32::MAX),
        })?;
        let (parent, name) = self.parent(path)?;
        match parent.find(name) {
            Some(found) if found.is_directory() => Err(FatError::IsDirectory(path.to_owned())),
            Some(found) => {
                let first = self.replace(found, content, path)?;
                let mut slot = found.slot;
                record::stamp(&mut slot, modified);
                self.put_file(&mut slot, first, size);
                parent.put(&mut self.table, found.slots.end - 1, &[slot])
            }
            None => {
                let slot = record::fresh(false, modified);
                let new = Addition {
                    path,
                    parent,
                    name,
                    slot,
                };
                self.create(new, content, size)
            }
        }
    }

    fn put_file(&self, slot: &mut Slot, clusters: Option<u32>, size: u32) {
        record::begin(slot, clusters.unwrap_or(0), self.geometry().kind);
        record::size(slot, size);
    }

    /// Puts `content` in place of that of a file, and tells its first cluster.
    fn replace(
        &mut self,
        old: &Record,
        content: &[u8],
        path: &str,
    ) -> Result<Option<u32>, FatError> {
        let first = old.cluster(self.geometry().kind);
        let count = self.clusters_for(content.len());
        let clusters = match self.table.find_free(count, path) {
            Ok(clusters) => {
                self.table.link(&clusters)?;
                self.release(first)?;
                clusters
            }
            Err(FatError::Full { .. }) => {
                self.release(first)?;
                let clusters = self.table.find_free(count, path)?;
                self.table.link(&clusters)?;
                clusters
            }
            Err(error) => return Err(error),
        };
        self.table.fill(&clusters, content)?;
        Ok(clusters.first().copied())
    }

    fn create(&mut self, mut new: Addition<'_>, content: &[u8], size: u32) -> Result<(), FatError> {
        let count = self.clusters_for(content.len());
        let clusters = self.enter(&mut new, count, |fat, slot, clusters| {
            fat.put_file(slot, clusters.first().copied(), size);
        })?;
        self.table.fill(&clusters, content)
    }

    fn make_empty(&mut self, path: &str, modified: Modified) -> Result<(), FatError> {
        let (parent, name) = self.parent(path)?;
        let slot = record::fresh(true, modified);
        let above = parent.as_parent();
        let mut new = Addition {
            path,
            parent,
            name,
            slot,
        };
        let kind = self.geometry().kind;
        let clusters = self.enter(&mut new, 1, |_, slot, clusters| {
            record::begin(slot, clusters.first().copied().unwrap_or(0), kind);
        })?;
        let mut content = Vec::new();
        let own = clusters.first().copied().unwrap_or(0);
        for (dots, cluster) in [(OWN, own), (PARENT, above)] {
            let mut slot = record::fresh(true, modified);
            record::call(&mut slot, &dots, 0);
            record::begin(&mut slot, cluster, kind);
            content.extend(slot);
        }
        self.table.fill(&clusters, &content)
    }

    /// Puts a new entry in its directory, together with `count` new clusters for what it
    /// holds; `begin` sets these in its slot.
    fn enter(
        &mut self,
        new: &mut Addition<'_>,
        count: u64,
        begin: impl FnOnce(&Self, &mut Slot, &[u32]),
    ) -> Result<Vec<u32>, FatError> {
        if new.parent.find(new.name).is_some() {
            return Err(FatError::Exists(new.path.to_owned()));
        }
        let naming = new.parent.naming(new.name);
        let mut slots = record::pieces(&naming.long, &naming.short);
        let full = || FatError::DirectoryFull(new.path.to_owned());
        let start = new.parent.room(slots.len() + 1).ok_or_else(full)?;
        let lacking = new.parent.lacks(start + slots.len() + 1) * SLOT;
        let growth = self.clusters_for(lacking);
        let mut growth_first = self.table.find_free(growth + count, new.path)?;
        // Proof: as many were found as were asked for.
        let clusters = growth_first.split_off(growth as usize);
        self.grow(&mut new.parent, &growth_first)?;
        self.table.link(&clusters)?;
        record::call(&mut new.slot, &naming.short, naming.cases);
        begin(self, &mut new.slot, &clusters);
        slots.push(new.slot);
        new.parent.put(&mut self.table, start, &slots)?;
        Ok(clusters)
    }

    fn grow(&mut self, directory: &mut Directory, clusters: &[u32]) -> Result<(), FatError> {
        if let (Some(last), Some(first)) = (directory.clusters.last(), clusters.first()) {
            self.table.append(*last, *first)?;
        }
        self.table.link(clusters)?;
        self.table.fill(clusters, &[])?;
        directory.grow(clusters, self.geometry().cluster);
        Ok(())
    }

    fn move_entry(&mut self, from: &str, to: &str) -> Result<(), FatError> {
        let (source, name) = self.parent(from)?;
        let absent = || FatError::Absent(from.to_owned());
        let old = source.find(name).ok_or_else(absent)?;
        if old.is_directory() && is_within(to, from) {
            return Err(FatError::IntoItself(from.to_owned()));
        }
        source.erase(&mut self.table, old)?;
        // Read after that, so that a name can change its case, and nothing moves into
        // itself by whatever other name.
        let (parent, name) = self.parent(to)?;
        let above = parent.as_parent();
        let slot = old.slot;
        let mut new = Addition {
            path: to,
            parent,
            name,
            slot,
        };
        self.enter(&mut new, 0, |_, _, _| {})?;
        if old.is_directory() && source.as_parent() != above {
            self.lead_back(old, above)?;
        }
        Ok(())
    }

    /// Lets a directory know the cluster of its new parent.
    fn lead_back(&mut self, moved: &Record, above: u32) -> Result<(), FatError> {
        let directory = Directory::of(&self.table, moved)?;
        let is_parent = |record: &&Record| record.short() == PARENT;
        if let Some(parent) = directory.records.iter().find(is_parent) {
            let mut slot = parent.slot;
            record::begin(&mut slot, above, self.geometry().kind);
            directory.put(&mut self.table, parent.slots.start, &[slot])?;
        }
        Ok(())
    }

    fn remove_entry(&mut self, path: &str) -> Result<bool, FatError> {
        let (parent, name) = self.parent(path)?;
        let Some(found) = parent.find(name) else {
            return Ok(false);
        };
        if found.is_directory() && Directory::of(&self.table, found)?.named().next().is_some() {
            return Err(FatError::NotEmpty(path.to_owned()));
        }
        parent.erase(&mut self.table, found)?;
        self.release(found.cluster(self.geometry().kind))?;
        Ok(true)
    }

    /// The directory in which `path` is or will be, and its name there.
    fn parent<'a>(&self, path: &'a str) -> Result<(Directory, &'a str), FatError> {
        let (parent, name) = split(path);
        name::check(name)?;
        Ok((self.directory(parent)?, name))
    }

    /// Frees the clusters of something, if it has any.
    fn release(&mut self, first: u32) -> Result<(), FatError> {
        if first == 0 {
            return Ok(());
        }
        self.table.release(first)
    }

    fn clusters_for(&self, bytes: usize) -> u64 {
        (bytes as u64).div_ceil(u64::from(self.geometry().cluster))
    }
}

/// Whether a path leads into or to another, by the same names.
fn is_within(path: &str, directory: &str) -> bool {
    let mut path = parts(path).map(name::fold);
    let mut directory = parts(directory).map(name::fold);
    let leads = directory.by_ref().all(|part| path.next() == Some(part));
    leads && path.next().is_some()
}
