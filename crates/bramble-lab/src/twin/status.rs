//! What is running, read from the control groups. Not in here: changing it.

use std::fs;
use std::path::{Path, PathBuf};

use bramble_cluster::NodeName;
use serde::Serialize;

use super::group::Hierarchies;
use super::names::{Names, STATE};
use super::{CLUSTER_FILE, Twin};

/// A twin at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TwinStatus {
    /// Whether it was built whole and not taken down since.
    pub up: bool,
    /// Its nodes by name; none when it is down.
    pub nodes: Vec<NodeStatus>,
}

/// A virtual node at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NodeStatus {
    /// Which.
    pub name: NodeName,
    /// Whether any process of it runs.
    pub running: bool,
    /// Bytes that its processes hold, and the kernel for them, without the cache
    /// of files; `None` where the kernel does not count.
    pub memory: Option<u64>,
}

/// A twin that is up on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunningTwin {
    /// What tells it from others.
    pub id: String,
    /// The cluster file it was made of.
    pub cluster_file: PathBuf,
    /// Its nodes by name.
    pub nodes: Vec<NodeName>,
}

impl RunningTwin {
    /// The twin itself, also when its cluster file is gone.
    pub fn twin(&self) -> Twin {
        Twin {
            names: Names {
                id: self.id.clone(),
            },
            cluster_file: self.cluster_file.clone(),
        }
    }
}

impl Twin {
    /// Which nodes run, and the memory of each.
    pub fn status(&self) -> TwinStatus {
        let hierarchies = Hierarchies::find().ok();
        let node_status = |name: NodeName| {
            let whole = hierarchies
                .as_ref()
                .map(|all| all.group(&self.names.whole()));
            let group = whole.map(|whole| whole.child(name.as_str()));
            NodeStatus {
                running: group.as_ref().is_some_and(super::Group::is_populated),
                memory: group.as_ref().and_then(super::Group::memory_held),
                name,
            }
        };
        TwinStatus {
            up: self.is_up(),
            nodes: nodes(&self.names).into_iter().map(node_status).collect(),
        }
    }

    /// All twins that are up on this machine, by id.
    pub fn running() -> Vec<RunningTwin> {
        let mut found: Vec<_> = fs::read_dir(STATE)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| running(entry.file_name().into_string().ok()?))
            .collect();
        found.sort_by(|one, other| one.id.cmp(&other.id));
        found
    }
}

impl Twin {
    /// Every twin that was begun for a cluster file, also if it is half made, and
    /// whatever the cluster was called then.
    pub fn recorded(cluster_file: &Path) -> Vec<Self> {
        let states = fs::read_dir(STATE).into_iter().flatten().flatten();
        states
            .filter_map(|entry| recorded(entry.file_name().into_string().ok()?))
            .filter(|twin| twin.cluster_file == cluster_file)
            .collect()
    }
}

fn recorded(id: String) -> Option<Twin> {
    let names = Names { id };
    let cluster_file = fs::read_to_string(names.state().join(CLUSTER_FILE)).ok()?;
    Some(Twin {
        names,
        cluster_file: PathBuf::from(cluster_file),
    })
}

fn running(id: String) -> Option<RunningTwin> {
    let twin = recorded(id)?;
    twin.is_up().then(|| RunningTwin {
        nodes: nodes(&twin.names),
        id: twin.names.id,
        cluster_file: twin.cluster_file,
    })
}

fn nodes(names: &Names) -> Vec<NodeName> {
    let mut found: Vec<NodeName> = fs::read_dir(Path::new(&names.state()).join("nodes"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    found.sort();
    found
}
