//! The entries of a directory's block. Not in here: finding its blocks.

use crate::raw::{le16, le32};

/// A name in a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) inode: u32,
    /// Any bytes but zero and slash; encrypted ones mean nothing.
    pub(super) name: &'a [u8],
}

/// The entries in `block` up to the first one that is damaged, without those for the
/// directory itself and the one above.
pub(super) fn entries(block: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    let mut rest = block;
    let all = std::iter::from_fn(move || {
        let length = match le16(rest, 4) {
            // A block of 64 KiB is one more than the field can hold.
            0 | 0xFFFF if rest.len() > 0xFFFF => rest.len(),
            length => usize::from(length),
        };
        let (entry, after) = rest.split_at_checked(length).filter(|_| length >= 8)?;
        let name = entry.get(8..8 + usize::from(entry[6]))?;
        let inode = le32(entry, 0);
        rest = after;
        Some(Entry { inode, name })
    });
    all.filter(|entry| entry.inode != 0 && !matches!(entry.name, b"" | b"." | b".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(inode: u32, length: u16, name: &[u8]) -> Vec<u8> {
        let mut entry = inode.to_le_bytes().to_vec();
        entry.extend(length.to_le_bytes());
        // Proof: a short name.
        entry.extend([u8::try_from(name.len()).unwrap(), 1]);
        entry.extend(name);
        entry.resize(usize::from(length), 0);
        entry
    }

    #[test]
    fn names_are_read_up_to_the_damage() {
        let parts = [
            raw(2, 12, b"."),
            raw(12, 16, b"passwd"),
            raw(0, 16, b"gone"),
            raw(13, 24, b"group"),
        ];
        let mut block = parts.concat();
        block.extend([1, 0, 0, 0, 200, 0, 3, 1]);
        let found: Vec<_> = entries(&block)
            .map(|entry| (entry.inode, entry.name))
            .collect();
        assert_eq!(found, [(12, &b"passwd"[..]), (13, b"group")]);
    }

    #[test]
    fn a_name_longer_than_its_entry_is_damage() {
        let mut block = raw(12, 12, b"abc");
        block[6] = 5;
        assert_eq!(entries(&block).count(), 0);
        assert_eq!(entries(&[]).count(), 0);
        assert_eq!(entries(&[1; 4]).count(), 0);
    }
}
