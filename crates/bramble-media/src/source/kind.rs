//! Files that are offered as images and are none. Not in here: whether an image holds
//! what a board can start from.

/// What a file is in place of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// With its verb.
    pub is: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

/// A kind and where its mark stands.
struct Mark {
    at: usize,
    bytes: &'static [u8],
    kind: Kind,
}

const BURN_PACKAGE: Kind = Kind {
    is: "is an eMMC burn package",
    remedy: "take the vendor's image for SD cards, or the vendor's tool for this one",
};
const DISK_OF_A_VIRTUAL_MACHINE: Kind = Kind {
    is: "is the disk of a virtual machine",
    remedy: "make it raw with `qemu-img convert -O raw`",
};
const PACKED_OTHERWISE: Kind = Kind {
    is: "is packed in a way that is not read here",
    remedy: "unpack it first, or take it as .xz, .zst, .gz, .bz2 or .zip",
};
const TAR: Kind = Kind {
    is: "is a tar archive",
    remedy: "unpack it, and take the image in it if it has one",
};
const SPARSE: Kind = Kind {
    is: "is an Android sparse image",
    remedy: "make it raw with `simg2img`",
};

const fn mark(at: usize, bytes: &'static [u8], kind: Kind) -> Mark {
    Mark { at, bytes, kind }
}

/// The numbers among them are little-endian.
const MARKS: &[Mark] = &[
    // Amlogic's: 0x27B51956, after a checksum and a version.
    mark(8, &[0x56, 0x19, 0xB5, 0x27], BURN_PACKAGE),
    // Rockchip's and Allwinner's.
    mark(0, b"RKFW", BURN_PACKAGE),
    mark(0, b"RKAF", BURN_PACKAGE),
    mark(0, b"IMAGEWTY", BURN_PACKAGE),
    mark(0, &[0x3A, 0xFF, 0x26, 0xED], SPARSE),
    mark(0, b"QFI\xFB", DISK_OF_A_VIRTUAL_MACHINE),
    mark(0, b"KDMV", DISK_OF_A_VIRTUAL_MACHINE),
    mark(0, b"vhdxfile", DISK_OF_A_VIRTUAL_MACHINE),
    mark(0, b"conectix", DISK_OF_A_VIRTUAL_MACHINE),
    mark(64, &[0x7F, 0x10, 0xDA, 0xBE], DISK_OF_A_VIRTUAL_MACHINE),
    mark(0, b"7z\xBC\xAF\x27\x1C", PACKED_OTHERWISE),
    mark(0, b"Rar!\x1A\x07", PACKED_OTHERWISE),
    mark(0, b"LZIP", PACKED_OTHERWISE),
    mark(0, &[0x04, 0x22, 0x4D, 0x18], PACKED_OTHERWISE),
    mark(0, &[0x02, 0x21, 0x4C, 0x18], PACKED_OTHERWISE),
    mark(0, b"\x89LZO\0\r\n\x1A\n", PACKED_OTHERWISE),
    mark(257, b"ustar", TAR),
];

/// What a file is that begins with `head`, if it is plainly no image.
pub(super) fn other_than_image(head: &[u8]) -> Option<Kind> {
    MARKS
        .iter()
        .find(|mark| {
            head.get(mark.at..)
                .is_some_and(|it| it.starts_with(mark.bytes))
        })
        .map(|mark| mark.kind)
        .or_else(|| of_text(head))
}

/// An image begins with code or zeros, never with text alone.
fn of_text(head: &[u8]) -> Option<Kind> {
    let text = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start();
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~' | 0x80..);
    if text.is_empty() || !text.iter().all(is_text) {
        return None;
    }
    let first = text.first();
    Some(match first {
        Some(b'<') => Kind {
            is: "is a web page or XML",
            remedy: "the server gave an answer in place of the file; download it again",
        },
        Some(b'{' | b'[') => Kind {
            is: "is JSON, such as a manifest",
            remedy: "download the image whose address it gives",
        },
        _ => Kind {
            is: "is text",
            remedy: "give the image that it belongs to",
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(head: &[u8]) -> &'static str {
        other_than_image(head).map_or("may be an image", |kind| kind.is)
    }

    #[test]
    fn what_is_no_image_is_told_by_its_first_bytes() {
        let mut amlogic = vec![0; 512];
        amlogic[8..12].copy_from_slice(&0x27B5_1956_u32.to_le_bytes());
        assert_eq!(is(&amlogic), "is an eMMC burn package");
        let mut tar = vec![0; 512];
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(is(&tar), "is a tar archive");
        assert_eq!(is(b"\n<!DOCTYPE html><html>"), "is a web page or XML");
        assert_eq!(is(b"{\"os_list\": []}"), "is JSON, such as a manifest");
        assert_eq!(is(b"404: not found"), "is text");
    }

    #[test]
    fn a_boot_sector_and_an_empty_one_may_be_images() {
        let mut sector = vec![0; 512];
        assert_eq!(is(&sector), "may be an image");
        sector[..3].copy_from_slice(&[0xEB, 0x58, 0x90]);
        sector[510..].copy_from_slice(&[0x55, 0xAA]);
        assert_eq!(is(&sector), "may be an image");
    }
}
