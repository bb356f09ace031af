//! A directory: its slots, where they lie, and where there is room for more. Not in
//! here: what a slot means.

use std::collections::BTreeSet;

use super::name::{self, Naming};
use super::record::{self, FREED, Record, SLOT, Slot, UNUSED};
use super::table::Table;
use super::{FatError, Root};
use crate::ReadAt;

/// The most slots that a directory can have: 2 MiB of them.
const MOST: usize = 65_536;

/// A directory as it was when it was read.
#[derive(Debug, Clone)]
pub(super) struct Directory {
    /// All records, also the label and those that lead to itself and its parent.
    pub(super) records: Vec<Record>,
    /// Its clusters; none if it is a root of fixed size.
    pub(super) clusters: Vec<u32>,
    /// Where a root of fixed size begins.
    fixed: u64,
    /// Whether it is the root.
    is_root: bool,
    slots: Vec<Slot>,
}

impl Directory {
    /// The root.
    pub(super) fn root<R: ReadAt>(table: &Table<R>) -> Result<Self, FatError> {
        match &table.geometry.root {
            Root::Chain(first) => Self::chain(table, *first, true),
            Root::Fixed(place) => {
                // Proof: at most 65,535 slots fit into the figure that it comes from.
                let mut bytes = vec![0; (place.end - place.start) as usize];
                table.pages.read(place.start, &mut bytes)?;
                Ok(Self::with(Vec::new(), &bytes, true, place.start))
            }
        }
    }

    /// The directory that `record` leads to.
    pub(super) fn of<R: ReadAt>(table: &Table<R>, record: &Record) -> Result<Self, FatError> {
        Self::at(table, record.cluster(table.geometry.kind))
    }

    /// The directory that begins with a cluster.
    pub(super) fn at<R: ReadAt>(table: &Table<R>, first: u32) -> Result<Self, FatError> {
        Self::chain(table, first, table.geometry.root == Root::Chain(first))
    }

    fn chain<R: ReadAt>(table: &Table<R>, first: u32, is_root: bool) -> Result<Self, FatError> {
        let size = table.geometry.cluster as usize;
        let mut clusters = Vec::new();
        let mut bytes = Vec::new();
        for cluster in table.chain(first) {
            let cluster = cluster?;
            if bytes.len() + size > MOST * SLOT {
                return Err(table.broken(first, "a directory is larger than 2 MiB"));
            }
            let start = bytes.len();
            bytes.resize(start + size, 0);
            table
                .pages
                .read(table.bytes_of(cluster)?.start, &mut bytes[start..])?;
            clusters.push(cluster);
        }
        Ok(Self::with(clusters, &bytes, is_root, 0))
    }

    fn with(clusters: Vec<u32>, bytes: &[u8], is_root: bool, fixed: u64) -> Self {
        let (slots, _) = bytes.as_chunks();
        Self {
            records: record::records(slots),
            clusters,
            fixed,
            is_root,
            slots: slots.to_vec(),
        }
    }

    /// The files and directories in it.
    pub(super) fn named(&self) -> impl Iterator<Item = &Record> {
        self.records
            .iter()
            .filter(|record| !record.is_label() && !record.is_dots())
    }

    /// What is called `name`, in any case, or has it as its short name.
    pub(super) fn find(&self, name: &str) -> Option<&Record> {
        let wanted = name::fold(name);
        let is_called = |record: &&Record| name::fold(&record.name) == wanted;
        let is_short = |record: &&Record| name::fold(&name::of_short(&record.short(), 0)) == wanted;
        self.named()
            .find(is_called)
            .or_else(|| self.named().find(is_short))
    }

    /// How something new is called here.
    pub(super) fn naming(&self, name: &str) -> Naming {
        let taken: BTreeSet<_> = self.records.iter().map(Record::short).collect();
        let known = self
            .named()
            .map(|record| name::fold(&record.name))
            .collect();
        Naming::of(name, &taken, &known)
    }

    /// The cluster by which a directory in this one leads back to it.
    pub(super) fn as_parent(&self) -> u32 {
        let first = self.clusters.first().copied().filter(|_| !self.is_root);
        first.unwrap_or(0)
    }

    /// The first of `count` slots that follow each other and are free. They may go past
    /// the end, and none is told if the directory cannot grow that far.
    pub(super) fn room(&self, count: usize) -> Option<usize> {
        let mut start = 0;
        for (index, slot) in self.slots.iter().enumerate() {
            match slot[0] {
                UNUSED => break,
                FREED => {}
                _ => start = index + 1,
            }
            if index + 1 - start == count {
                return Some(start);
            }
        }
        let most = if self.clusters.is_empty() {
            self.slots.len()
        } else {
            MOST
        };
        (start + count <= most).then_some(start)
    }

    /// How many slots it lacks to have one at every place below `end`.
    pub(super) fn lacks(&self, end: usize) -> usize {
        end.saturating_sub(self.slots.len())
    }

    /// Takes in clusters that were zeroed and linked to the last one.
    pub(super) fn grow(&mut self, clusters: &[u32], cluster: u32) {
        self.clusters.extend(clusters);
        let more = clusters.len() * cluster as usize / SLOT;
        self.slots.resize(self.slots.len() + more, [0; SLOT]);
    }

    /// Writes slots. What was never used and comes after them must look like that.
    pub(super) fn put<R: ReadAt>(
        &self,
        table: &mut Table<R>,
        start: usize,
        slots: &[Slot],
    ) -> Result<(), FatError> {
        for (index, slot) in (start..).zip(slots) {
            let place = self.place(table, index)?;
            table.pages.put(place, slot)?;
        }
        let end = start + slots.len();
        let first_unused = self.slots.iter().position(|slot| slot[0] == UNUSED);
        let is_moved = first_unused.is_some_and(|first| first < end && end < self.slots.len());
        if is_moved {
            let place = self.place(table, end)?;
            table.pages.put(place, &[0; SLOT])?;
        }
        Ok(())
    }

    /// Frees the slots of a record.
    pub(super) fn erase<R: ReadAt>(
        &self,
        table: &mut Table<R>,
        record: &Record,
    ) -> Result<(), FatError> {
        for index in record.slots.clone() {
            let place = self.place(table, index)?;
            table.pages.put(place, &[FREED])?;
        }
        Ok(())
    }

    /// Where a slot lies on the volume.
    fn place<R: ReadAt>(&self, table: &Table<R>, index: usize) -> Result<u64, FatError> {
        let offset = index * SLOT;
        let size = table.geometry.cluster as usize;
        match self.clusters.get(offset / size) {
            Some(cluster) => Ok(table.bytes_of(*cluster)?.start + (offset % size) as u64),
            None => Ok(self.fixed + offset as u64),
        }
    }
}
