//! Reading a tar archive as it comes, piece by piece, without ever holding more
//! than a head of it. Only files are expected. Not in here: where they go.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::copy::header::{BLOCK, padding};

/// Records of tar, which its archives are filled up to.
const RECORD: u64 = 10_240;

/// Longest extended head, in bytes: names have at most 4,096.
const EXTENDED: u64 = 64 << 10;

/// Where the content goes.
pub(crate) trait Take {
    /// A file begins.
    fn begin(&mut self, path: &Path, size: u64) -> Result<(), String>;
    /// A piece of it.
    fn content(&mut self, bytes: &[u8]) -> Result<(), String>;
    /// It is over.
    fn end(&mut self) -> Result<(), String>;
    /// What comes after the archive.
    fn after(&mut self, bytes: &[u8]) -> Result<(), String>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Head,
    Extended { left: u64, skip: u64 },
    Ignored { left: u64 },
    Content { left: u64, skip: u64 },
    Ended,
    After,
}

/// An archive that is being read.
#[derive(Debug)]
pub(crate) struct Unpacker {
    state: State,
    /// A head that has not come whole yet.
    begun: Vec<u8>,
    /// Bytes read in all.
    read: u64,
    path: Option<PathBuf>,
    size: Option<u64>,
}

impl Default for Unpacker {
    fn default() -> Self {
        Self {
            state: State::Head,
            begun: Vec::new(),
            read: 0,
            path: None,
            size: None,
        }
    }
}

impl Unpacker {
    /// Reads the next piece.
    pub(crate) fn push(&mut self, mut bytes: &[u8], take: &mut impl Take) -> Result<(), String> {
        while !bytes.is_empty() {
            let wanted = match self.state {
                State::Head => (BLOCK - self.begun.len()) as u64,
                State::Extended { left, .. }
                | State::Ignored { left }
                | State::Content { left, .. } => left,
                State::Ended => RECORD - self.read % RECORD,
                State::After => u64::MAX,
            };
            let length = usize::try_from(wanted)
                .unwrap_or(usize::MAX)
                .min(bytes.len());
            let (piece, rest) = bytes.split_at(length);
            bytes = rest;
            self.read += length as u64;
            self.step(piece, take)?;
        }
        Ok(())
    }

    /// Whether the archive has ended in order.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.state, State::After | State::Ended)
    }

    fn step(&mut self, piece: &[u8], take: &mut impl Take) -> Result<(), String> {
        let length = piece.len() as u64;
        match self.state {
            State::Head => {
                self.begun.extend_from_slice(piece);
                if self.begun.len() == BLOCK {
                    let head = std::mem::take(&mut self.begun);
                    return self.head(&head, take);
                }
            }
            State::Extended { left, skip } => {
                self.begun.extend_from_slice(piece);
                self.state = State::Extended {
                    left: left - length,
                    skip,
                };
                if left == length {
                    let records = std::mem::take(&mut self.begun);
                    self.extended(&records)?;
                    self.skip(skip);
                }
            }
            State::Content { left, skip } => {
                take.content(piece)?;
                self.state = State::Content {
                    left: left - length,
                    skip,
                };
                if left == length {
                    take.end()?;
                    self.skip(skip);
                }
            }
            State::Ignored { left } => self.skip(left - length),
            State::Ended if self.read.is_multiple_of(RECORD) => self.state = State::After,
            State::Ended => {}
            State::After => take.after(piece)?,
        }
        Ok(())
    }

    fn skip(&mut self, left: u64) {
        self.state = match left {
            0 => State::Head,
            left => State::Ignored { left },
        };
    }

    fn head(&mut self, head: &[u8], take: &mut impl Take) -> Result<(), String> {
        if head.iter().all(|&byte| byte == 0) {
            self.state = State::Ended;
            return Ok(());
        }
        let bad = |error: std::io::Error| format!("what came is no archive: {error}");
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes().copy_from_slice(head);
        let told = header.cksum().map_err(bad)?;
        header.set_cksum();
        if header.cksum().map_err(bad)? != told {
            return Err("what came is no archive: a head is damaged".to_owned());
        }
        let size = header.entry_size().map_err(bad)?;
        let skip = padding(size).len() as u64;
        match header.entry_type() {
            tar::EntryType::XHeader if (1..=EXTENDED).contains(&size) => {
                self.state = State::Extended { left: size, skip };
            }
            tar::EntryType::XGlobalHeader => self.skip(size.saturating_add(skip)),
            tar::EntryType::Regular => {
                let path = match self.path.take() {
                    Some(path) => path,
                    None => PathBuf::from(OsStr::from_bytes(&header.path_bytes())),
                };
                let size = self.size.take().unwrap_or(size);
                take.begin(&path, size)?;
                self.state = State::Content {
                    left: size,
                    skip: padding(size).len() as u64,
                };
                if size == 0 {
                    take.end()?;
                    self.skip(0);
                }
            }
            _ => return Err("the node sent something that is no file".to_owned()),
        }
        Ok(())
    }

    fn extended(&mut self, mut records: &[u8]) -> Result<(), String> {
        let bad = || "what came is no archive: an extended head is damaged".to_owned();
        while !records.is_empty() {
            let space = records
                .iter()
                .position(|&byte| byte == b' ')
                .ok_or_else(bad)?;
            let length = std::str::from_utf8(&records[..space]).ok();
            let length: usize = length.and_then(|text| text.parse().ok()).ok_or_else(bad)?;
            let record = records.get(space + 1..length).ok_or_else(bad)?;
            let record = record.strip_suffix(b"\n").ok_or_else(bad)?;
            let equals = record
                .iter()
                .position(|&byte| byte == b'=')
                .ok_or_else(bad)?;
            let (key, value) = (&record[..equals], &record[equals + 1..]);
            match key {
                b"path" => self.path = Some(PathBuf::from(OsStr::from_bytes(value))),
                b"size" => {
                    let size = std::str::from_utf8(value).ok();
                    self.size = Some(size.and_then(|text| text.parse().ok()).ok_or_else(bad)?);
                }
                _ => {}
            }
            records = &records[length..];
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    #[derive(Default)]
    struct Kept {
        files: Vec<(PathBuf, Vec<u8>)>,
        open: bool,
        after: Vec<u8>,
    }

    impl Take for Kept {
        fn begin(&mut self, path: &Path, _size: u64) -> Result<(), String> {
            self.open = true;
            self.files.push((path.to_owned(), Vec::new()));
            Ok(())
        }

        fn content(&mut self, bytes: &[u8]) -> Result<(), String> {
            self.files.last_mut().unwrap().1.extend_from_slice(bytes);
            Ok(())
        }

        fn end(&mut self) -> Result<(), String> {
            self.open = false;
            Ok(())
        }

        fn after(&mut self, bytes: &[u8]) -> Result<(), String> {
            self.after.extend_from_slice(bytes);
            Ok(())
        }
    }

    /// By the tar of this machine, as a node makes it.
    fn archive(names: &[String]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        for (nth, name) in names.iter().enumerate() {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, vec![b'a'; nth * 700]).unwrap();
        }
        let made = Command::new("tar")
            .args(["-c", "--format=pax", "-f", "-", "--"])
            .args(names)
            .current_dir(folder.path())
            .output()
            .unwrap();
        made.stdout
    }

    fn names() -> Vec<String> {
        let long = format!("{}/{}", "d".repeat(200), "n".repeat(200));
        vec!["a".into(), "b c".into(), long, "é".into(), "e".into()]
    }

    #[test]
    fn files_come_whole_however_the_pieces_were_cut() {
        let mut archive = archive(&names());
        archive.extend_from_slice(b"17 5 a\n");
        for size in [1, 511, 512, 513, 10_000, archive.len()] {
            let (mut unpacker, mut kept) = (Unpacker::default(), Kept::default());
            for piece in archive.chunks(size) {
                unpacker.push(piece, &mut kept).unwrap();
            }
            assert!(unpacker.is_whole());
            let expected: Vec<_> = names()
                .into_iter()
                .enumerate()
                .map(|(nth, name)| (PathBuf::from(name), vec![b'a'; nth * 700]))
                .collect();
            assert_eq!(kept.files, expected, "in pieces of {size}");
            assert_eq!(kept.after, b"17 5 a\n");
        }
    }

    #[test]
    fn an_archive_that_was_cut_off_is_not_whole() {
        let archive = archive(&names());
        let (mut unpacker, mut kept) = (Unpacker::default(), Kept::default());
        unpacker.push(&archive[..2000], &mut kept).unwrap();
        assert!(!unpacker.is_whole());
    }

    #[test]
    fn links_and_devices_are_refused() {
        for kind in [
            tar::EntryType::Symlink,
            tar::EntryType::Link,
            tar::EntryType::Char,
            tar::EntryType::Directory,
        ] {
            let mut header = tar::Header::new_ustar();
            header.set_path("a").unwrap();
            header.set_entry_type(kind);
            header.set_size(0);
            header.set_cksum();
            let pushed = Unpacker::default().push(header.as_bytes(), &mut Kept::default());
            assert!(pushed.unwrap_err().contains("no file"), "{kind:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_comes_disturbs_it(
            mut bytes in prop::collection::vec(any::<u8>(), 0..3000),
            kind in prop::sample::select(vec![b'0', b'x', b'g', b'5']),
            size in prop_oneof![0..3000_u64, Just(u64::MAX), Just(u64::MAX - 511)],
        ) {
            let mut header = tar::Header::new_ustar();
            header.set_path("a").unwrap();
            header.set_entry_type(tar::EntryType::new(kind));
            header.set_size(size);
            header.set_cksum();
            bytes.splice(0..0, header.as_bytes().iter().copied());
            drop(Unpacker::default().push(&bytes, &mut Kept::default()));
        }
    }
}
