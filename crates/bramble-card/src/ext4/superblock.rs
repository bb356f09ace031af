//! What an ext file system says of itself. Not in here: its groups' descriptors
//! (`group`), and whether what it says of its blocks can be trusted after all.
//!
//! Fields and bits as in the kernel's `Documentation/filesystems/ext4/super.rst`.

use std::ops::Range;

use super::Ext4Error;
use crate::ReadAt;
use crate::bytes::place;
use crate::raw::{crc16, crc32c, field, le16, le32};

/// Where the superblock lies in a volume, in bytes.
pub(crate) const PLACE: Range<u64> = 1024..2048;

/// Features, each with its bit in the field of its kind.
mod feature {
    pub(super) const COMPAT_RESIZE_INODE: u32 = 0x10;
    pub(super) const COMPAT_SPARSE_SUPER2: u32 = 0x200;
    pub(super) const INCOMPAT_RECOVER: u32 = 0x4;
    pub(super) const INCOMPAT_META_BG: u32 = 0x10;
    pub(super) const INCOMPAT_64BIT: u32 = 0x80;
    pub(super) const INCOMPAT_CSUM_SEED: u32 = 0x2000;
    /// File types in directories, recovery, meta groups, extents, 64 bits, multiple mount
    /// protection, flexible groups, attributes in inodes, own seed, large directories,
    /// inline data, encryption, case folding: none of them changes what a bitmap means.
    pub(super) const INCOMPAT_KNOWN: u32 = 0x2
        | INCOMPAT_RECOVER
        | INCOMPAT_META_BG
        | 0x40
        | INCOMPAT_64BIT
        | 0x100
        | 0x200
        | 0x400
        | INCOMPAT_CSUM_SEED
        | 0x4000
        | 0x8000
        | 0x1_0000
        | 0x2_0000;
    pub(super) const RO_SPARSE_SUPER: u32 = 0x1;
    pub(super) const RO_GDT_CSUM: u32 = 0x10;
    pub(super) const RO_METADATA_CSUM: u32 = 0x400;
    pub(super) const RO_ORPHAN_PRESENT: u32 = 0x1_0000;
    /// Sparse copies, large files, tree directories, huge files, check values, many
    /// links, larger inodes, quotas, read only, projects, verity. Clusters of blocks
    /// (0x200) and shared blocks (0x4000) give bitmaps another meaning.
    pub(super) const RO_KNOWN: u32 = RO_SPARSE_SUPER
        | 0x2
        | 0x4
        | 0x8
        | RO_GDT_CSUM
        | 0x20
        | 0x40
        | 0x100
        | RO_METADATA_CSUM
        | 0x1000
        | 0x2000
        | 0x8000
        | RO_ORPHAN_PRESENT;
}

/// The file system was unmounted properly.
const STATE_CLEAN: u16 = 1;
/// The kernel found errors in it.
const STATE_ERRORS: u16 = 2;

/// How group descriptors are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// Not at all.
    None,
    /// By CRC-16 of the descriptor, which goes on from this.
    Crc16(u16),
    /// By CRC-32C of the descriptor and of the bitmaps, which goes on from this.
    Crc32c(u32),
}

/// Which groups have a copy of the superblock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copies {
    All,
    Powers,
    These([u32; 2]),
}

/// A superblock in which the sizes fit each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Superblock {
    /// The size of a block in bytes: 1024 to 65536.
    pub block_size: u32,
    /// How many blocks the file system has.
    pub blocks: u64,
    /// How many of them are free by its own count.
    pub free_blocks: u64,
    /// Its label; empty if it has none.
    pub label: String,
    /// What it is found by.
    pub uuid: [u8; 16],
    /// The first block that belongs to a group.
    pub(super) first_block: u64,
    pub(super) blocks_per_group: u32,
    pub(super) inodes_per_group: u32,
    /// In bytes.
    pub(super) inode_size: u32,
    /// In bytes.
    pub(super) descriptor_size: u32,
    pub(super) groups: u32,
    pub(super) check: Check,
    /// Blocks after the descriptors which are kept for more of them.
    pub(super) reserved: u32,
    /// The first group of descriptors that lies among the groups it describes.
    pub(super) first_meta_group: Option<u32>,
    copies: Copies,
    not_clean: Option<&'static str>,
}

impl Superblock {
    /// That of `volume`.
    pub fn read(volume: &impl ReadAt) -> Result<Self, Ext4Error> {
        let at = PLACE.start;
        if volume.length() < PLACE.end {
            return Err(Ext4Error::None);
        }
        let bytes = volume.bytes_at(at, place(PLACE.end - at));
        Self::parse(&bytes.map_err(|error| Ext4Error::Read { at, error })?)
    }

    /// That of the bytes at [`PLACE`].
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Ext4Error> {
        if le16(bytes, 0x38) != 0xEF53 {
            return Err(Ext4Error::None);
        }
        check_features(bytes)?;
        let check = check_of(bytes)?;
        let sizes = Sizes::parse(bytes)?;
        let meta_bg = le32(bytes, 0x60) & feature::INCOMPAT_META_BG != 0;
        let resize = le32(bytes, 0x5C) & feature::COMPAT_RESIZE_INODE != 0;
        Ok(Self {
            block_size: sizes.block_size,
            blocks: sizes.blocks,
            free_blocks: sizes.free_blocks,
            label: label(bytes),
            uuid: field(bytes, 0x68),
            first_block: sizes.first_block,
            blocks_per_group: sizes.blocks_per_group,
            inodes_per_group: sizes.inodes_per_group,
            inode_size: sizes.inode_size,
            descriptor_size: sizes.descriptor_size,
            groups: sizes.groups,
            check,
            reserved: if resize {
                u32::from(le16(bytes, 0xCE))
            } else {
                0
            },
            first_meta_group: meta_bg.then(|| le32(bytes, 0x104)),
            copies: copies(bytes),
            not_clean: not_clean(bytes),
        })
    }

    /// What the file system is found by (`UUID=`), as it is usually written.
    pub fn uuid_text(&self) -> String {
        let number = format!("{:032x}", u128::from_be_bytes(self.uuid));
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
        parts
            .map(|part| number.get(part).unwrap_or_default())
            .join("-")
    }

    /// Why what it says of its blocks may be wrong, if it may.
    pub fn not_clean(&self) -> Option<&'static str> {
        self.not_clean
    }

    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        // Proof: `Sizes` has multiplied them before.
        self.blocks.saturating_mul(u64::from(self.block_size))
    }

    /// Whether `group` begins with a copy of the superblock.
    pub(super) fn has_copy(&self, group: u32) -> bool {
        let is_power = |base: u32| {
            let mut power = base;
            while power < group {
                power = power.saturating_mul(base);
            }
            power == group
        };
        match (group, self.copies) {
            (0, _) | (_, Copies::All) | (1, Copies::Powers) => true,
            (group, Copies::These(groups)) => groups.contains(&group),
            (_, Copies::Powers) => [3, 5, 7].into_iter().any(is_power),
        }
    }
}

/// The numbers that have to fit each other.
struct Sizes {
    block_size: u32,
    blocks: u64,
    free_blocks: u64,
    first_block: u64,
    blocks_per_group: u32,
    inodes_per_group: u32,
    inode_size: u32,
    descriptor_size: u32,
    groups: u32,
}

impl Sizes {
    fn parse(bytes: &[u8]) -> Result<Self, Ext4Error> {
        let is_64_bit = le32(bytes, 0x60) & feature::INCOMPAT_64BIT != 0;
        let old = le32(bytes, 0x4C) == 0;
        let shift = le32(bytes, 0x18);
        if shift > 6 {
            return Err(damaged(0x18, "its blocks have no usual size"));
        }
        let block_size = 1024_u32 << shift;
        let count = |low: usize, high: usize| {
            let high = if is_64_bit { le32(bytes, high) } else { 0 };
            u64::from(high) << 32 | u64::from(le32(bytes, low))
        };
        let blocks = count(4, 0x150);
        let first_block = u64::from(le32(bytes, 0x14));
        let blocks_per_group = le32(bytes, 0x20);
        if first_block != u64::from(block_size == 1024) || blocks <= first_block {
            return Err(damaged(0x14, "its first block is not the usual one"));
        }
        if blocks_per_group == 0
            || !blocks_per_group.is_multiple_of(8)
            || blocks_per_group / 8 > block_size
        {
            return Err(damaged(0x20, "its groups have no usual size"));
        }
        if blocks.checked_mul(u64::from(block_size)).is_none() {
            return Err(Ext4Error::TooLarge);
        }
        let groups = (blocks - first_block).div_ceil(u64::from(blocks_per_group));
        let sizes = Self {
            block_size,
            blocks,
            free_blocks: count(0x0C, 0x158).min(blocks),
            first_block,
            blocks_per_group,
            inodes_per_group: le32(bytes, 0x28),
            inode_size: if old {
                128
            } else {
                u32::from(le16(bytes, 0x58))
            },
            descriptor_size: if is_64_bit {
                u32::from(le16(bytes, 0xFE))
            } else {
                32
            },
            groups: u32::try_from(groups).map_err(|_| Ext4Error::TooLarge)?,
        };
        sizes.check()?;
        Ok(sizes)
    }

    fn check(&self) -> Result<(), Ext4Error> {
        let fits = |size: u32, least: u32| {
            size.is_power_of_two() && (least..=self.block_size).contains(&size)
        };
        if !fits(self.inode_size, 128) {
            return Err(damaged(0x58, "its inodes have no usual size"));
        }
        if !fits(self.descriptor_size, 32) || self.descriptor_size > 1024 {
            return Err(damaged(0xFE, "its group descriptors have no usual size"));
        }
        if self.inodes_per_group == 0 || self.inodes_per_group / 8 > self.block_size {
            return Err(damaged(0x28, "its groups have no usual number of inodes"));
        }
        Ok(())
    }
}

fn check_features(bytes: &[u8]) -> Result<(), Ext4Error> {
    let incompatible = le32(bytes, 0x60) & !feature::INCOMPAT_KNOWN;
    let read_only = le32(bytes, 0x64) & !feature::RO_KNOWN;
    match (incompatible, read_only) {
        (0, 0) => Ok(()),
        (0, bits) | (bits, _) => Err(Ext4Error::Features { bits }),
    }
}

/// How descriptors are checked, after checking the superblock in the same way.
fn check_of(bytes: &[u8]) -> Result<Check, Ext4Error> {
    let has = |bit| le32(bytes, 0x64) & bit != 0;
    let uuid: [u8; 16] = field(bytes, 0x68);
    if has(feature::RO_METADATA_CSUM) {
        let covered = bytes.get(..0x3FC).unwrap_or_default();
        if crc32c(!0, covered) != le32(bytes, 0x3FC) {
            return Err(damaged(
                0x3FC,
                "the check value of its superblock is another",
            ));
        }
        let own_seed = le32(bytes, 0x60) & feature::INCOMPAT_CSUM_SEED != 0;
        let seed = if own_seed {
            le32(bytes, 0x270)
        } else {
            crc32c(!0, &uuid)
        };
        return Ok(Check::Crc32c(seed));
    }
    Ok(if has(feature::RO_GDT_CSUM) {
        Check::Crc16(crc16(!0, &uuid))
    } else {
        Check::None
    })
}

fn copies(bytes: &[u8]) -> Copies {
    if le32(bytes, 0x5C) & feature::COMPAT_SPARSE_SUPER2 != 0 {
        Copies::These([le32(bytes, 0x24C), le32(bytes, 0x250)])
    } else if le32(bytes, 0x64) & feature::RO_SPARSE_SUPER != 0 {
        Copies::Powers
    } else {
        Copies::All
    }
}

fn not_clean(bytes: &[u8]) -> Option<&'static str> {
    let state = le16(bytes, 0x3A);
    if le32(bytes, 0x60) & feature::INCOMPAT_RECOVER != 0 {
        Some("has a journal that was not carried out")
    } else if state & STATE_ERRORS != 0 {
        Some("has errors that were not repaired")
    } else if state & STATE_CLEAN == 0 {
        Some("was not unmounted")
    } else if le32(bytes, 0x64) & feature::RO_ORPHAN_PRESENT != 0 || le32(bytes, 0xE8) != 0 {
        Some("has files that were being deleted")
    } else {
        None
    }
}

fn label(bytes: &[u8]) -> String {
    let label: [u8; 16] = field(bytes, 0x78);
    let end = label.iter().position(|byte| *byte == 0).unwrap_or(16);
    String::from_utf8_lossy(&label[..end]).into_owned()
}

fn damaged(offset: u64, what: &'static str) -> Ext4Error {
    let at = PLACE.start + offset;
    Ext4Error::Damaged { at, what }
}
