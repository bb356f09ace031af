//! What the first blocks of a device say it holds. Not in here: reading them.
//!
//! Only places and magic values that their formats give; names are those that udev's
//! database has (`ID_FS_TYPE`), so that both sources can be compared.

use super::Content;
use super::shown::shown;

/// How many bytes from the start the places below reach: the last is the array of
/// roots in the first label of a ZFS member, which ends at 256 KiB.
pub(super) const HEAD: usize = 256 << 10;

/// How many bytes from the end they reach (RAID of the old kind).
pub(super) const TAIL: usize = 128 << 10;

/// A file system's or member's mark: bytes that stand at a place, and where its label
/// stands, if it has one.
struct Mark {
    name: &'static str,
    at: usize,
    bytes: &'static [u8],
    /// Where from and how many bytes.
    label: Option<(usize, usize)>,
}

/// Members of something larger first: what they hold may look like a file system.
const MARKS: &[Mark] = &[
    mark("linux_raid_member", 0, RAID, Some((32, 32))),
    mark("linux_raid_member", 4096, RAID, Some((4096 + 32, 32))),
    mark("LVM2_member", 0, LVM, None),
    mark("LVM2_member", 512, LVM, None),
    mark("LVM2_member", 1024, LVM, None),
    mark("LVM2_member", 1536, LVM, None),
    mark("crypto_LUKS", 0, b"LUKS\xba\xbe", None),
    mark(
        "bcache",
        4096 + 24,
        b"\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81",
        None,
    ),
    mark(
        "btrfs",
        (64 << 10) + 0x40,
        b"_BHRfS_M",
        Some(((64 << 10) + 0x12b, 256)),
    ),
    mark("xfs", 0, b"XFSB", Some((108, 12))),
    mark("exfat", 3, b"EXFAT   ", None),
    mark("ntfs", 3, b"NTFS    ", None),
    mark("vfat", 82, b"FAT32   ", Some((71, 11))),
    mark("vfat", 54, b"FAT16   ", Some((43, 11))),
    mark("vfat", 54, b"FAT12   ", Some((43, 11))),
    mark(
        "iso9660",
        (32 << 10) + 1,
        b"CD001",
        Some(((32 << 10) + 40, 32)),
    ),
    mark("squashfs", 0, b"hsqs", None),
    mark("f2fs", 1024, b"\x10\x20\xf5\xf2", None),
    mark("swap", (4 << 10) - 10, SWAP, Some((1052, 16))),
    mark("swap", (16 << 10) - 10, SWAP, Some((1052, 16))),
    mark("swap", (64 << 10) - 10, SWAP, Some((1052, 16))),
];

const RAID: &[u8] = b"\xfc\x4e\x2b\xa9";
const LVM: &[u8] = b"LABELONE";
const SWAP: &[u8] = b"SWAPSPACE2";

const fn mark(
    name: &'static str,
    at: usize,
    bytes: &'static [u8],
    label: Option<(usize, usize)>,
) -> Mark {
    Mark {
        name,
        at,
        bytes,
        label,
    }
}

/// What a device holds by its first [`HEAD`] bytes and its last [`TAIL`], or as many as
/// it has. The tail begins at a multiple of 64 KiB of the device.
pub(super) fn read(head: &[u8], tail: &[u8]) -> Content {
    let found = MARKS.iter().find(|mark| has(head, mark.at, mark.bytes));
    match found {
        _ if raid_at_end(tail) => content("linux_raid_member", None),
        _ if zfs(head) => content("zfs_member", None),
        Some(mark) => content(mark.name, mark.label.and_then(|place| label(head, place))),
        None => ext(head).unwrap_or_default(),
    }
}

/// Of the three kinds, by what they need of whoever mounts them: a journal, extents.
fn ext(head: &[u8]) -> Option<Content> {
    const JOURNAL: u32 = 0x4;
    /// Extents, 64 bit, flexible groups: what ext3 does not know.
    const NEW: u32 = 0x40 | 0x80 | 0x200;
    let super_block = head.get(1024..2048)?;
    if !has(super_block, 0x38, b"\x53\xef") {
        return None;
    }
    let has_journal = word(super_block, 0x5c)? & JOURNAL != 0;
    let name = match word(super_block, 0x60)? & NEW != 0 {
        true => "ext4",
        false if has_journal => "ext3",
        false => "ext2",
    };
    Some(content(name, label(super_block, (0x78, 16))))
}

/// Whether one of the roots of a ZFS label is there. They stand at multiples of 1 KiB
/// or more, in the byte order of whoever wrote them.
fn zfs(head: &[u8]) -> bool {
    const MAGIC: u64 = 0x00ba_b10c;
    let roots = head.get(128 << 10..).unwrap_or_default().chunks(1024);
    roots
        .filter_map(<[u8]>::first_chunk)
        .any(|magic| u64::from_le_bytes(*magic) == MAGIC || u64::from_be_bytes(*magic) == MAGIC)
}

/// RAID of the versions 0.90 (at a multiple of 64 KiB, at least 64 KiB before the end)
/// and 1.0 (8 KiB before the end, at a multiple of 4 KiB).
fn raid_at_end(tail: &[u8]) -> bool {
    let old = tail
        .len()
        .checked_sub(64 << 10)
        .map(|at| at - at % (64 << 10));
    let new = tail
        .len()
        .checked_sub(8 << 10)
        .map(|at| at - at % (4 << 10));
    old.into_iter().chain(new).any(|at| has(tail, at, RAID))
}

fn content(name: &str, label: Option<String>) -> Content {
    Content {
        kind: Some(name.to_owned()),
        label,
        unread: false,
    }
}

fn has(bytes: &[u8], at: usize, wanted: &[u8]) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(wanted))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn label(bytes: &[u8], (at, length): (usize, usize)) -> Option<String> {
    let bytes = bytes.get(at..at + length)?;
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(length);
    let label = shown(&String::from_utf8_lossy(&bytes[..end]))?;
    // What a FAT has in place of a label when it has none.
    (label != "NO NAME").then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(marks: &[(usize, &[u8])]) -> (Option<String>, Option<String>) {
        let mut head = vec![0; HEAD];
        for (at, bytes) in marks {
            head[*at..at + bytes.len()].copy_from_slice(bytes);
        }
        let content = read(&head, &vec![0; TAIL]);
        (content.kind, content.label)
    }

    fn named(kind: &str, label: &str) -> (Option<String>, Option<String>) {
        let label = (!label.is_empty()).then(|| label.to_owned());
        (Some(kind.to_owned()), label)
    }

    #[test]
    fn file_systems_are_known_by_their_marks_and_labels() {
        let fat: &[(usize, &[u8])] = &[(82, b"FAT32   "), (71, b"bootfs     ")];
        assert_eq!(with(fat), named("vfat", "bootfs"));
        let fat: &[(usize, &[u8])] = &[(54, b"FAT16   "), (43, b"NO NAME    ")];
        assert_eq!(with(fat), named("vfat", ""));
        let btrfs: &[(usize, &[u8])] = &[(0x10040, b"_BHRfS_M"), (0x1012b, b"data\0rest")];
        assert_eq!(with(btrfs), named("btrfs", "data"));
        assert_eq!(with(&[(4086, b"SWAPSPACE2")]), named("swap", ""));
        assert_eq!(with(&[]), (None, None));
    }

    #[test]
    fn the_kinds_of_ext_are_told_apart() {
        let ext: (usize, &[u8]) = (0x438, b"\x53\xef");
        let label: (usize, &[u8]) = (0x478, b"rootfs\0");
        assert_eq!(with(&[ext, label]), named("ext2", "rootfs"));
        assert_eq!(with(&[ext, (0x45c, b"\x04")]), named("ext3", ""));
        assert_eq!(
            with(&[ext, (0x45c, b"\x04"), (0x460, b"\x42")]),
            named("ext4", "")
        );
    }

    #[test]
    fn members_are_known_whatever_they_hold() {
        let ext: (usize, &[u8]) = (0x438, b"\x53\xef");
        assert_eq!(with(&[ext, (512, b"LABELONE")]), named("LVM2_member", ""));
        assert_eq!(with(&[ext, (4096, RAID)]), named("linux_raid_member", ""));
        assert_eq!(with(&[(0, b"LUKS\xba\xbe")]), named("crypto_LUKS", ""));
        let root = 0x00ba_b10c_u64.to_be_bytes();
        assert_eq!(with(&[ext, (133 << 10, &root)]), named("zfs_member", ""));
    }

    #[test]
    fn raid_is_known_by_the_end_too() {
        for from_end in [128 << 10, 64 << 10, 8 << 10] {
            let mut tail = vec![0; TAIL];
            tail[TAIL - from_end..][..4].copy_from_slice(RAID);
            let expected = from_end != 128 << 10;
            assert_eq!(read(&[], &tail).kind.is_some(), expected, "{from_end}");
        }
    }

    #[test]
    fn a_device_of_any_length_can_be_read() {
        let bytes = vec![0xef; HEAD];
        for length in (0..HEAD).step_by(487) {
            read(&bytes[..length], &bytes[..length.min(TAIL)]);
        }
    }
}
