//! A walk through all files and directories, and who owns which bytes. Not in here: what
//! these bytes are.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::directory::Directory;
use super::{Fat, FatError, Root};
use crate::ReadAt;

/// The deepest directories that are walked. Boot partitions have two or three levels.
const DEEPEST: usize = 32;

/// How bytes are called that belong to no file.
const DESCRIPTION: &str = "the first sectors";
const TABLE: &str = "the allocation table";
const ROOT: &str = "the root directory";
const NOBODY: &str = "free space";

impl<R: ReadAt> Fat<R> {
    /// Whom the bytes in any of `ranges` belong to: paths of files, and words for what
    /// is none.
    pub fn owners(&self, ranges: &[Range<u64>]) -> Result<BTreeSet<String>, FatError> {
        let mut unowned = Ranges::of(ranges);
        let mut owners = BTreeSet::new();
        for (name, range) in self.fixed_parts() {
            if unowned.take(&range) {
                owners.insert(name.to_owned());
            }
        }
        self.walk(&mut |path, is_directory, cluster| {
            if unowned.take(&self.table.bytes_of(cluster)?) {
                owners.insert(called(path, is_directory));
            }
            Ok(())
        })?;
        if !unowned.0.is_empty() {
            owners.insert(NOBODY.to_owned());
        }
        Ok(owners)
    }
}

fn called(path: &str, is_directory: bool) -> String {
    match (path, is_directory) {
        ("", _) => ROOT.to_owned(),
        (_, true) => format!("the directory {path}"),
        (_, false) => path.to_owned(),
    }
}

impl<R: ReadAt> Fat<R> {
    /// Checks that every chain ends, that none leads to a free cluster, and that no
    /// cluster belongs to two files.
    pub(super) fn examine(&self) -> Result<(), FatError> {
        self.walk(&mut |_, _, _| Ok(()))
    }

    /// What lies at the same place whatever the files are.
    fn fixed_parts(&self) -> Vec<(&'static str, Range<u64>)> {
        let geometry = self.geometry();
        let table = &geometry.table;
        let copies = u64::from(geometry.tables) * (table.end - table.start);
        let mut parts = vec![
            (DESCRIPTION, 0..table.start),
            (TABLE, table.start..table.start + copies),
        ];
        if let Root::Fixed(place) = &geometry.root {
            parts.push((ROOT, place.clone()));
        }
        parts
    }

    /// Shows `visit` every cluster of every directory and file, with the path and
    /// whether that is a directory.
    fn walk(&self, visit: &mut Visit<'_>) -> Result<(), FatError> {
        let words = self.geometry().clusters as usize / 64 + 1;
        let mut walk = Walk {
            seen: vec![0; words],
            path: String::new(),
            visit,
        };
        self.walk_through(&mut walk, self.root()?, DEEPEST)
    }

    fn walk_through(
        &self,
        walk: &mut Walk<'_, '_>,
        directory: Directory,
        deeper: usize,
    ) -> Result<(), FatError> {
        for cluster in &directory.clusters {
            self.visit(walk, true, *cluster)?;
        }
        let mut below = Vec::new();
        for record in directory.named() {
            let first = record.cluster(self.geometry().kind);
            if record.is_directory() {
                below.push((record.name.clone(), first));
            } else if first != 0 {
                let above = walk.enter(&record.name);
                self.visit_file(walk, first)?;
                walk.path.truncate(above);
            }
        }
        // Directories may be large: only the one that is looked at is in memory.
        drop(directory);
        for (name, first) in below {
            let deeper = deeper.checked_sub(1);
            let deeper =
                deeper.ok_or_else(|| self.table.broken(first, "directories are too deep"))?;
            let above = walk.enter(&name);
            self.walk_through(walk, Directory::at(&self.table, first)?, deeper)?;
            walk.path.truncate(above);
        }
        Ok(())
    }

    fn visit_file(&self, walk: &mut Walk<'_, '_>, first: u32) -> Result<(), FatError> {
        for cluster in self.table.chain(first) {
            self.visit(walk, false, cluster?)?;
        }
        Ok(())
    }

    fn visit(
        &self,
        walk: &mut Walk<'_, '_>,
        is_directory: bool,
        cluster: u32,
    ) -> Result<(), FatError> {
        let index = (cluster - 2) as usize;
        let (word, bit) = (&mut walk.seen[index / 64], 1 << (index % 64));
        if *word & bit != 0 {
            return Err(self.table.broken(cluster, "a cluster belongs to two files"));
        }
        *word |= bit;
        (walk.visit)(&walk.path, is_directory, cluster)
    }
}

type Visit<'a> = dyn FnMut(&str, bool, u32) -> Result<(), FatError> + 'a;

/// Where a walk is, and where it was.
struct Walk<'a, 'b> {
    /// One bit a cluster.
    seen: Vec<u64>,
    path: String,
    visit: &'a mut Visit<'b>,
}

impl Walk<'_, '_> {
    /// Goes on to `name`, and tells how long the path was.
    fn enter(&mut self, name: &str) -> usize {
        let above = self.path.len();
        if above > 0 {
            self.path.push('/');
        }
        self.path.push_str(name);
        above
    }
}

/// Ranges of bytes, which do not overlap: their ends by their starts.
struct Ranges(BTreeMap<u64, u64>);

impl Ranges {
    fn of(ranges: &[Range<u64>]) -> Self {
        let mut all = Self(BTreeMap::new());
        for range in ranges.iter().filter(|range| !range.is_empty()) {
            all.take(range);
            all.0.insert(range.start, range.end);
        }
        all
    }

    /// Takes out what is in `range` too, and tells whether that was anything.
    fn take(&mut self, range: &Range<u64>) -> bool {
        let mut any = false;
        while let Some((start, end)) = self.last_before(range.end).filter(|it| it.1 > range.start) {
            any = true;
            self.0.remove(&start);
            if start < range.start {
                self.0.insert(start, range.start);
            }
            if end > range.end {
                self.0.insert(range.end, end);
            }
        }
        any
    }

    fn last_before(&self, place: u64) -> Option<(u64, u64)> {
        let (start, end) = self.0.range(..place).next_back()?;
        Some((*start, *end))
    }
}
