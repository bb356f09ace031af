//! The allocation table: which cluster follows which, and which are free. Not in here:
//! whose clusters these are.

use std::ops::Range;

use super::geometry::le32;
use super::pages::Pages;
use super::{FatError, Geometry, Kind};
use crate::ReadAt;

/// The table of a file system and the clusters that it tells of.
#[derive(Debug, Clone)]
pub(super) struct Table<R> {
    pub(super) geometry: Geometry,
    pub(super) pages: Pages<R>,
    count: Count,
}

/// What the sector with the count of free clusters tells, and what is known without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    /// How many clusters are free, if that is known.
    free: Option<u32>,
    /// The cluster that was last taken; the search for free ones begins after it.
    last: u32,
    /// Where it is written down.
    place: Option<u64>,
}

/// Marks of the sector with the count, at these places in it.
const MARKS: [(usize, u32); 2] = [(0, 0x4161_5252), (484, 0x6141_7272)];
/// Where in it the count of free clusters and the last one taken stand.
const FREE: u64 = 488;
const LAST: u64 = 492;

impl<R: ReadAt> Table<R> {
    pub(super) fn open(geometry: Geometry, pages: Pages<R>) -> Result<Self, FatError> {
        let count = Count::read(&geometry, &pages)?;
        Ok(Self {
            geometry,
            pages,
            count,
        })
    }

    /// How many clusters are free. They are counted if nothing tells.
    pub(super) fn free_clusters(&self) -> Result<u32, FatError> {
        if let Some(free) = self.count.free {
            return Ok(free);
        }
        let mut free = 0;
        for number in self.geometry.numbers() {
            free += u32::from(self.is_free(number)?);
        }
        Ok(free)
    }

    /// The clusters of a file or directory that begins with `first`, one after the other.
    pub(super) fn chain(&self, first: u32) -> Chain<'_, R> {
        Chain {
            table: self,
            next: Some(first),
            turtle: 0,
            steps: 0,
        }
    }

    /// The first `size` bytes of what begins with the cluster `first`.
    pub(super) fn content(&self, first: u32, size: u64) -> Result<Vec<u8>, FatError> {
        let mut content = Vec::new();
        let mut chain = self.chain(first);
        let mut run = 0..0;
        let mut covered = 0;
        while covered < size {
            let missing = || self.broken(first, "a file is longer than its clusters");
            let bytes = self.bytes_of(chain.next().ok_or_else(missing)??)?;
            if bytes.start != run.end {
                self.append_run(&mut content, &run)?;
                run = bytes.start..bytes.start;
            }
            let count = (bytes.end - bytes.start).min(size - covered);
            run.end += count;
            covered += count;
        }
        self.append_run(&mut content, &run)?;
        Ok(content)
    }

    /// Reads bytes that follow each other on the volume at once.
    fn append_run(&self, content: &mut Vec<u8>, run: &Range<u64>) -> Result<(), FatError> {
        let from = content.len();
        // Proof: both ends lie in a file, and these are below 4 GiB.
        content.resize(from + (run.end - run.start) as usize, 0);
        Ok(self.pages.read(run.start, &mut content[from..])?)
    }

    /// Writes `content` to `clusters`, and zeros to the rest of them.
    pub(super) fn fill(&mut self, clusters: &[u32], content: &[u8]) -> Result<(), FatError> {
        let size = self.geometry.cluster as usize;
        for (index, cluster) in clusters.iter().enumerate() {
            let start = self.bytes_of(*cluster)?.start;
            let rest = content.get(index * size..).unwrap_or_default();
            let piece = &rest[..rest.len().min(size)];
            self.pages.put(start, piece)?;
            self.pages
                .put(start + piece.len() as u64, &vec![0; size - piece.len()])?;
        }
        Ok(())
    }

    /// The bytes of a cluster that must be there.
    pub(super) fn bytes_of(&self, cluster: u32) -> Result<Range<u64>, FatError> {
        let outside = || self.broken(cluster, "there is no such cluster");
        self.geometry.cluster_range(cluster).ok_or_else(outside)
    }

    /// Finds `count` free clusters, in the order in which they are to be used. They stay
    /// free until they are linked.
    pub(super) fn find_free(&mut self, count: u64, path: &str) -> Result<Vec<u32>, FatError> {
        let mut found = Vec::new();
        let numbers = self.geometry.numbers();
        let start = self.count.last + 1;
        for number in (start..numbers.end).chain(numbers.start..start.min(numbers.end)) {
            if found.len() as u64 == count {
                break;
            }
            if self.is_free(number)? {
                found.push(number);
            }
        }
        let missing = (count - found.len() as u64) * u64::from(self.geometry.cluster);
        if missing > 0 {
            let path = path.to_owned();
            return Err(FatError::Full { path, missing });
        }
        self.count.last = found.last().copied().unwrap_or(self.count.last);
        Ok(found)
    }

    /// Makes one chain of `clusters`.
    pub(super) fn link(&mut self, clusters: &[u32]) -> Result<(), FatError> {
        let following = clusters.iter().skip(1).copied().chain([END]);
        for (cluster, next) in clusters.iter().zip(following) {
            self.set(*cluster, next)?;
        }
        Ok(())
    }

    /// Lets `cluster`, which is the last of its chain, be followed by `next`.
    pub(super) fn append(&mut self, cluster: u32, next: u32) -> Result<(), FatError> {
        self.set(cluster, next)
    }

    /// Frees a chain.
    pub(super) fn release(&mut self, first: u32) -> Result<(), FatError> {
        let mut next = Some(first);
        while let Some(cluster) = next {
            // A loop comes back to a cluster that is free by then, which is an error.
            next = self.following(cluster)?;
            self.set(cluster, 0)?;
        }
        Ok(())
    }

    /// Writes down how many clusters are free, if that has changed since `before`.
    pub(super) fn write_count(&mut self, before: Count) -> Result<(), FatError> {
        let Some(place) = self.count.place.filter(|_| self.count != before) else {
            return Ok(());
        };
        self.count.free = self
            .count
            .free
            .filter(|free| *free <= self.geometry.clusters);
        let free = self.free_clusters()?;
        self.count.free = Some(free);
        self.pages.put(place + FREE, &free.to_le_bytes())?;
        self.pages
            .put(place + LAST, &self.count.last.to_le_bytes())?;
        Ok(())
    }

    pub(super) fn count(&self) -> Count {
        self.count
    }

    /// Keeps the draft of an edit.
    pub(super) fn keep(&mut self) {
        self.pages.keep();
    }

    /// Makes everything as it was when the count was `before`.
    pub(super) fn forget(&mut self, before: Count) {
        self.pages.forget();
        self.count = before;
    }

    pub(super) fn broken(&self, cluster: u32, problem: &'static str) -> FatError {
        FatError::Chain {
            problem,
            cluster,
            at: self.geometry.entry_offset(cluster),
        }
    }

    fn entry(&self, cluster: u32) -> Result<u32, FatError> {
        let bytes = self.pages.four(self.geometry.entry_offset(cluster))?;
        Ok(self.geometry.entry(cluster, bytes))
    }

    fn is_free(&self, cluster: u32) -> Result<bool, FatError> {
        Ok(self.geometry.is_free(self.entry(cluster)?))
    }

    /// The cluster after `cluster`, which must be in use; none after the last.
    fn following(&self, cluster: u32) -> Result<Option<u32>, FatError> {
        if !self.geometry.numbers().contains(&cluster) {
            return Err(self.broken(cluster, "a chain leads to a cluster that is not there"));
        }
        let entry = self.entry(cluster)?;
        let mask = self.geometry.kind.mask();
        match entry {
            0 => Err(self.broken(cluster, "a chain leads to a free cluster")),
            _ if entry == mask - 8 => Err(self.broken(cluster, "a chain leads to a bad cluster")),
            _ if entry > mask - 8 => Ok(None),
            _ => Ok(Some(entry)),
        }
    }

    /// Writes an entry to all copies of the table, and counts.
    fn set(&mut self, cluster: u32, value: u32) -> Result<(), FatError> {
        let was_free = self.is_free(cluster)?;
        let kind = self.geometry.kind;
        let length = self.geometry.table.end - self.geometry.table.start;
        let shift = if kind == Kind::Fat12 {
            4 * (cluster & 1)
        } else {
            0
        };
        let width = if kind == Kind::Fat32 { 4 } else { 2 };
        for copy in 0..u64::from(self.geometry.tables) {
            let at = self.geometry.entry_offset(cluster) + copy * length;
            let old = u32::from_le_bytes(self.pages.four(at)?);
            let others = old & !(kind.mask() << shift);
            let new = others | (value & kind.mask()) << shift;
            self.pages.put(at, &new.to_le_bytes()[..width])?;
        }
        self.count.moved(was_free, value == 0);
        Ok(())
    }
}

/// The mark of the last cluster of a chain, of which every kind takes its lower bits.
const END: u32 = 0x0fff_ffff;

impl Count {
    fn read<R: ReadAt>(geometry: &Geometry, pages: &Pages<R>) -> Result<Self, FatError> {
        let unknown = Self {
            free: None,
            last: 1,
            place: None,
        };
        let Some(place) = geometry.free_count else {
            return Ok(unknown);
        };
        let mut sector = [0; 512];
        pages.read(place, &mut sector)?;
        if !MARKS.iter().all(|(at, mark)| le32(&sector, *at) == *mark) {
            return Ok(unknown);
        }
        let free = le32(&sector, FREE as usize);
        let last = le32(&sector, LAST as usize);
        Ok(Self {
            free: (free <= geometry.clusters).then_some(free),
            last: if geometry.numbers().contains(&last) {
                last
            } else {
                1
            },
            place: Some(place),
        })
    }

    /// Counts a cluster whose state has changed. A count that cannot be true is given up.
    fn moved(&mut self, was_free: bool, is_free: bool) {
        self.free = match (was_free, is_free) {
            (true, false) => self.free.and_then(|free| free.checked_sub(1)),
            (false, true) => self.free.map(|free| free + 1),
            _ => self.free,
        };
    }
}

/// A walk along a chain, which notices when it goes in a circle.
#[derive(Debug)]
pub(super) struct Chain<'a, R> {
    table: &'a Table<R>,
    next: Option<u32>,
    /// Where the walk was at a step whose number is a power of two: a circle comes by
    /// there again before the number has doubled twice.
    turtle: u32,
    steps: u32,
}

impl<R: ReadAt> Iterator for Chain<'_, R> {
    type Item = Result<u32, FatError>;

    fn next(&mut self) -> Option<Self::Item> {
        let cluster = self.next.take()?;
        if cluster == self.turtle {
            return Some(Err(self.table.broken(cluster, "a chain goes in a circle")));
        }
        self.steps += 1;
        if self.steps.is_power_of_two() {
            self.turtle = cluster;
        }
        match self.table.following(cluster) {
            Ok(next) => {
                self.next = next;
                Some(Ok(cluster))
            }
            Err(error) => Some(Err(error)),
        }
    }
}
