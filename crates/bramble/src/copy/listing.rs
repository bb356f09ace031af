//! What a node lacks of what is to be copied: wanted against found. Not in here:
//! asking the node, and sending.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bramble_view::copy::size;
use bramble_view::count;

use crate::copy::item::{Item, Kind, Stamp};
use crate::copy::place::{Remote, plain};
use crate::copy::tree::Sources;

/// What a node says of the destination.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) destination: Destination,
    /// Whether the directory that the destination is in is there.
    pub(crate) parent: bool,
    /// Bytes that the account may still write there.
    pub(crate) free: u64,
    /// Whether the node can log in to others.
    pub(crate) passes_on: bool,
    /// What is there, by its path below the directory that all is put into.
    pub(crate) found: BTreeMap<PathBuf, Found>,
}

/// What is at the destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Destination {
    Directory,
    Other,
    Nothing,
}

/// Something that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// With the bits of its type, as `stat` has them.
    pub(crate) mode: u32,
    pub(crate) size: u64,
    pub(crate) stamp: Stamp,
}

const TYPE: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;
const LINK: u32 = 0o120_000;

/// What a copy is told about how to compare.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Terms {
    /// Whether files of the same size and time are compared by content, too.
    pub(crate) checksum: bool,
    /// Whether root writes, for whom the last of the space is kept as well.
    pub(crate) root: bool,
}

/// Where on a node all is put.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lay {
    /// The directory that all is put into.
    pub(crate) base: String,
    /// Whether it has to be made first.
    pub(crate) make: bool,
    /// What the one source is called there.
    name: Option<String>,
}

/// What a node lacks, as places in the list of items. Nodes that lack the same
/// are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lack {
    pub(crate) lay: Lay,
    /// What is not there, or is something else.
    pub(crate) send: BTreeSet<usize>,
    /// What is there with another mode or time.
    pub(crate) adjust: BTreeSet<usize>,
    /// What may be there: the content decides.
    pub(crate) unsure: BTreeSet<usize>,
}

/// Why nothing is copied to a node.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("{} is no directory there, and {} cannot be one file; end it with `/` to make a directory", plain(to), count(*named, "source"))]
    NeedsDirectory { to: String, named: usize },
    #[error(
        "{} is no directory there, and in the way of one; move it away first",
        plain(path)
    )]
    InTheWay { path: String },
    #[error(
        "{} is a directory there, and in the way of a file; move it away first",
        plain(path)
    )]
    IsDirectory { path: String },
    #[error("there is no directory {}", plain(parent))]
    NoParent { parent: String },
    #[error("{} are to be written, and {} are free there; make room", size(*needed), size(*free))]
    Full { needed: u64, free: u64 },
}

impl Lay {
    /// Where all is put, given what is at the destination.
    fn of(sources: &Sources, to: &Remote, seen: &Seen) -> Result<Self, Refusal> {
        let inside = |make| Self {
            base: to.as_str().to_owned(),
            make,
            name: None,
        };
        let several = sources.content || sources.named != 1;
        let beside = to.is_directory() || several;
        match seen.destination {
            Destination::Directory => Ok(inside(false)),
            Destination::Other if beside && !to.is_directory() => Err(Refusal::NeedsDirectory {
                to: to.as_str().to_owned(),
                named: sources.named,
            }),
            Destination::Other if beside => Err(Refusal::InTheWay {
                path: to.as_str().to_owned(),
            }),
            Destination::Nothing if !seen.parent => Err(Refusal::NoParent {
                parent: to.parent().to_owned(),
            }),
            Destination::Nothing if sources.named > 1 && !to.is_directory() => {
                Err(Refusal::NeedsDirectory {
                    to: to.as_str().to_owned(),
                    named: sources.named,
                })
            }
            Destination::Nothing if beside => Ok(inside(true)),
            Destination::Nothing | Destination::Other => Ok(Self {
                base: to.parent().to_owned(),
                make: false,
                name: Some(to.name().to_owned()),
            }),
        }
    }

    /// The path of something below the directory that all is put into.
    pub(crate) fn at(&self, path: &Path) -> PathBuf {
        let Some(name) = &self.name else {
            return path.to_owned();
        };
        let mut rest = path.components();
        rest.next();
        let rest = rest.as_path();
        if rest.as_os_str().is_empty() {
            PathBuf::from(name)
        } else {
            Path::new(name).join(rest)
        }
    }

    fn shown(&self, path: &Path) -> String {
        let base = self.base.trim_end_matches('/');
        format!("{base}/{}", self.at(path).display())
    }
}

/// Compares what is to be copied with what is there.
pub(crate) fn compare(
    sources: &Sources,
    to: &Remote,
    seen: &Seen,
    terms: Terms,
) -> Result<Lack, Refusal> {
    let lay = Lay::of(sources, to, seen)?;
    let mut lack = Lack {
        lay,
        send: BTreeSet::new(),
        adjust: BTreeSet::new(),
        unsure: BTreeSet::new(),
    };
    for (nth, item) in sources.items.iter().enumerate() {
        let found = seen.found.get(&lack.lay.at(&item.path));
        match judge(item, found, terms.checksum) {
            Verdict::There => {}
            Verdict::Send => drop(lack.send.insert(nth)),
            Verdict::Adjust => drop(lack.adjust.insert(nth)),
            Verdict::Unsure => drop(lack.unsure.insert(nth)),
            Verdict::InTheWay => {
                let path = lack.lay.shown(&item.path);
                return Err(Refusal::InTheWay { path });
            }
            Verdict::IsDirectory => {
                let path = lack.lay.shown(&item.path);
                return Err(Refusal::IsDirectory { path });
            }
        }
    }
    lack.has_room(sources, seen, terms)?;
    Ok(lack)
}

/// What is to be done about one item.
enum Verdict {
    There,
    Send,
    Adjust,
    Unsure,
    InTheWay,
    IsDirectory,
}

fn judge(item: &Item, found: Option<&Found>, checksum: bool) -> Verdict {
    let Some(found) = found else {
        return Verdict::Send;
    };
    let same_stamp = found.stamp == item.stamp;
    let same_mode = found.mode & 0o777 == item.mode;
    match (&item.kind, found.mode & TYPE) {
        (Kind::Directory, DIRECTORY) if same_stamp && same_mode => Verdict::There,
        (Kind::Directory, DIRECTORY) => Verdict::Adjust,
        (Kind::Directory, _) => Verdict::InTheWay,
        (_, DIRECTORY) => Verdict::IsDirectory,
        (Kind::Link { target }, LINK)
            if same_stamp && found.size == target.as_os_str().len() as u64 =>
        {
            Verdict::There
        }
        (Kind::File { size, .. }, REGULAR) if *size == found.size => {
            match (same_stamp && !checksum, same_mode) {
                (true, true) => Verdict::There,
                // What its owner may not write takes no other time in place.
                (_, _) if found.mode & 0o200 == 0 && !(same_stamp && same_mode) => Verdict::Send,
                (true, false) => Verdict::Adjust,
                (false, _) => Verdict::Unsure,
            }
        }
        _ => Verdict::Send,
    }
}

impl Lack {
    /// Decides what was unsure, now that it is known what has the same content.
    pub(crate) fn settle(
        &mut self,
        sources: &Sources,
        seen: &Seen,
        same: &dyn Fn(usize) -> bool,
        terms: Terms,
    ) -> Result<(), Refusal> {
        for nth in std::mem::take(&mut self.unsure) {
            let item = &sources.items[nth];
            let found = seen.found.get(&self.lay.at(&item.path));
            match judge(item, found, false) {
                _ if !same(nth) => drop(self.send.insert(nth)),
                Verdict::There => {}
                _ => drop(self.adjust.insert(nth)),
            }
        }
        self.touch_directories(sources);
        self.has_room(sources, seen, terms)
    }

    /// A directory that something is put into gets the present as its time.
    fn touch_directories(&mut self, sources: &Sources) {
        let parents: BTreeSet<&Path> = self
            .send
            .iter()
            .filter_map(|&nth| sources.items[nth].path.parent())
            .collect();
        for (nth, item) in sources.items.iter().enumerate() {
            if parents.contains(item.path.as_path()) && !self.send.contains(&nth) {
                self.adjust.insert(nth);
            }
        }
    }

    fn has_room(&self, sources: &Sources, seen: &Seen, terms: Terms) -> Result<(), Refusal> {
        let (needed, free) = (self.bytes(sources), seen.free);
        if terms.root || needed <= free {
            return Ok(());
        }
        Err(Refusal::Full { needed, free })
    }

    /// Whether all is there already.
    pub(crate) fn is_nothing(&self) -> bool {
        self.send.is_empty() && self.adjust.is_empty() && self.unsure.is_empty()
    }

    /// Bytes of content to send.
    pub(crate) fn bytes(&self, sources: &Sources) -> u64 {
        self.send.iter().map(|&nth| sources.items[nth].size()).sum()
    }

    /// Files and links to send, and files whose mode or time is put right.
    pub(crate) fn files(&self, sources: &Sources) -> usize {
        let is_file = |&&nth: &&usize| sources.items[nth].kind != Kind::Directory;
        self.send.iter().chain(&self.adjust).filter(is_file).count()
    }
}

#[cfg(test)]
mod tests;
