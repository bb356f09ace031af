//! Writing what a node sends: into a directory beside, verified, then in its
//! place. Whatever the node sends, nothing is written outside its own directory,
//! and no link is followed. Not in here: reading the archive (`unpack`).

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_OMIT, syncfs, utimensat};
use tempfile::TempDir;

use crate::copy::back::Haul;
use crate::copy::crc::Crc;
use crate::copy::item::{Item, Kind};
use crate::copy::unpack::{Take, Unpacker};
use crate::failure::plain;

/// What one node sends, on its way to its place.
#[derive(Debug)]
pub(crate) struct Landing {
    unpacker: Unpacker,
    files: Files,
    /// What went wrong first; the rest is not looked at any more.
    failed: Option<String>,
}

#[derive(Debug)]
struct Files {
    /// The directory of the node.
    base: PathBuf,
    /// Files lie here under their numbers, whatever their names.
    beside: TempDir,
    haul: Haul,
    /// The files that are awaited.
    asked: BTreeMap<PathBuf, usize>,
    open: Option<Open>,
    sums: BTreeMap<usize, (u32, u64)>,
    landed: u64,
    told: Vec<u8>,
}

/// The file that is being written.
#[derive(Debug)]
struct Open {
    nth: usize,
    file: File,
    crc: Crc,
    size: u64,
}

impl Landing {
    /// Makes room for a node's haul in `base`, which is in `into`.
    pub(crate) fn open(into: &Path, base: PathBuf, haul: Haul) -> Result<Self, String> {
        let beside = tempfile::Builder::new()
            .prefix(".bramble-cp.")
            .tempdir_in(into)
            .map_err(|error| told("write into", into, &error))?;
        Ok(Self {
            unpacker: Unpacker::default(),
            files: Files {
                base,
                beside,
                asked: haul
                    .fetch
                    .iter()
                    .map(|&nth| (haul.items[nth].path.clone(), nth))
                    .collect(),
                haul,
                open: None,
                sums: BTreeMap::new(),
                landed: 0,
                told: Vec::new(),
            },
            failed: None,
        })
    }

    pub(crate) fn lacks_files(&self) -> bool {
        !self.files.haul.fetch.is_empty()
    }

    /// Takes the next piece of what the node sends.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if self.failed.is_none() {
            self.failed = self.unpacker.push(bytes, &mut self.files).err();
        }
    }

    /// Bytes of content so far.
    pub(crate) fn landed(&self) -> u64 {
        self.files.landed
    }

    /// The node has sent all: verifies it, and puts it in its place.
    pub(crate) fn finish(self) -> Result<(), String> {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        if !self.unpacker.is_whole() {
            return Err("what the node sent is not whole; copy it again".to_owned());
        }
        self.files.verify()?;
        self.files.settle()
    }

    /// Puts what there is in its place.
    pub(crate) fn settle(self) -> Result<(), String> {
        self.files.settle()
    }
}

impl Take for Files {
    fn begin(&mut self, path: &Path, size: u64) -> Result<(), String> {
        let path = path.strip_prefix(".").unwrap_or(path);
        let Some(nth) = self.asked.remove(path) else {
            return Err(format!(
                "the node sent {}, which it was not asked for; do not trust this node",
                path.display()
            ));
        };
        let item = &self.haul.items[nth];
        if size != item.size() && !self.haul.made.contains(&item.path) {
            return Err(changed(path));
        }
        let at = self.beside.path().join(nth.to_string());
        let file = File::create_new(&at).map_err(|error| told("write", &at, &error))?;
        self.open = Some(Open {
            nth,
            file,
            crc: Crc::default(),
            size,
        });
        Ok(())
    }

    fn content(&mut self, bytes: &[u8]) -> Result<(), String> {
        let Some(Open { file, crc, .. }) = &mut self.open else {
            return Ok(());
        };
        file.write_all(bytes)
            .map_err(|error| told("write into", &self.base, &error))?;
        crc.update(bytes);
        self.landed += bytes.len() as u64;
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        if let Some(open) = self.open.take() {
            self.sums.insert(open.nth, (open.crc.finish(), open.size));
        }
        Ok(())
    }

    fn after(&mut self, bytes: &[u8]) -> Result<(), String> {
        // A value, a size and a name of each.
        let room = self.haul.fetch.len().saturating_mul(5000) + 5000;
        if self.told.len() + bytes.len() > room {
            return Err("the node sent more than it was asked for".to_owned());
        }
        self.told.extend_from_slice(bytes);
        Ok(())
    }
}

impl Files {
    /// Holds what came against what the node says that it sent.
    fn verify(&self) -> Result<(), String> {
        let text = String::from_utf8_lossy(&self.told);
        let mut lines = text.lines();
        for &nth in &self.haul.fetch {
            let path = &self.haul.items[nth].path;
            let Some((sum, size)) = self.sums.get(&nth) else {
                return Err(changed(path));
            };
            let line = lines.next().unwrap_or_default();
            if !line.starts_with(&format!("{sum} {size} ")) {
                return Err(changed(path));
            }
        }
        Ok(())
    }

    fn settle(&self) -> Result<(), String> {
        self.prepare()
            .map_err(|error| told("write into", &self.base, &error))?;
        directory(&self.base)?;
        let items = &self.haul.items;
        for (nth, item) in items.iter().enumerate() {
            self.place(nth, item)?;
        }
        // What is in a directory changes its time: the innermost come first.
        for item in items.iter().rev() {
            if item.kind == Kind::Directory {
                let at = self.base.join(&item.path);
                dress(&at, item).map_err(|error| told("change", &at, &error))?;
            }
        }
        Ok(())
    }

    /// Gives all that came its mode and time, and sees it onto the disk.
    fn prepare(&self) -> io::Result<()> {
        for &nth in &self.haul.fetch {
            dress(
                &self.beside.path().join(nth.to_string()),
                &self.haul.items[nth],
            )?;
        }
        if self.lacks() {
            syncfs(File::open(self.beside.path())?)?;
        }
        Ok(())
    }

    fn lacks(&self) -> bool {
        !self.haul.fetch.is_empty()
    }

    fn place(&self, nth: usize, item: &Item) -> Result<(), String> {
        let at = self.base.join(&item.path);
        let from = self.beside.path().join(nth.to_string());
        let done = match &item.kind {
            Kind::Directory => return directory(&at),
            Kind::File { .. } if self.sums.contains_key(&nth) => fs::rename(&from, &at),
            Kind::File { .. } => dress(&at, item),
            Kind::Link { target } => symlink(target, &from)
                .and_then(|()| dress(&from, item))
                .and_then(|()| fs::rename(&from, &at)),
        };
        done.map_err(|error| told("write", &at, &error))
    }
}

/// Makes sure that a directory is there itself, and no link to one.
fn directory(at: &Path) -> Result<(), String> {
    match fs::create_dir(at) {
        Ok(()) => Ok(()),
        Err(_) if fs::symlink_metadata(at).is_ok_and(|found| found.is_dir()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(format!(
            "{} is no directory, and in the way of one; move it away",
            at.display()
        )),
        Err(error) => Err(told("make", at, &error)),
    }
}

/// Mode and time, of the thing itself and not of what it points to.
fn dress(at: &Path, item: &Item) -> io::Result<()> {
    if !matches!(item.kind, Kind::Link { .. }) {
        fs::set_permissions(at, Permissions::from_mode(item.mode))?;
    }
    let times = Timestamps {
        last_access: Timespec {
            tv_sec: 0,
            tv_nsec: UTIME_OMIT,
        },
        last_modification: Timespec {
            tv_sec: item.stamp.seconds,
            tv_nsec: item.stamp.nanoseconds.into(),
        },
    };
    Ok(utimensat(CWD, at, &times, AtFlags::SYMLINK_NOFOLLOW)?)
}

fn changed(path: &Path) -> String {
    let path = path.display();
    format!("{path} changed on the node while it was copied; copy it again")
}

fn told(doing: &str, path: &Path, error: &io::Error) -> String {
    format!("cannot {doing} {}: {}", path.display(), plain(error))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::copy::header::{END, Member, padding};
    use crate::copy::item::Stamp;

    fn item(path: &str, kind: Kind) -> Item {
        Item {
            path: path.into(),
            kind,
            mode: 0o700,
            stamp: Stamp {
                seconds: 17,
                nanoseconds: 3,
            },
        }
    }

    fn haul() -> Haul {
        let file = Kind::File {
            size: 3,
            from: "d/f".into(),
        };
        Haul {
            items: vec![item("d", Kind::Directory), item("d/f", file)],
            made: BTreeSet::new(),
            fetch: vec![1],
            adjust: true,
        }
    }

    /// What a node sends: a file, and then its check value.
    fn sent(path: &str, content: &[u8], sum: u32) -> Vec<u8> {
        let size = content.len() as u64;
        let head = Member::list(path, size).header();
        let mut sent = [&head, content, padding(size), &END].concat();
        sent.resize(10_240, 0);
        sent.extend_from_slice(format!("{sum} {size} ./{path}\n").as_bytes());
        sent
    }

    fn sum(content: &[u8]) -> u32 {
        let mut crc = Crc::default();
        crc.update(content);
        crc.finish()
    }

    fn landed(folder: &Path, sent: &[u8]) -> Result<(), String> {
        let mut landing = Landing::open(folder, folder.join("n1"), haul()).unwrap();
        landing.push(sent);
        landing.finish()
    }

    #[test]
    fn a_file_lands_in_the_directory_of_its_node() {
        let folder = TempDir::new().unwrap();
        landed(folder.path(), &sent("d/f", b"abc", sum(b"abc"))).unwrap();
        let found = fs::metadata(folder.path().join("n1/d/f")).unwrap();
        assert_eq!(found.permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_made_when_it_is_read_may_have_any_size() {
        let folder = TempDir::new().unwrap();
        let mut haul = haul();
        haul.made.insert("d/f".into());
        let mut landing = Landing::open(folder.path(), folder.path().join("n1"), haul).unwrap();
        landing.push(&sent("d/f", b"abcdefg", sum(b"abcdefg")));
        landing.finish().unwrap();
        assert_eq!(fs::read(folder.path().join("n1/d/f")).unwrap(), b"abcdefg");
    }

    #[test]
    fn what_was_not_asked_for_or_is_not_what_it_was_is_refused_and_nothing_stays() {
        let right = sent("d/f", b"abc", sum(b"abc"));
        for (sent, why) in [
            (sent("../f", b"abc", sum(b"abc")), "not asked for"),
            (sent("d", b"abc", sum(b"abc")), "not asked for"),
            (sent("d/f", b"abcd", sum(b"abcd")), "changed on the node"),
            (sent("d/f", b"abc", sum(b"abd")), "changed on the node"),
            (right[..9000].to_vec(), "changed on the node"),
            (right[..700].to_vec(), "not whole"),
        ] {
            let folder = TempDir::new().unwrap();
            let refused = landed(folder.path(), &sent).unwrap_err();
            assert!(refused.contains(why), "{refused}");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }

    #[test]
    fn no_link_that_lies_here_is_followed() {
        let (folder, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        fs::create_dir(folder.path().join("n1")).unwrap();
        symlink(elsewhere.path(), folder.path().join("n1/d")).unwrap();
        let refused = landed(folder.path(), &sent("d/f", b"abc", sum(b"abc")));
        assert!(refused.unwrap_err().contains("in the way"));
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }
}
