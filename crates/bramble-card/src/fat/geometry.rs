//! Where the parts of a FAT file system lie, as its first sector tells it. Not in here:
//! what is in these parts.
//!
//! The figures and their places are those of Microsoft's "FAT32 File System
//! Specification" (version 1.03). What kind a file system is, is decided as Linux and
//! dosfstools do it: one without a 16-bit length of the table is FAT32, however small.

use std::ops::Range;

use super::FatError;

/// How many bits an entry of the allocation table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 12 bits; volumes of a few MiB.
    Fat12,
    /// 16 bits.
    Fat16,
    /// 32 bits, of which the upper four mean nothing.
    Fat32,
}

/// Where the root directory is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// In these bytes of the volume, and cannot grow (FAT12 and FAT16).
    Fixed(Range<u64>),
    /// In the clusters from this one on (FAT32).
    Chain(u32),
}

/// The parts of a FAT file system. All offsets are bytes from the start of the volume,
/// and all of them lie within [`Geometry::length`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Geometry {
    /// The kind, which decides how the table is read.
    pub kind: Kind,
    /// Bytes of a sector: 512, 1024, 2048 or 4096.
    pub sector: u32,
    /// Bytes of a cluster: a power of two times the sector.
    pub cluster: u32,
    /// How many clusters there are. They are numbered from 2 on.
    pub clusters: u32,
    /// The first copy of the allocation table. The others follow it.
    pub table: Range<u64>,
    /// How many copies there are, at least one.
    pub tables: u8,
    /// The root directory.
    pub root: Root,
    /// Where the first cluster begins.
    pub data: u64,
    /// How long the file system is, in bytes.
    pub length: u64,
    /// The sector with the count of free clusters (FAT32).
    pub free_count: Option<u64>,
    /// The label in the first sector, padded with spaces, if it has one.
    pub label: Option<[u8; 11]>,
}

/// The most clusters that a kind can number.
const MOST_12: u64 = 4084;
const MOST_16: u64 = 65_524;
const MOST_32: u64 = 0x0fff_fff5;

impl Geometry {
    /// Reads the first 512 bytes of a volume.
    pub fn of(boot: &[u8; 512]) -> Result<Self, FatError> {
        let sizes = Sizes::of(boot)?;
        let clusters = sizes.clusters()?;
        let kind = sizes.kind(clusters)?;
        let table = sizes.reserved..sizes.reserved + sizes.table;
        if (clusters + 2) * kind.bits() > sizes.table * 8 {
            return Err(wrong(
                "the table has fewer entries than there are clusters",
                22,
            ));
        }
        // Proof: at most `MOST_32`.
        let clusters = clusters as u32;
        let (root, free_count) = match kind {
            Kind::Fat32 => (
                Root::Chain(root_cluster(boot, clusters)?),
                sizes.free_count(boot),
            ),
            _ => (Root::Fixed(sizes.root_start()..sizes.data()), None),
        };
        Ok(Self {
            kind,
            // Proof: checked to be at most 4096, and at most 128 of these.
            sector: sizes.sector as u32,
            cluster: sizes.cluster as u32,
            clusters,
            table,
            tables: sizes.tables,
            root,
            data: sizes.data(),
            length: sizes.total,
            free_count,
            label: label(boot, kind),
        })
    }

    /// The numbers of all clusters.
    pub fn numbers(&self) -> Range<u32> {
        2..self.clusters + 2
    }

    /// The bytes of a cluster; none if there is no such cluster.
    pub fn cluster_range(&self, number: u32) -> Option<Range<u64>> {
        let index = number
            .checked_sub(2)
            .filter(|index| *index < self.clusters)?;
        let start = self.data + u64::from(index) * u64::from(self.cluster);
        Some(start..start + u64::from(self.cluster))
    }

    /// Where the entry of a cluster begins in the first copy of the table.
    pub fn entry_offset(&self, number: u32) -> u64 {
        self.table.start + u64::from(number) * self.kind.bits() / 8
    }

    /// The entry of a cluster, of which `bytes` are the four (or, at the end of the
    /// table, fewer, and zeros) from [`Geometry::entry_offset`] on.
    pub fn entry(&self, number: u32, bytes: [u8; 4]) -> u32 {
        let whole = u32::from_le_bytes(bytes);
        match self.kind {
            Kind::Fat12 => (whole >> (4 * (number & 1))) & 0xfff,
            Kind::Fat16 => whole & 0xffff,
            Kind::Fat32 => whole & 0x0fff_ffff,
        }
    }

    /// Whether an entry says that its cluster is free.
    pub fn is_free(&self, entry: u32) -> bool {
        entry & self.kind.mask() == 0
    }
}

impl Kind {
    /// Bits from one entry of the table to the next.
    pub fn bits(self) -> u64 {
        match self {
            Self::Fat12 => 12,
            Self::Fat16 => 16,
            Self::Fat32 => 32,
        }
    }

    /// The bits of an entry that mean something.
    pub(super) fn mask(self) -> u32 {
        match self {
            Self::Fat12 => 0xfff,
            Self::Fat16 => 0xffff,
            Self::Fat32 => 0x0fff_ffff,
        }
    }
}

/// What the first sector tells of sizes, in bytes where it has sectors.
struct Sizes {
    sector: u64,
    cluster: u64,
    reserved: u64,
    tables: u8,
    table: u64,
    /// Whether the length of the table is the one that FAT32 has.
    long: bool,
    root: u64,
    total: u64,
}

impl Sizes {
    fn of(boot: &[u8; 512]) -> Result<Self, FatError> {
        check(
            boot[510..] == [0x55, 0xaa],
            "the mark at the end of the sector is not there",
            510,
        )?;
        let sector = u64::from(le16(boot, 11));
        let size = "the size of a sector is none of 512, 1024, 2048, 4096";
        check(
            (512..=4096).contains(&sector) && sector.is_power_of_two(),
            size,
            11,
        )?;
        let in_cluster = u64::from(boot[13]);
        check(
            in_cluster.is_power_of_two(),
            "sectors of a cluster are no power of two",
            13,
        )?;
        let reserved = u64::from(le16(boot, 14)) * sector;
        check(reserved > 0, "there are no reserved sectors", 14)?;
        check(
            (1..=4).contains(&boot[16]),
            "there are no tables, or more than four",
            16,
        )?;
        let long = le16(boot, 22) == 0;
        Ok(Self {
            sector,
            cluster: in_cluster * sector,
            reserved,
            tables: boot[16],
            table: either(boot, 22, 36) * sector,
            long,
            root: root_size(boot, sector, long)?,
            total: either(boot, 19, 32) * sector,
        })
    }

    fn root_start(&self) -> u64 {
        self.reserved + u64::from(self.tables) * self.table
    }

    fn data(&self) -> u64 {
        self.root_start() + self.root
    }

    fn clusters(&self) -> Result<u64, FatError> {
        check(self.table > 0, "the table has no length", 22)?;
        let room = self.total.saturating_sub(self.data());
        check(
            room >= self.cluster,
            "there is no room for a single cluster",
            19,
        )?;
        Ok(room / self.cluster)
    }

    fn kind(&self, clusters: u64) -> Result<Kind, FatError> {
        let (kind, most) = match (self.long, clusters) {
            (true, _) => (Kind::Fat32, MOST_32),
            (false, ..=MOST_12) => (Kind::Fat12, MOST_12),
            (false, _) => (Kind::Fat16, MOST_16),
        };
        check(
            clusters <= most,
            "there are more clusters than the kind can number",
            19,
        )?;
        Ok(kind)
    }

    /// The place of the sector with the count of free clusters, if there is one among
    /// the reserved ones.
    fn free_count(&self, boot: &[u8; 512]) -> Option<u64> {
        let start = u64::from(le16(boot, 48)) * self.sector;
        (start > 0 && start < self.reserved).then_some(start)
    }
}

/// The size of the root directory that lies before the clusters.
fn root_size(boot: &[u8; 512], sector: u64, long: bool) -> Result<u64, FatError> {
    let size = u64::from(le16(boot, 17)) * 32;
    if long {
        check(
            le16(boot, 42) == 0,
            "its FAT32 is of a version nobody knows",
            42,
        )?;
        check(
            boot[40] & 0x80 == 0,
            "its tables are not kept equal, which nobody makes",
            40,
        )?;
        check(
            size == 0,
            "it has a root directory of FAT16 and a table of FAT32",
            17,
        )?;
    } else {
        let problem = "the root directory fills no whole sectors";
        check(size > 0 && size.is_multiple_of(sector), problem, 17)?;
    }
    Ok(size)
}

fn root_cluster(boot: &[u8; 512], clusters: u32) -> Result<u32, FatError> {
    let first = le32(boot, 44);
    check(
        (2..clusters + 2).contains(&first),
        "the root directory begins nowhere",
        44,
    )?;
    Ok(first)
}

/// The label, which is there if the byte before the number of the volume says so.
fn label(boot: &[u8; 512], kind: Kind) -> Option<[u8; 11]> {
    let start = if kind == Kind::Fat32 { 71 } else { 43 };
    (boot[start - 5] == 0x29).then(|| std::array::from_fn(|index| boot[start + index]))
}

/// The 16-bit figure, or, if that is zero, the 32-bit one.
fn either(boot: &[u8; 512], short: usize, long: usize) -> u64 {
    match le16(boot, short) {
        0 => u64::from(le32(boot, long)),
        figure => u64::from(figure),
    }
}

fn check(holds: bool, problem: &'static str, at: u64) -> Result<(), FatError> {
    if holds {
        Ok(())
    } else {
        Err(wrong(problem, at))
    }
}

fn wrong(problem: &'static str, at: u64) -> FatError {
    FatError::BootSector { problem, at }
}

/// Two bytes at a place that the caller knows to be there.
pub(super) fn le16(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// Four bytes at a place that the caller knows to be there.
pub(super) fn le32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
