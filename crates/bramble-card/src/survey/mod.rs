//! What an image is made of, and which of its bytes nobody uses: learnt from all of it,
//! or while it goes by in order. Not in here: reading the image, and writing a card.
//!
//! Only what a file system itself says to be free is left out, and only after it was
//! seen to say so. A hole of a sparse file is no such word: a journal or a directory that
//! has to be zero is a hole, too.

mod fat_clusters;
mod piece;
mod ranges;
mod volume;

use std::io;
use std::ops::Range;

use piece::{Begun, Piece};
use ranges::{joined, united, within, without};
pub use volume::{Content, Knowledge, Volume};

use crate::ReadAt;
use crate::bmap::Bmap;
use crate::bytes::place;
use crate::partition::{Partition, PartitionError, Table, TableReader};

/// What is written begins and ends at multiples of this many bytes: what every card can
/// write at once, whatever its sectors are.
pub const BLOCK: u64 = 4096;

/// Free space between used space is written all the same if it is shorter than this, in
/// bytes: a card takes one large write sooner than two, since a command of its own costs
/// it about as much time as 64 KiB more of data.
pub const SMALLEST_GAP: u64 = 64 * 1024;

/// What was learnt may take so many bytes of memory. Bitmaps of 512 GiB in blocks of
/// 4096 bytes do; what does not fit counts as used.
const MOST_MEMORY: usize = 16 * 1024 * 1024;

/// What is known of an image.
#[derive(Debug, Default)]
pub struct Survey {
    table: TableReader,
    table_begun: Begun,
    volumes: Vec<Volume>,
    /// For each volume, what it has got of what it wants.
    begun: Vec<Begun>,
    /// How many partitions were made volumes, or passed over as containers of others.
    listed: usize,
    bmap: Option<Bmap>,
}

impl Survey {
    /// Of an image of which nothing was seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of a whole image.
    pub fn of(image: &impl ReadAt) -> io::Result<Self> {
        let mut survey = Self::new();
        while let Some(wanted) = survey.wants() {
            if wanted.end > image.length() {
                survey.pass_by(wanted.start.saturating_add(1));
                continue;
            }
            let length = place(wanted.end - wanted.start);
            let bytes = image.bytes_at(wanted.start, length)?;
            survey.see(wanted.start, &bytes);
        }
        Ok(survey)
    }

    /// With a block map of the same image. It decides in partitions that hold nothing
    /// which is understood; where a file system is, that knows better.
    #[must_use]
    pub fn with(mut self, bmap: Bmap) -> Self {
        self.bmap = Some(bmap);
        self
    }

    /// The bytes that are to be seen next to know more: the first of them if there are
    /// several, and never more than 1 MiB.
    pub fn wants(&self) -> Option<Range<u64>> {
        let table = self
            .table
            .wants()
            .map(|wanted| self.table_begun.rest(&wanted));
        let volumes = self.volumes.iter().zip(&self.begun);
        let volumes = volumes.filter_map(|(volume, begun)| Some(begun.rest(&volume.wants()?)));
        table
            .into_iter()
            .chain(volumes)
            .min_by_key(|wanted| wanted.start)
    }

    /// Takes what is of use from `bytes`, which lie at `offset` of the image. What comes
    /// later lies further behind, or is what [`wants`](Self::wants) asks for: what is
    /// still wanted from before `offset` is given up.
    pub fn see(&mut self, offset: u64, bytes: &[u8]) {
        self.pass_by(offset);
        let piece = Piece::new(offset, bytes);
        while self.table_learns(piece) || self.volumes_learn(piece) {}
    }

    /// The image has ended: what is still wanted is given up.
    pub fn end(&mut self) {
        self.pass_by(u64::MAX);
    }

    /// The partition table as far as it was seen; none if the image has none.
    pub fn table(&self) -> Option<&Table> {
        self.table.table()
    }

    /// Why there is no table, or not all of it. Everything that it does not tell of
    /// counts as used.
    pub fn table_problem(&self) -> Option<&PartitionError> {
        self.table.problem()
    }

    /// What the partitions hold that were seen by now. An image without a table is one
    /// volume as a whole.
    pub fn volumes(&self) -> &[Volume] {
        &self.volumes
    }

    /// Whether it can be the image of a disk: there is a partition table, be it a damaged
    /// one, or something that is known by its mark.
    pub fn is_of_disk(&self) -> bool {
        let is_known = |volume: &Volume| !matches!(volume.content(), Content::Unknown);
        self.table().is_some()
            || self.table.wants().is_some()
            || self.table_problem().is_some()
            || self.volumes.iter().any(is_known)
    }

    /// Whether nothing more can be learnt.
    pub fn is_complete(&self) -> bool {
        self.wants().is_none()
    }

    /// What of `range` must be written: all that is not known to be free by now, in
    /// order, in multiples of [`BLOCK`] unless `range` itself begins or ends between.
    pub fn used(&self, range: Range<u64>) -> Vec<Range<u64>> {
        // What lies around tells how long a gap at the border is.
        let start = range.start.saturating_sub(SMALLEST_GAP);
        let end = range.end.saturating_add(SMALLEST_GAP);
        let window = start - start % BLOCK..end.checked_next_multiple_of(BLOCK).unwrap_or(end);
        let used = self.used_bytes(&window);
        let widen = |used: Range<u64>| {
            let end = used.end.checked_next_multiple_of(BLOCK).unwrap_or(used.end);
            used.start - used.start % BLOCK..end
        };
        let blocks = used.into_iter().map(widen).collect();
        within(joined(blocks, SMALLEST_GAP), &range)
    }

    /// How many bytes of `range` have to be written at the least: file systems say how much
    /// of them is free before it is seen which blocks these are.
    pub fn least_used(&self, range: Range<u64>) -> u64 {
        let used: u64 = self
            .used(range)
            .iter()
            .map(|used| used.end - used.start)
            .sum();
        let to_be_seen: u64 = self.volumes.iter().map(Volume::free_to_be_seen).sum();
        used.saturating_sub(to_be_seen)
    }

    /// What of `window` is not known to be free. Where volumes overlap, all of them have
    /// to say so.
    fn used_bytes(&self, window: &Range<u64>) -> Vec<Range<u64>> {
        let volumes = self.volumes.iter().map(Volume::range).collect();
        let mut used = without(window, &united(volumes));
        for volume in &self.volumes {
            let own = within(vec![volume.range()], window);
            let free = self.free(volume, window);
            used.extend(own.iter().flat_map(|own| without(own, &free)));
        }
        used.extend(within(self.table.unsettled(), window));
        united(used)
    }

    fn free(&self, volume: &Volume, window: &Range<u64>) -> Vec<Range<u64>> {
        match &self.bmap {
            Some(bmap) if volume.knowledge() == Knowledge::Nothing => bmap.unmapped(window),
            _ => volume.free(window),
        }
    }

    /// Gives up what is still wanted from before `offset`.
    fn pass_by(&mut self, offset: u64) {
        let is_past = |begun: &Begun, wanted: &Range<u64>| begun.rest(wanted).start < offset;
        while let Some(wanted) = self.table.wants() {
            if !is_past(&self.table_begun, &wanted) {
                break;
            }
            self.table_begun.forget();
            self.table.missed();
            self.list_volumes();
        }
        for (volume, begun) in self.volumes.iter_mut().zip(&mut self.begun) {
            while let Some(wanted) = volume.wants() {
                if !is_past(begun, &wanted) {
                    break;
                }
                begun.forget();
                volume.missed();
            }
        }
    }

    fn table_learns(&mut self, piece: Piece<'_>) -> bool {
        let Some(wanted) = self.table.wants() else {
            return false;
        };
        let Some(bytes) = self.table_begun.take(&wanted, piece) else {
            return false;
        };
        self.table.learn(&bytes);
        let listed = self.volumes.len();
        self.list_volumes();
        // A file system without a table begins where one was looked for.
        let seen = Piece::new(wanted.start, &bytes);
        let volumes = self.volumes.iter_mut().zip(&mut self.begun);
        for (volume, begun) in volumes.skip(listed) {
            while volume_learns(volume, begun, seen) {}
        }
        true
    }

    /// Adds a volume for each partition that was not known before, or one for an image
    /// which has no table for certain.
    fn list_volumes(&mut self) {
        let partitions = self.table.table().map(|table| &table.partitions);
        let new = partitions.and_then(|partitions| partitions.get(self.listed..));
        let mut new: Vec<_> = new
            .unwrap_or_default()
            .iter()
            .filter_map(volume_of)
            .collect();
        self.listed = partitions.map_or(0, Vec::len);
        let is_bare =
            partitions.is_none() && self.table.wants().is_none() && self.table.problem().is_none();
        if is_bare {
            new.push(Volume::new(None, 0..u64::MAX));
        }
        self.begun.extend(new.iter().map(|_| Begun::default()));
        self.volumes.extend(new);
    }

    fn volumes_learn(&mut self, piece: Piece<'_>) -> bool {
        let mut memory: usize = self.volumes.iter().map(Volume::memory).sum();
        let mut learnt = false;
        for (volume, begun) in self.volumes.iter_mut().zip(&mut self.begun) {
            memory -= volume.memory();
            let learns = volume_learns(volume, begun, piece);
            learnt |= learns;
            memory += volume.memory();
            if learns && memory > MOST_MEMORY {
                memory -= volume.memory();
                volume.stop();
                memory += volume.memory();
            }
        }
        learnt
    }
}

/// What a partition holds, if that is not only other partitions.
fn volume_of(partition: &Partition) -> Option<Volume> {
    let range = partition.start..partition.end();
    let holds = !partition.kind.is_container() && !range.is_empty();
    holds.then(|| Volume::new(Some(partition.number), range))
}

/// Takes what a volume wants next out of `piece`, if that has the last of it.
fn volume_learns(volume: &mut Volume, begun: &mut Begun, piece: Piece<'_>) -> bool {
    let Some(wanted) = volume.wants() else {
        return false;
    };
    let Some(bytes) = begun.take(&wanted, piece) else {
        return false;
    };
    volume.learn(&bytes);
    // What is wanted next may lie among these, and so before the piece.
    let seen = Piece::new(wanted.start, &bytes);
    while let Some(wanted) = volume.wants()
        && let Some(bytes) = begun.take(&wanted, seen)
    {
        volume.learn(&bytes);
    }
    true
}
