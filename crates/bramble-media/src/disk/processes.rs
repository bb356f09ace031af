//! What running processes hold: mounts of their own, and devices that they write to.
//! Not in here: whether that is in the way.
//!
//! Of other users' processes nothing can be seen without root. Then the kernel still
//! keeps an exclusive open from succeeding where something is mounted.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::mounts::{self, Mount};
use super::world::{self, World};

/// The flags of an open file that say how it can be used, and the value of these which
/// says for reading only, as in `fdinfo`.
const ACCESS: u32 = 0o3;
const READ_ONLY: u32 = 0;

/// The mounts that a process sees.
#[derive(Debug, Clone)]
pub(super) struct View {
    /// `None` is this process's own view.
    pub(super) process: Option<u32>,
    pub(super) mounts: Vec<Mount>,
}

/// A process that has a device open for writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Writer {
    pub(super) process: u32,
    /// The path of the device as the machine gives it.
    pub(super) node: PathBuf,
    pub(super) program: String,
}

/// What this process sees mounted, and then once what the processes of every other
/// mount namespace see.
pub(super) fn views(world: &World) -> Vec<View> {
    let own = world.proc.join("self");
    let mut namespaces = BTreeSet::from([fs::read_link(own.join("ns/mnt")).ok()]);
    let mut views = vec![View {
        process: None,
        mounts: mounts_in(&own),
    }];
    for process in ids(world) {
        let folder = folder(world, process);
        let namespace = fs::read_link(folder.join("ns/mnt")).ok();
        if namespace.is_some() && namespaces.insert(namespace) {
            let mounts = mounts_in(&folder);
            views.push(View {
                process: Some(process),
                mounts,
            });
        }
    }
    views
}

/// All processes that have something in `/dev` open for writing.
pub(super) fn writers(world: &World) -> Vec<Writer> {
    let processes = ids(world).into_iter();
    processes
        .flat_map(|process| writers_in(world, process))
        .collect()
}

fn writers_in(world: &World, process: u32) -> Vec<Writer> {
    let folder = folder(world, process);
    let mut nodes = BTreeSet::new();
    for open in world::names(&folder.join("fd")) {
        let Ok(node) = fs::read_link(folder.join("fd").join(&open)) else {
            continue;
        };
        if node.starts_with("/dev") && writes(&folder.join("fdinfo").join(open)) {
            nodes.insert(node);
        }
    }
    let program = world::attribute(&folder.join("comm")).unwrap_or_default();
    let writer = |node| Writer {
        process,
        node,
        program: program.clone(),
    };
    nodes.into_iter().map(writer).collect()
}

fn writes(info: &Path) -> bool {
    let text = world::attribute(info).unwrap_or_default();
    let flags = text.lines().find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
    flags.is_some_and(|flags| flags & ACCESS != READ_ONLY)
}

fn mounts_in(process: &Path) -> Vec<Mount> {
    mounts::parse(&world::file(&process.join("mountinfo")).unwrap_or_default())
}

fn ids(world: &World) -> Vec<u32> {
    let names = world::names(&world.proc);
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

fn folder(world: &World, process: u32) -> PathBuf {
    world.proc.join(process.to_string())
}
