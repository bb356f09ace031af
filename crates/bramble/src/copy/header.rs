//! Heads of members of a tar archive, in the format of POSIX with its extended
//! records: for names of any length and times to the nanosecond. Not in here:
//! reading archives (`unpack`).

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::copy::item::{Item, Kind, Stamp};

/// What archives are made of, in bytes.
pub(crate) const BLOCK: usize = 512;

/// The end of an archive.
pub(crate) const END: [u8; 2 * BLOCK] = [0; 2 * BLOCK];

/// What comes after content of `size` bytes to fill its last block.
pub(crate) fn padding(size: u64) -> &'static [u8] {
    let block = BLOCK as u64;
    let missing = (block - size % block) % block;
    &END[..usize::try_from(missing).unwrap_or(0)]
}

/// A member, without its content.
#[derive(Debug)]
pub(crate) struct Member {
    path: PathBuf,
    kind: tar::EntryType,
    size: u64,
    target: Option<PathBuf>,
    mode: u32,
    stamp: Option<Stamp>,
}

impl Member {
    /// `item` at `path`.
    pub(crate) fn of(item: &Item, path: PathBuf, mode: u32) -> Self {
        let (kind, target) = match &item.kind {
            Kind::File { .. } => (tar::EntryType::Regular, None),
            Kind::Directory => (tar::EntryType::Directory, None),
            Kind::Link { target } => (tar::EntryType::Symlink, Some(target.clone())),
        };
        Self {
            path,
            kind,
            size: item.size(),
            target,
            mode,
            stamp: Some(item.stamp),
        }
    }

    /// A directory of the script's own.
    pub(crate) fn directory(name: &str) -> Self {
        Self {
            path: name.into(),
            kind: tar::EntryType::Directory,
            size: 0,
            target: None,
            mode: 0o700,
            stamp: None,
        }
    }

    /// A list for the script.
    pub(crate) fn list(name: &str, size: u64) -> Self {
        Self {
            kind: tar::EntryType::Regular,
            size,
            mode: 0o600,
            ..Self::directory(name)
        }
    }

    /// The blocks before the content.
    pub(crate) fn header(&self) -> Vec<u8> {
        let mut records = Vec::new();
        if let Some(stamp) = self.stamp {
            record("mtime", seconds(stamp).as_bytes(), &mut records);
        }
        let mut header = tar::Header::new_ustar();
        if header.set_path(&self.path).is_err() {
            record("path", bytes(&self.path), &mut records);
        }
        if let Some(target) = &self.target
            && (target.as_os_str().len() > 100
                || header.set_link_name_literal(bytes(target)).is_err())
        {
            record("linkpath", bytes(target), &mut records);
        }
        header.set_entry_type(self.kind);
        header.set_size(self.size);
        header.set_mode(self.mode);
        let seconds = self.stamp.map_or(0, |stamp| stamp.seconds);
        header.set_mtime(u64::try_from(seconds).unwrap_or_default());
        header.set_cksum();
        let mut blocks = extended(&records);
        blocks.extend_from_slice(header.as_bytes());
        blocks
    }
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_bytes()
}

fn extended(records: &[u8]) -> Vec<u8> {
    if records.is_empty() {
        return Vec::new();
    }
    let size = records.len() as u64;
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::XHeader);
    header.set_size(size);
    header.set_mode(0o600);
    header.set_cksum();
    [header.as_bytes(), records, padding(size)].concat()
}

/// Adds a record, which begins with its own length.
fn record(key: &str, value: &[u8], records: &mut Vec<u8>) {
    let rest = key.len() + value.len() + 3;
    let mut length = rest + 1;
    while length != rest + length.to_string().len() {
        length = rest + length.to_string().len();
    }
    records.extend_from_slice(format!("{length} {key}=").as_bytes());
    records.extend_from_slice(value);
    records.push(b'\n');
}

fn seconds(stamp: Stamp) -> String {
    if stamp.seconds < 0 && stamp.nanoseconds > 0 {
        let rest = 1_000_000_000 - stamp.nanoseconds;
        return format!("-{}.{rest:09}", -(stamp.seconds + 1));
    }
    format!("{}.{:09}", stamp.seconds, stamp.nanoseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_counts_its_own_length() {
        for (length, expected) in [(1, 7), (91, 98), (92, 99), (93, 101), (94, 102)] {
            let mut records = Vec::new();
            record("ab", &vec![b'x'; length], &mut records);
            let told: usize = String::from_utf8_lossy(&records)
                .split(' ')
                .next()
                .unwrap()
                .parse()
                .unwrap();
            assert_eq!((told, records.len()), (expected, expected), "{length}");
        }
    }

    #[test]
    fn times_are_exact_also_before_1970() {
        let text = |seconds_, nanoseconds| {
            seconds(Stamp {
                seconds: seconds_,
                nanoseconds,
            })
        };
        assert_eq!(text(5, 7), "5.000000007");
        assert_eq!(text(-2, 500_000_000), "-1.500000000");
        assert_eq!(text(-2, 0), "-2.000000000");
    }
}
