//! What the nodes have of what is to be copied: one exchange, and a second one
//! where only the content can tell. Not in here: what follows from it (`listing`).

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use bramble_cluster::NodeName;
use bramble_fleet::{Fleet, Pace};
use sha2::{Digest as _, Sha256};

use crate::copy::item::{Kind, Stamp};
use crate::copy::listing::{Destination, Found, Lack, Seen, Terms, compare};
use crate::copy::place::Remote;
use crate::copy::reading::{self, NotRead};
use crate::copy::talk::{self, Said, Trouble};
use crate::copy::tree::Sources;

pub(crate) const ASK: &str = include_str!("ask.sh");

/// A copy to nodes, as it was asked for.
#[derive(Debug)]
pub(crate) struct Wish<'a> {
    pub(crate) fleet: &'a Fleet,
    pub(crate) sources: &'a Sources,
    pub(crate) to: &'a Remote,
    pub(crate) terms: Terms,
    pub(crate) pace: Pace,
    /// Set by Ctrl-C: nothing more is read here then.
    pub(crate) stop: &'a AtomicBool,
}

/// What the nodes lack, and which of them lack the same.
#[derive(Debug, Default)]
pub(crate) struct Lacking {
    pub(crate) groups: BTreeMap<Lack, Vec<Member>>,
    pub(crate) trouble: BTreeMap<NodeName, Trouble>,
}

/// A node of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) node: NodeName,
    /// Whether it can log in to others.
    pub(crate) passes_on: bool,
}

impl Wish<'_> {
    /// Asks `nodes` what they have.
    pub(crate) fn ask(&self, nodes: &[NodeName]) -> Result<Lacking, NotRead> {
        let mut lacking = Lacking::default();
        let mut unsure = BTreeMap::new();
        let question = vec![talk::bytes(question(self.sources, self.to))];
        let task = talk::task(ASK, self.terms.root, question);
        let tasks = nodes.iter().map(|node| (node.clone(), task.clone()));
        talk::exchange(self.fleet, tasks, self.pace, &mut |node, said| match said
            .and_then(|said| self.compared(&said))
        {
            Ok((lack, seen)) if lack.unsure.is_empty() => {
                lacking.settle(self, node, (lack, &seen), &|_| false);
            }
            Ok(both) => drop(unsure.insert(node.clone(), both)),
            Err(trouble) => drop(lacking.trouble.insert(node.clone(), trouble)),
        });
        if !unsure.is_empty() {
            self.ask_content(unsure, &mut lacking)?;
        }
        // Answers came in any order; who passes on to whom should not change by it.
        for members in lacking.groups.values_mut() {
            members.sort_by(|a, b| a.node.cmp(&b.node));
        }
        Ok(lacking)
    }

    fn compared(&self, said: &Said) -> Result<(Lack, Seen), Trouble> {
        let mut seen = seen(&said.output).ok_or_else(|| said.trouble())?;
        let lack = compare(self.sources, self.to, &seen, self.terms).map_err(Trouble::Refused)?;
        // Of the rest nothing is asked any more, and there may be many nodes.
        let unsure: BTreeSet<PathBuf> =
            lack.unsure.iter().map(|&nth| self.at(&lack, nth)).collect();
        seen.found.retain(|path, _| unsure.contains(path));
        Ok((lack, seen))
    }

    fn at(&self, lack: &Lack, nth: usize) -> PathBuf {
        lack.lay.at(&self.sources.items[nth].path)
    }

    fn ask_content(
        &self,
        mut unsure: BTreeMap<NodeName, (Lack, Seen)>,
        lacking: &mut Lacking,
    ) -> Result<(), NotRead> {
        let digests = self.digests(unsure.values().flat_map(|(lack, _)| &lack.unsure))?;
        let task = |(node, (lack, _)): (&NodeName, &(Lack, Seen))| {
            let mut text = format!("{}\n", lack.lay.base).into_bytes();
            text.extend(
                lack.unsure
                    .iter()
                    .flat_map(|&nth| listed(&self.at(lack, nth))),
            );
            let parts = vec![talk::bytes(text)];
            let task = talk::task(include_str!("hashes.sh"), self.terms.root, parts);
            (node.clone(), task)
        };
        let tasks: Vec<_> = unsure.iter().map(task).collect();
        talk::exchange(self.fleet, tasks, self.pace, &mut |node, said| {
            let Some((lack, seen)) = unsure.remove(node) else {
                return;
            };
            match said {
                Ok(said) => {
                    let theirs = hashes(&said.output);
                    let paths: BTreeMap<usize, PathBuf> = lack
                        .unsure
                        .iter()
                        .map(|&nth| (nth, self.at(&lack, nth)))
                        .collect();
                    let same = |nth| digests.get(&nth) == theirs.get(&paths[&nth]);
                    lacking.settle(self, node, (lack, &seen), &same);
                }
                Err(trouble) => drop(lacking.trouble.insert(node.clone(), trouble)),
            }
        });
        Ok(())
    }

    /// After Ctrl-C not all are there: the nodes are not asked any more then.
    pub(super) fn digests<'b>(
        &self,
        items: impl Iterator<Item = &'b usize>,
    ) -> Result<BTreeMap<usize, Vec<u8>>, NotRead> {
        let mut digests = BTreeMap::new();
        for nth in items {
            if digests.contains_key(nth) {
                continue;
            }
            match self.digest(*nth) {
                Err(NotRead::Interrupted) => break,
                digest => drop(digests.insert(*nth, digest?)),
            }
        }
        Ok(digests)
    }

    fn digest(&self, nth: usize) -> Result<Vec<u8>, NotRead> {
        let mut hash = Sha256::new();
        if let Kind::File { from, .. } = &self.sources.items[nth].kind {
            reading::read::<NotRead>(from, u64::MAX, self.stop, &mut |piece| {
                hash.update(piece);
                Ok(())
            })?;
        }
        Ok(hash.finalize().to_vec())
    }
}

impl Lacking {
    fn settle(
        &mut self,
        wish: &Wish<'_>,
        node: &NodeName,
        (mut lack, seen): (Lack, &Seen),
        same: &dyn Fn(usize) -> bool,
    ) {
        if let Err(refusal) = lack.settle(wish.sources, seen, same, wish.terms) {
            self.trouble.insert(node.clone(), Trouble::Refused(refusal));
            return;
        }
        let member = Member {
            node: node.clone(),
            passes_on: seen.passes_on,
        };
        self.groups.entry(lack).or_default().push(member);
    }
}

/// The input of `ask.sh`.
pub(crate) fn question(sources: &Sources, to: &Remote) -> Vec<u8> {
    let mut text = format!("{}\n{}\n", to.as_str(), to.parent()).into_bytes();
    for item in &sources.items {
        text.extend(listed(&item.path));
    }
    text
}

/// A path as the scripts take it: no option, and ended by a zero byte.
fn listed(path: &Path) -> Vec<u8> {
    [b"./", path.as_os_str().as_bytes(), b"\0"].concat()
}

fn path(bytes: &[u8]) -> PathBuf {
    let bytes = bytes.strip_prefix(b"./").unwrap_or(bytes);
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// The answer of `ask.sh`.
pub(crate) fn seen(answer: &[u8]) -> Option<Seen> {
    let mut words = answer.strip_suffix(b"\0")?.split(|&byte| byte == 0);
    let mut word = || std::str::from_utf8(words.next()?).ok();
    let destination = match word()? {
        "directory" => Destination::Directory,
        "other" => Destination::Other,
        "nothing" => Destination::Nothing,
        _ => return None,
    };
    let (parent, passes_on) = (word()? == "yes", word()? == "yes");
    let free = word()?.parse().ok()?;
    Some(Seen {
        destination,
        parent,
        free,
        passes_on,
        found: words.filter_map(found).collect(),
    })
}

/// What cannot be understood, such as a time before 1970, counts as not there: it
/// is sent again.
fn found(words: &[u8]) -> Option<(PathBuf, Found)> {
    let mut words = words.splitn(4, |&byte| byte == b' ');
    let mut word = || std::str::from_utf8(words.next()?).ok();
    let found = Found {
        mode: u32::from_str_radix(word()?, 16).ok()?,
        size: word()?.parse().ok()?,
        stamp: Stamp::parse(word()?)?,
    };
    Some((path(words.next()?), found))
}

/// The answer of `hashes.sh`.
pub(crate) fn hashes(answer: &[u8]) -> BTreeMap<PathBuf, Vec<u8>> {
    let line = |line: &[u8]| {
        let (hash, name) = (line.get(..64)?, line.get(66..)?);
        Some((path(name), bytes(hash)?))
    };
    answer.split(|&byte| byte == 0).filter_map(line).collect()
}

/// The bytes that a text of hexadecimal digits stands for.
fn bytes(hexadecimal: &[u8]) -> Option<Vec<u8>> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    hexadecimal.chunks(2).map(byte).collect()
}
