//! What a table says that a partition is for. Not in here: what it really holds.

use std::fmt;

/// What a partition is said to be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A type of an MBR.
    Mbr(u8),
    /// A type of a GUID table, in the order of the bytes on the disk.
    Gpt([u8; 16]),
}

/// Those that are found on boards' cards (UEFI specification, section 5.3, and the
/// Discoverable Partitions Specification).
const GUIDS: &[([u8; 16], &str)] = &[
    (
        guid(0xC12A_7328, 0xF81F, 0x11D2, 0xBA4B_00A0_C93E_C93B),
        "EFI system",
    ),
    (
        guid(0xEBD0_A0A2, 0xB9E5, 0x4433, 0x87C0_68B6_B726_99C7),
        "basic data",
    ),
    (
        guid(0x0FC6_3DAF, 0x8483, 0x4772, 0x8E79_3D69_D847_7DE4),
        "Linux",
    ),
    (
        guid(0x0657_FD6D, 0xA4AB, 0x43C4, 0x84E5_0933_C84B_4F4F),
        "Linux swap",
    ),
    (
        guid(0xB921_B045, 0x1DF0, 0x41C3, 0xAF44_4C6F_280D_3FAE),
        "Linux root (arm64)",
    ),
    (
        guid(0xBC13_C2FF, 0x59E6, 0x4262, 0xA352_B275_FD6F_7172),
        "Linux boot",
    ),
    (
        guid(0x2168_6148, 0x6449, 0x6E6F, 0x744E_6565_6445_4649),
        "BIOS boot",
    ),
];

impl Kind {
    /// Whether it has no content of its own but logical partitions.
    pub fn is_container(self) -> bool {
        matches!(self, Self::Mbr(0x05 | 0x0F | 0x85))
    }

    /// What is usually called so, if it is usual.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Mbr(kind) => mbr_name(kind),
            Self::Gpt(kind) => GUIDS
                .iter()
                .find(|(guid, _)| *guid == kind)
                .map(|(_, name)| *name),
        }
    }
}

fn mbr_name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        0x01 => "FAT12",
        0x04 | 0x06 | 0x0E => "FAT16",
        0x05 | 0x0F | 0x85 => "extended",
        0x07 => "NTFS or exFAT",
        0x0B | 0x0C => "FAT32",
        0x82 => "Linux swap",
        0x83 => "Linux",
        0x8E => "Linux LVM",
        0xEF => "EFI system",
        0xFD => "Linux RAID",
        _ => return None,
    })
}

/// Shows what is usual by its name, and all else as a table has it.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.name(), self) {
            (Some(name), _) => f.write_str(name),
            (None, Self::Mbr(kind)) => write!(f, "type {kind:#04x}"),
            (None, Self::Gpt(kind)) => write!(
                f,
                "type {:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
                crate::raw::le32(kind, 0),
                crate::raw::le16(kind, 4),
                crate::raw::le16(kind, 6),
                u16::from_be_bytes(crate::raw::field(kind, 8)),
                u64::from_be_bytes(crate::raw::field(kind, 8)) & 0xFFFF_FFFF_FFFF,
            ),
        }
    }
}

/// A GUID as the disk has it: its first three numbers lowest byte first.
const fn guid(a: u32, b: u16, c: u16, d: u64) -> [u8; 16] {
    let (a, b, c, d) = (
        a.to_le_bytes(),
        b.to_le_bytes(),
        c.to_le_bytes(),
        d.to_be_bytes(),
    );
    [
        a[0], a[1], a[2], a[3], b[0], b[1], c[0], c[1], d[0], d[1], d[2], d[3], d[4], d[5], d[6],
        d[7],
    ]
}
