//! From the nodes to here: one directory a node, what is here already left alone.
//! Not in here: writing it (`landing`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bramble_cluster::NodeName;
use bramble_fleet::{Errand, Fleet, News, Pace, Stream, Task};

use crate::copy::item::{Item, Kind};
use crate::copy::landing::Landing;
use crate::copy::out::{Became, Outcome, Step};
use crate::copy::place::Remote;
use crate::copy::remote_tree;
use crate::copy::talk::{self, Said, Trouble};

/// Bytes of complaint that are kept of a node.
const COMPLAINT: usize = 4096;

/// A copy from nodes, as it was asked for.
#[derive(Debug)]
pub(crate) struct Fetch<'a> {
    pub(crate) fleet: &'a Fleet,
    pub(crate) from: &'a Remote,
    /// The directory here.
    pub(crate) into: &'a Path,
    pub(crate) root: bool,
    pub(crate) pace: Pace,
}

/// What one node has, and what of it is lacking here.
#[derive(Debug)]
pub(crate) struct Haul {
    pub(crate) items: Vec<Item>,
    /// The files whose sizes say nothing.
    pub(crate) made: BTreeSet<PathBuf>,
    /// Places of the files to fetch.
    pub(crate) fetch: Vec<usize>,
    /// Whether anything else is not as it is there.
    pub(crate) adjust: bool,
}

impl Haul {
    fn bytes(&self) -> u64 {
        self.fetch.iter().map(|&nth| self.items[nth].size()).sum()
    }

    fn became(&self) -> Became {
        if self.fetch.is_empty() && !self.adjust {
            return Became::There;
        }
        Became::Copied {
            files: self.fetch.len(),
            bytes: self.bytes(),
        }
    }
}

impl Fetch<'_> {
    /// Asks `nodes` what they have, and compares.
    pub(crate) fn ask(&self, nodes: &[NodeName]) -> (BTreeMap<NodeName, Haul>, Outcome) {
        let (mut hauls, mut trouble) = (BTreeMap::new(), BTreeMap::new());
        let question = format!("{}\n{}\n{}\n", self.base(), self.name(), self.from.shown());
        let parts = vec![talk::bytes(question)];
        let task = talk::task(include_str!("list.sh"), self.root, parts);
        let tasks = nodes.iter().map(|node| (node.clone(), Arc::clone(&task)));
        talk::exchange(self.fleet, tasks, self.pace, &mut |node, said| match said
            .and_then(|said| self.haul(node, &said))
        {
            Ok(haul) => drop(hauls.insert(node.clone(), haul)),
            Err(reason) => drop(trouble.insert(node.clone(), Became::Trouble(reason))),
        });
        (hauls, trouble)
    }

    fn haul(&self, node: &NodeName, said: &Said) -> Result<Haul, Trouble> {
        if said.status != 0 {
            return Err(said.trouble());
        }
        let failed = |error: String| Trouble::Failed(error);
        let tree = remote_tree::parse(&said.output).map_err(|error| failed(error.to_string()))?;
        let base = self.into.join(node.as_str());
        let mut haul = Haul {
            items: tree.items,
            made: tree.made,
            fetch: Vec::new(),
            adjust: !base.is_dir(),
        };
        for (nth, item) in haul.items.iter().enumerate() {
            match here(&base, item).map_err(failed)? {
                // What it holds is known when it is read.
                Here::Same | Here::Adjust if haul.made.contains(&item.path) => haul.fetch.push(nth),
                Here::Same => {}
                Here::Lacking if matches!(item.kind, Kind::File { .. }) => haul.fetch.push(nth),
                Here::Adjust | Here::Lacking => haul.adjust = true,
            }
        }
        Ok(haul)
    }

    /// Where what `node` has comes to be here.
    pub(crate) fn place(&self, node: &NodeName) -> PathBuf {
        let folder = self.into.join(node.as_str());
        self.kept_name()
            .map_or(folder.clone(), |name| folder.join(name))
    }

    /// What it is called in the directory of a node; nothing if that is all of it.
    pub(crate) fn kept_name(&self) -> Option<&str> {
        (!self.from.is_content()).then(|| self.from.name())
    }

    fn base(&self) -> &str {
        if self.from.is_content() {
            self.from.as_str()
        } else {
            self.from.parent()
        }
    }

    fn name(&self) -> &str {
        self.kept_name().unwrap_or(".")
    }

    /// What would become of each node.
    pub(crate) fn forecast(hauls: &BTreeMap<NodeName, Haul>, mut outcome: Outcome) -> Outcome {
        for (node, haul) in hauls {
            outcome.insert(node.clone(), haul.became());
        }
        outcome
    }

    /// Fetches what is lacking, and puts it in its place.
    pub(crate) fn fetch(
        &self,
        hauls: BTreeMap<NodeName, Haul>,
        outcome: Outcome,
        step: &mut dyn FnMut(Step),
    ) -> Outcome {
        let mut outcome = Self::forecast(&hauls, outcome);
        step(Step::Sending {
            nodes: hauls.values().filter(|haul| !haul.fetch.is_empty()).count(),
            bytes: hauls.values().map(Haul::bytes).sum(),
        });
        let (mut errands, mut landings) = (Vec::new(), Vec::new());
        for (node, haul) in hauls {
            if matches!(haul.became(), Became::There) {
                continue;
            }
            let (base, task) = (self.into.join(node.as_str()), self.task(&haul));
            let landed = Landing::open(self.into, base, haul).and_then(|landing| {
                // Without files there is nothing to fetch.
                if landing.lacks_files() {
                    Ok(Some(landing))
                } else {
                    landing.settle().map(|()| None)
                }
            });
            match landed {
                Ok(None) => {}
                Ok(Some(landing)) => {
                    errands.push(Errand { node, task });
                    landings.push(Some((landing, Said::default())));
                }
                Err(error) => {
                    let trouble = Trouble::Failed(error);
                    outcome.insert(node, Became::Trouble(trouble));
                }
            }
        }
        self.fleet
            .carry_out(&errands, None, self.pace, &mut |errand, news| {
                let node = &errands[errand].node;
                if let Some(ended) = hear(&mut landings[errand], node, news, step) {
                    match (ended, outcome.get_mut(node)) {
                        (Ok(landed), Some(Became::Copied { bytes, .. })) => *bytes = landed,
                        (Ok(_), _) => {}
                        (Err(trouble), _) => {
                            outcome.insert(node.clone(), Became::Trouble(trouble));
                        }
                    }
                    step(Step::Done(node.clone()));
                }
            });
        outcome
    }

    fn task(&self, haul: &Haul) -> Arc<Task> {
        let mut names = Vec::new();
        for &nth in &haul.fetch {
            names.extend_from_slice(b"./");
            names.extend_from_slice(haul.items[nth].path.as_os_str().as_bytes());
            names.push(0);
        }
        let made = haul.fetch.iter().map(|&nth| &haul.items[nth].path);
        let made = made.filter(|path| haul.made.contains(*path)).count() > 0;
        let (kind, times) = if made { ("made", 3) } else { ("written", 2) };
        let head = format!("{}\n{}\n{kind}\n", self.base(), names.len());
        let names = std::iter::repeat_n(names, times).map(talk::bytes);
        let parts = [talk::bytes(head)].into_iter().chain(names).collect();
        talk::task(include_str!("fetch.sh"), self.root, parts)
    }
}

/// Takes news of one node; gives its end once it has come, with the bytes of content.
fn hear(
    place: &mut Option<(Landing, Said)>,
    node: &NodeName,
    news: News,
    step: &mut dyn FnMut(Step),
) -> Option<Result<u64, Trouble>> {
    let (landing, said) = place.as_mut()?;
    match news {
        News::Begun => None,
        News::Wrote(Stream::Output, bytes) => {
            landing.push(&bytes);
            step(Step::At(node.clone(), landing.landed()));
            None
        }
        News::Wrote(Stream::Complaint, bytes) => {
            let room = COMPLAINT.saturating_sub(said.complaint.len());
            said.complaint
                .extend_from_slice(&bytes[..bytes.len().min(room)]);
            None
        }
        News::Ended(Err(reason)) => Some(Err(reason.into())),
        News::Ended(Ok(status)) => {
            let (landing, mut said) = place.take()?;
            said.status = status;
            let landed = landing.landed();
            Some(match landing.finish() {
                Ok(()) if status == 0 => Ok(landed),
                // What the node says explains what is lacking.
                Err(error) if said.complaint.is_empty() => Err(Trouble::Failed(error)),
                _ => Err(said.trouble()),
            })
        }
    }
}

/// Whether something is here as it is there.
enum Here {
    Same,
    Adjust,
    Lacking,
}

fn here(base: &Path, item: &Item) -> Result<Here, String> {
    let path: PathBuf = base.join(&item.path);
    let Ok(found) = fs::symlink_metadata(&path) else {
        return Ok(Here::Lacking);
    };
    let same = (found.mtime(), found.mtime_nsec())
        == (item.stamp.seconds, i64::from(item.stamp.nanoseconds));
    let right = same && found.mode() & 0o777 == item.mode;
    match &item.kind {
        Kind::Directory if !found.is_dir() => Err(format!(
            "{} is no directory, and in the way of one; move it away",
            path.display()
        )),
        Kind::Directory if right => Ok(Here::Same),
        Kind::Directory => Ok(Here::Adjust),
        _ if found.is_dir() => Err(format!(
            "{} is a directory, and in the way of a file; move it away",
            path.display()
        )),
        Kind::File { size, .. } if found.is_file() && found.len() == *size && same => {
            Ok(if right { Here::Same } else { Here::Adjust })
        }
        Kind::Link { target } if fs::read_link(&path).is_ok_and(|here| here == *target) => {
            Ok(if same { Here::Same } else { Here::Adjust })
        }
        _ => Ok(Here::Lacking),
    }
}

#[cfg(test)]
mod tests;
