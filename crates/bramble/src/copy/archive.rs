//! The stream that a node is sent: lists for `receive.sh`, then what it lacks, as
//! one tar archive. Small files are put into one file here first, since each part
//! of a stream costs a little; larger ones are read when they are sent. Not in
//! here: who is sent it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use bramble_cluster::Secret;
use bramble_fleet::Part;
use tempfile::NamedTempFile;

use crate::copy::crc::Crc;
use crate::copy::header::{END, Member, padding};
use crate::copy::item::{Item, Kind};
use crate::copy::listing::Lack;
use crate::copy::reading::{self, NotRead};
use crate::copy::tree::Sources;

/// Files of so many bytes and more are read when they are sent.
const LARGE: u64 = 256 << 10;

/// Bytes of names in one list, which `xargs` makes one command line of: it takes
/// 128 KiB at most.
const LIST: usize = 90_000;

/// A stream, ready to be sent.
#[derive(Debug)]
pub(crate) struct Archive {
    pub(crate) parts: Vec<Part>,
    /// Bytes in all.
    pub(crate) length: u64,
    /// The files in it, in the order of their check values.
    pub(crate) files: Vec<usize>,
    /// Holds what the first part reads.
    _small: NamedTempFile,
}

/// Why there is no stream.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotPacked {
    #[error(transparent)]
    NotRead(#[from] NotRead),
    #[error("{} changed while it was read; copy it again", path.display())]
    Changed { path: PathBuf },
    #[error("cannot write a temporary file: {0}; make room in the directory that TMPDIR names")]
    NoRoom(#[from] io::Error),
}

/// Check values of large files, each computed once.
#[derive(Debug)]
pub(crate) struct Sums<'a> {
    known: BTreeMap<usize, u32>,
    stop: &'a AtomicBool,
}

/// Packs what `lack` says of `sources`.
pub(crate) fn pack(
    sources: &Sources,
    lack: &Lack,
    sums: &mut Sums<'_>,
) -> Result<Archive, NotPacked> {
    let packing = Packing {
        sources,
        lack,
        stop: sums.stop,
    };
    let small = NamedTempFile::new()?;
    let (content, mut checks) = packing.small()?;
    let large: Vec<usize> = packing.files(|size| size >= LARGE).collect();
    for &nth in &large {
        checks.push((nth, sums.of(nth, &sources.items[nth])?));
    }
    let mut out = BufWriter::new(small.as_file());
    packing.lists(&checks, &mut out)?;
    packing.attributes(&mut out)?;
    let mut content_from = content;
    content_from.rewind()?;
    io::copy(&mut content_from, &mut out)?;
    out.flush()?;
    drop(out);
    let length = small.as_file().metadata()?.len();
    let path = std::path::absolute(small.path())?;
    let mut parts = vec![Part::File { path, length }];
    for nth in large {
        packing.large(nth, &mut parts);
    }
    parts.push(bytes(END.to_vec()));
    Ok(Archive {
        length: parts.iter().map(length_of).sum(),
        parts,
        files: checks.into_iter().map(|(nth, _)| nth).collect(),
        _small: small,
    })
}

impl<'a> Sums<'a> {
    /// None yet. Once `stop` is true, files are not read any more.
    pub(crate) fn new(stop: &'a AtomicBool) -> Self {
        Self {
            known: BTreeMap::new(),
            stop,
        }
    }

    fn of(&mut self, nth: usize, item: &Item) -> Result<u32, NotPacked> {
        if let Some(&sum) = self.known.get(&nth) {
            return Ok(sum);
        }
        let sum = check(item, &mut io::sink(), self.stop)?;
        self.known.insert(nth, sum);
        Ok(sum)
    }
}

/// Copies the content of a file to `out`, and gives its check value.
fn check(item: &Item, out: &mut dyn Write, stop: &AtomicBool) -> Result<u32, NotPacked> {
    let (mut crc, mut read) = (Crc::default(), 0);
    let Kind::File { size, from } = &item.kind else {
        return Ok(crc.finish());
    };
    // One byte more, to see that it has grown.
    reading::read::<NotPacked>(from, size + 1, stop, &mut |piece| {
        crc.update(piece);
        read += piece.len() as u64;
        if read <= *size {
            out.write_all(piece)?;
        }
        Ok(())
    })?;
    if read != *size {
        return Err(NotPacked::Changed { path: from.clone() });
    }
    Ok(crc.finish())
}

struct Packing<'a> {
    sources: &'a Sources,
    lack: &'a Lack,
    stop: &'a AtomicBool,
}

impl Packing<'_> {
    fn files(&self, fits: impl Fn(u64) -> bool) -> impl Iterator<Item = usize> {
        self.lack.send.iter().copied().filter(move |&nth| {
            let kind = &self.sources.items[nth].kind;
            matches!(kind, Kind::File { size, .. } if fits(*size))
        })
    }

    /// Directories, links and small files, as members below `new/`.
    fn small(&self) -> Result<(File, Vec<(usize, u32)>), NotPacked> {
        let file = tempfile::tempfile()?;
        let mut out = BufWriter::new(file);
        out.write_all(&Member::directory("new").header())?;
        let mut checks = Vec::new();
        for &nth in &self.lack.send {
            let item = &self.sources.items[nth];
            if item.size() >= LARGE {
                continue;
            }
            out.write_all(&self.member(item).header())?;
            if let Kind::File { size, .. } = item.kind {
                checks.push((nth, check(item, &mut out, self.stop)?));
                out.write_all(padding(size))?;
            }
        }
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok((file, checks))
    }

    /// A directory that its owner may not write to could not be moved: its own
    /// mode follows with the attributes.
    fn member(&self, item: &Item) -> Member {
        let path = Path::new("new").join(self.lack.lay.at(&item.path));
        let mode = match item.kind {
            Kind::Directory => item.mode | 0o700,
            _ => item.mode,
        };
        Member::of(item, path, mode)
    }

    fn large(&self, nth: usize, parts: &mut Vec<Part>) {
        let item = &self.sources.items[nth];
        if let Kind::File { size, from } = &item.kind {
            parts.push(bytes(self.member(item).header()));
            parts.push(Part::File {
                path: from.clone(),
                length: *size,
            });
            parts.push(bytes(padding(*size).to_vec()));
        }
    }

    /// What the script works on: the files with their check values, and what is
    /// to be moved where.
    fn lists(&self, checks: &[(usize, u32)], out: &mut impl Write) -> io::Result<()> {
        let at = |nth: usize| self.lack.lay.at(&self.sources.items[nth].path);
        let names = checks.iter().map(|&(nth, _)| named(&at(nth)));
        list("names", &names.collect::<Vec<_>>().concat(), out)?;
        let sums = checks.iter().map(|&(nth, sum)| {
            let size = self.sources.items[nth].size();
            format!("{sum} {size}\n")
        });
        list("sums", sums.collect::<String>().as_bytes(), out)?;
        out.write_all(&Member::directory("move").header())?;
        for (nth, command) in self.moves().iter().enumerate() {
            list(&format!("move/{nth:06}"), command, out)?;
        }
        Ok(())
    }

    /// The arguments of one `mv` a directory that is there: all that is new in it.
    fn moves(&self) -> Vec<Vec<u8>> {
        let sent: BTreeSet<&Path> = self
            .lack
            .send
            .iter()
            .map(|&nth| self.sources.items[nth].path.as_path())
            .collect();
        let mut groups: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
        for path in &sent {
            if path.parent().is_none_or(|parent| !sent.contains(parent)) {
                let at = self.lack.lay.at(path);
                let parent = at.parent().unwrap_or(Path::new("")).to_owned();
                groups.entry(parent).or_default().push(at);
            }
        }
        groups
            .iter()
            .flat_map(|(parent, paths)| commands(parent, paths))
            .collect()
    }

    /// Modes and times of what is there, as empty files and directories below
    /// `attr/`, which the script puts over them.
    fn attributes(&self, out: &mut impl Write) -> io::Result<()> {
        let items = &self.sources.items;
        let narrow = |nth: &&usize| {
            let item = &items[**nth];
            item.kind == Kind::Directory && item.mode & 0o700 != 0o700
        };
        let narrow = self.lack.send.iter().filter(narrow);
        let wanted: Vec<&Path> = self
            .lack
            .adjust
            .iter()
            .chain(narrow)
            .map(|&nth| items[nth].path.as_path())
            .collect();
        let all: BTreeSet<&Path> = wanted.iter().flat_map(|path| path.ancestors()).collect();
        out.write_all(&Member::directory("attr").header())?;
        let mut tops = BTreeSet::new();
        for item in items
            .iter()
            .filter(|item| all.contains(item.path.as_path()))
        {
            let at = self.lack.lay.at(&item.path);
            tops.extend(at.components().next().map(|top| named(Path::new(&top))));
            let empty = Item {
                kind: match item.kind {
                    Kind::Directory => Kind::Directory,
                    _ => Kind::File {
                        size: 0,
                        from: PathBuf::new(),
                    },
                },
                ..item.clone()
            };
            let member = Member::of(&empty, Path::new("attr").join(at), item.mode);
            out.write_all(&member.header())?;
        }
        let tops: Vec<_> = tops.into_iter().collect();
        list("tops", &tops.concat(), out)
    }
}

fn commands(parent: &Path, paths: &[PathBuf]) -> Vec<Vec<u8>> {
    let into = Path::new("../..").join(parent).join(".");
    let begin = || {
        let words = [OsStr::new("-t"), into.as_os_str(), OsStr::new("--")];
        words.map(ended).concat()
    };
    let (mut commands, mut command) = (Vec::new(), begin());
    for path in paths {
        let name = named(path);
        if command.len() + name.len() > LIST {
            commands.push(std::mem::replace(&mut command, begin()));
        }
        command.extend(name);
    }
    commands.push(command);
    commands
}

/// A path that is no option, with the byte that ends it in a list.
fn named(path: &Path) -> Vec<u8> {
    [b"./", path.as_os_str().as_bytes(), b"\0"].concat()
}

fn ended(word: &OsStr) -> Vec<u8> {
    [word.as_bytes(), b"\0"].concat()
}

fn list(name: &str, content: &[u8], out: &mut impl Write) -> io::Result<()> {
    let size = content.len() as u64;
    out.write_all(&Member::list(name, size).header())?;
    out.write_all(content)?;
    out.write_all(padding(size))
}

fn bytes(bytes: Vec<u8>) -> Part {
    Part::Bytes(Secret::new(bytes.into()))
}

fn length_of(part: &Part) -> u64 {
    match part {
        Part::Bytes(bytes) => bytes.expose().len() as u64,
        Part::File { length, .. } => *length,
    }
}
