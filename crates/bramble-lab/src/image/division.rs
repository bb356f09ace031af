//! How an image is divided, as Raspberry Pi OS is: an MBR, a boot partition at 8 MiB,
//! the root after it. Not in here: reading the tables of images (`bramble_card`).
//!
//! Figures: pi-gen, `export-image/prerun.sh`.

use bramble_cluster::unit::Capacity;

use crate::LabError;

/// In bytes; tables count in sectors.
pub(super) const SECTOR: u64 = 512;

const MIB: u64 = 1 << 20;

/// Both partitions begin at a multiple of it, whatever a card erases at once.
const BOOT_START: u64 = 8 * MIB;
const BOOT_LENGTH: u64 = 512 * MIB;

/// What a root has beyond its content: a fifth of it, and a constant.
const ROOT_SPARE: u64 = 200 * MIB;

/// Files and directories have an inode each, of which `mke2fs` makes one for so many
/// bytes (`mke2fs.conf`).
const BYTES_AN_INODE: u64 = 16 * 1024;

/// The partitions of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Division {
    /// Bytes of the whole.
    pub(super) length: u64,
    pub(super) boot: Part,
    pub(super) root: Part,
}

/// One partition, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) start: u64,
    pub(super) length: u64,
}

/// What the root is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Content {
    /// In whole blocks.
    pub(super) bytes: u64,
    /// Files, directories and all else that has a name.
    pub(super) inodes: u64,
}

impl Division {
    /// The image of the size that was wished for, or of the least that will do.
    pub(super) fn of(size: Option<Capacity>, content: Content) -> Result<Self, LabError> {
        let least = BOOT_START + BOOT_LENGTH + least_root(content);
        let length = match size {
            None => least,
            Some(size) if size.bytes() / MIB * MIB >= least => size.bytes() / MIB * MIB,
            Some(size) => {
                return Err(LabError::ImageTooSmall {
                    given: size.bytes() / 1_000_000,
                    needed: least.div_ceil(1_000_000),
                });
            }
        };
        let boot = Part {
            start: BOOT_START,
            length: BOOT_LENGTH,
        };
        let start = boot.start + boot.length;
        let root = Part {
            start,
            length: length - start,
        };
        Ok(Self { length, boot, root })
    }

    /// The first sector.
    pub(super) fn table(&self, disk_id: u32) -> Result<[u8; 512], LabError> {
        const FAT32: u8 = 0x0c;
        const LINUX: u8 = 0x83;
        let mut sector = [0; 512];
        sector[440..444].copy_from_slice(&disk_id.to_le_bytes());
        sector[446..462].copy_from_slice(&self.boot.entry(FAT32)?);
        sector[462..478].copy_from_slice(&self.root.entry(LINUX)?);
        sector[510..].copy_from_slice(&[0x55, 0xaa]);
        Ok(sector)
    }
}

impl Part {
    /// Its line in the table. Cylinders, heads and sectors are of the past: the highest
    /// there are mean that they do not tell the place.
    fn entry(self, kind: u8) -> Result<[u8; 16], LabError> {
        let sectors = |bytes: u64| {
            u32::try_from(bytes / SECTOR).map_err(|_| LabError::ImageTooLarge {
                most: (u64::from(u32::MAX) * SECTOR) / 1_000_000,
            })
        };
        let mut entry = [
            0, 0xfe, 0xff, 0xff, kind, 0xfe, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0,
        ];
        entry[8..12].copy_from_slice(&sectors(self.start)?.to_le_bytes());
        entry[12..].copy_from_slice(&sectors(self.length)?.to_le_bytes());
        Ok(entry)
    }
}

fn least_root(content: Content) -> u64 {
    let by_bytes = content.bytes + content.bytes / 5 + ROOT_SPARE;
    let by_inodes = content.inodes * BYTES_AN_INODE * 11 / 10;
    by_bytes.max(by_inodes).next_multiple_of(BOOT_START)
}

/// A disk's id as the parts of it are named: in small letters.
pub(super) fn digits(disk_id: u32) -> String {
    format!("{disk_id:08x}")
}

#[cfg(test)]
mod tests {
    use bramble_card::partition::{Kind, Scheme, Table};

    use super::*;

    const CONTENT: Content = Content {
        bytes: 900 * MIB,
        inodes: 30_000,
    };

    #[test]
    fn the_least_image_has_room_for_its_content_and_its_inodes() {
        let division = Division::of(None, CONTENT).unwrap();
        assert_eq!(division.root.length, 1280 * MIB);
        assert_eq!(division.length % BOOT_START, 0);
        let crowded = Content {
            inodes: 200_000,
            ..CONTENT
        };
        let division = Division::of(None, crowded).unwrap();
        assert!(division.root.length / BYTES_AN_INODE > 200_000);
    }

    #[test]
    fn a_size_is_never_exceeded_and_one_that_is_too_small_is_refused() {
        let size = "3GB".parse().unwrap();
        let division = Division::of(Some(size), CONTENT).unwrap();
        assert_eq!(division.length, 3_000_000_000 / MIB * MIB);
        assert_eq!(division.root.start + division.root.length, division.length);
        let refused = Division::of(Some("1GB".parse().unwrap()), CONTENT);
        assert!(matches!(
            refused,
            Err(LabError::ImageTooSmall {
                given: 1000,
                needed: 1888
            })
        ));
        let vast = Division::of(Some("3TB".parse().unwrap()), CONTENT).unwrap();
        assert!(matches!(
            vast.table(1),
            Err(LabError::ImageTooLarge { most: 2_199_023 })
        ));
    }

    #[test]
    fn the_table_is_read_as_it_was_meant() {
        let division = Division::of(None, CONTENT).unwrap();
        let sector = division.table(0x00ab_cdef).unwrap();
        let table = Table::read(&&sector[..]).unwrap().unwrap();
        assert_eq!(
            table.scheme,
            Scheme::Mbr {
                disk_id: 0x00ab_cdef
            }
        );
        let found: Vec<_> = table
            .partitions
            .iter()
            .map(|part| (part.start, part.length, part.kind))
            .collect();
        let expected = [
            (8 * MIB, 512 * MIB, Kind::Mbr(0x0c)),
            (520 * MIB, division.root.length, Kind::Mbr(0x83)),
        ];
        assert_eq!(found, expected);
        assert_eq!(digits(0x00ab_cdef), "00abcdef");
    }
}
