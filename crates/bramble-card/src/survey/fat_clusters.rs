//! Which clusters of a FAT file system nobody uses, learnt piece by piece from its
//! allocation tables. Not in here: where the pieces come from, and files (`fat`).

use std::ops::Range;

use crate::bytes::place;
use crate::fat::{Geometry, Kind};
use crate::raw::{clear_runs, field, small};

/// How many entries are looked at at once: an even number, so that FAT12's pairs of them
/// stay together. 64 KiB at most.
const PIECE: u32 = 16 * 1024;

/// Learns which clusters are free from the pieces that it asks for.
#[derive(Debug)]
pub(super) struct FatReader {
    geometry: Geometry,
    /// Which copy of the table is looked at next, and from which cluster on.
    next: Option<(u8, u32)>,
    /// A bit a cluster, from the first one on; 0 if all copies seen so far say that it
    /// is free.
    used: Vec<u8>,
    complete: bool,
}

impl FatReader {
    pub(super) fn new(geometry: Geometry) -> Self {
        Self {
            geometry,
            next: Some((0, 2)),
            used: Vec::new(),
            complete: false,
        }
    }

    /// The bytes that are to be seen next.
    pub(super) fn wants(&self) -> Option<Range<u64>> {
        let (copy, first) = self.next?;
        let table = &self.geometry.table;
        let skipped = u64::from(copy) * (table.end - table.start);
        let last = self.piece_end(first) - 1;
        let end = match self.geometry.kind {
            Kind::Fat12 | Kind::Fat16 => self.geometry.entry_offset(last) + 2,
            Kind::Fat32 => self.geometry.entry_offset(last) + 4,
        };
        Some(skipped + self.geometry.entry_offset(first)..skipped + end)
    }

    /// Takes the bytes that were wanted.
    pub(super) fn learn(&mut self, bytes: &[u8]) {
        let Some((copy, first)) = self.next else {
            return;
        };
        let end = self.piece_end(first);
        let start = self.geometry.entry_offset(first);
        for number in first..end {
            let at = place(self.geometry.entry_offset(number) - start);
            let entry = self.geometry.entry(number, entry_bytes(bytes, at));
            self.note(number - 2, self.geometry.is_free(entry));
        }
        self.next = if end < self.geometry.numbers().end {
            Some((copy, end))
        } else if copy + 1 < self.geometry.tables {
            Some((copy + 1, 2))
        } else {
            self.complete = true;
            None
        };
    }

    /// The bytes that were wanted cannot be had, or nothing more is to be learnt.
    pub(super) fn stop(&mut self) {
        if !self.complete {
            self.next = None;
            self.used = Vec::new();
        }
    }

    /// Whether all copies of the table were seen.
    pub(super) fn is_known(&self) -> bool {
        self.complete
    }

    /// Adds the bytes among `window` that are known to be free to `into`, in order.
    pub(super) fn free(&self, window: &Range<u64>, into: &mut Vec<Range<u64>>) {
        if !self.complete {
            return;
        }
        let (data, size) = (self.geometry.data, u64::from(self.geometry.cluster));
        let index = |clusters: u64| small(clusters).min(self.geometry.clusters);
        let from = index(window.start.saturating_sub(data) / size);
        let to = index(window.end.saturating_sub(data).div_ceil(size));
        clear_runs(&self.used, from..to, |run| {
            let start = data + u64::from(run.start) * size;
            let end = data + u64::from(run.end) * size;
            into.push(start.max(window.start)..end.min(window.end));
        });
    }

    /// How many bytes of memory are kept for what was learnt.
    pub(super) fn memory(&self) -> usize {
        self.used.len()
    }

    /// The cluster after the last one of the piece that begins with cluster `first`.
    fn piece_end(&self, first: u32) -> u32 {
        self.geometry.numbers().end.min(first + PIECE)
    }

    fn note(&mut self, index: u32, is_free: bool) {
        let at = index as usize / 8;
        if at >= self.used.len() {
            self.used.resize(at + 1, 0);
        }
        self.used[at] |= u8::from(!is_free) << (index % 8);
    }
}

/// Four bytes, the last of which may lie after the piece and then mean nothing.
fn entry_bytes(bytes: &[u8], at: usize) -> [u8; 4] {
    if bytes.len() >= at + 4 {
        return field(bytes, at);
    }
    let [low, high] = field(bytes, at);
    [low, high, 0, 0]
}
