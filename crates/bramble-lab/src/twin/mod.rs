//! The twin itself: up, down, and what it is like in between.
//!
//! All that a twin is made of is named after its id and found by that; nothing
//! that was written down is needed to remove it. A process killed at any point is
//! thus repaired by the next [`Twin::up`] or [`Twin::down`]. Not in here: SSH.

mod card;
mod group;
mod launch;
mod lock;
mod mounts;
mod names;
mod network;
mod node;
mod remains;
mod secret_file;
mod shares;
mod status;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use bramble_card::Seed;
use bramble_cluster::NodeName;
use bramble_cluster::event::{Event, Watch};
use bramble_cluster::name::ClusterName;

pub use card::WrittenCard;
pub use status::{NodeStatus, RunningTwin, TwinStatus};

use group::{Group, Hierarchies};
use names::Names;

use crate::error::at;
use crate::layout::VirtualNode;
use crate::{BaseImage, LabError, Layout};

/// Written last when the twin is up.
const READY: &str = "ready";

/// The group of the way to the internet; `@` cannot be part of a node's name.
const EXIT: &str = "@exit";

/// The group of the programs that wire the twin, which end by themselves.
const WIRING: &str = "@wiring";

/// The cluster file, as [`Twin::running`] tells it.
const CLUSTER_FILE: &str = "cluster-file";

/// The virtual copy of one cluster on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    names: Names,
    cluster_file: PathBuf,
}

impl Twin {
    /// The twin of a cluster file, whether it is up or not.
    pub fn of(cluster_file: &Path, cluster_name: &ClusterName) -> Self {
        Self {
            names: Names::of(cluster_file, cluster_name),
            cluster_file: names::canonical(cluster_file),
        }
    }

    /// What tells it from other twins on this machine.
    pub fn id(&self) -> &str {
        &self.names.id
    }

    /// Builds the twin and starts every node; what was there of it before is
    /// removed first. Returns when the nodes' own first processes run: their first
    /// boot goes on. On an error, and when `stop` is set, nothing stays.
    pub fn up(
        &self,
        layout: &Layout,
        cards: &Cards<'_>,
        watch: Watch<'_>,
        stop: &AtomicBool,
    ) -> Result<(), LabError> {
        if !rustix::process::geteuid().is_root() {
            return Err(LabError::NotRoot);
        }
        let _lock = lock::take(&self.names)?;
        remains::remove(&self.names)?;
        self.build(layout, cards, watch, stop).map_err(|error| {
            // The reason of the failure is the one to report; `down` finds the rest.
            remains::remove(&self.names)
                .and_then(|()| remains::remove_state(&self.names))
                .ok();
            // Ctrl-C in a terminal ends the programs that were at work, too.
            if stop.load(Ordering::Relaxed) {
                LabError::Interrupted
            } else {
                error
            }
        })
    }

    fn build(
        &self,
        layout: &Layout,
        cards: &Cards<'_>,
        watch: Watch<'_>,
        stop: &AtomicBool,
    ) -> Result<(), LabError> {
        layout.check()?;
        let group = Hierarchies::find()?.group(&self.names.whole());
        group.create_branch()?;
        self.write(
            CLUSTER_FILE,
            self.cluster_file.as_os_str().as_encoded_bytes(),
        )?;
        let nodes: Vec<_> = layout.nodes.iter().enumerate().collect();
        let wiring = self.wiring()?;
        network::build(&self.names, layout, &wiring)?;
        network::plug(&self.names, &nodes, layout, &wiring)?;
        let exit = group.child(EXIT);
        exit.create()?;
        network::open_exit(&self.names, layout, &exit)?;
        shares::create(&self.names, &layout.shares)?;
        let mut limited = true;
        for &(index, node) in &nodes {
            if stop.load(Ordering::Relaxed) {
                return Err(LabError::Interrupted);
            }
            if let Some(message) = node::insert_card(&self.names, node, cards, &wiring)? {
                watch(Event::Note { message });
            }
            limited &= self.start(index, node, layout, &group)?;
        }
        if !limited {
            let message = "this machine cannot limit the memory of the virtual nodes".to_owned();
            watch(Event::Note { message });
        }
        for (_, node) in &nodes {
            node::has_started(&self.names, &node.name, &group.child(node.name.as_str()))?;
        }
        network::exit_is_open(&self.names, &exit)?;
        self.write(READY, b"")
    }

    /// Made if it is not there, so that a twin of which only the state is left, as
    /// after a restart of this machine, fails by what it lacks.
    fn wiring(&self) -> Result<Group, LabError> {
        let group = Hierarchies::find()?.group(&self.names.whole());
        let wiring = group.child(WIRING);
        wiring.create()?;
        Ok(wiring)
    }

    /// Whether the node's memory could be limited.
    fn start(
        &self,
        index: usize,
        node: &VirtualNode,
        layout: &Layout,
        group: &Group,
    ) -> Result<bool, LabError> {
        let group = group.child(node.name.as_str());
        group.create()?;
        let limited = group.limit_memory(node.memory);
        let binds = shares::binds(&self.names, &node.name, &layout.shares);
        node::start(&self.names, index, node, &binds, &group)?;
        Ok(limited)
    }

    /// Removes the twin, whatever state it is in; also if there is none.
    pub fn down(&self, watch: Watch<'_>) -> Result<(), LabError> {
        if self.leftovers().is_empty() {
            return Ok(());
        }
        watch(Event::Progress {
            message: format!("removing the twin {}", self.id()),
        });
        let _lock = lock::take(&self.names)?;
        remains::remove(&self.names)?;
        remains::remove_state(&self.names)?;
        let left = self.leftovers();
        if left.is_empty() {
            return Ok(());
        }
        Err(LabError::Left {
            id: self.id().to_owned(),
            left: left.join("\n"),
        })
    }

    /// Everything named after the twin that exists, a line each: nothing when it
    /// is down.
    pub fn leftovers(&self) -> Vec<String> {
        remains::list(&self.names)
    }

    /// Whether it was built whole and not taken down since; single nodes may be off.
    pub fn is_up(&self) -> bool {
        self.names.state().join(READY).exists() && self.network().exists()
    }

    /// The network namespace from which the nodes are reached, at the addresses of
    /// [`Layout::reach`].
    pub fn network(&self) -> PathBuf {
        Path::new(names::NAMESPACES).join(self.names.whole())
    }

    /// Whether directories are shared by showing every node the same one, as the
    /// kernel has no NFS.
    pub fn shares_are_bind_mounts(&self) -> bool {
        shares::are_bind_mounts(&self.names)
    }

    /// All that `node` wrote to its console.
    pub fn console(&self, node: &NodeName) -> String {
        node::console(&self.names, node)
    }

    /// Ends a node abruptly, as pulling its plug does. Its card keeps what it holds.
    pub fn power_off(&self, node: &NodeName) -> Result<(), LabError> {
        let _lock = self.lock_node(node)?;
        // Processes that are ended close their connections; a board without power
        // falls silent.
        network::pull_cables(&self.names, node, &self.wiring()?)?;
        self.cut(node)
    }

    fn cut(&self, node: &NodeName) -> Result<(), LabError> {
        let group = Hierarchies::find()?
            .group(&self.names.whole())
            .child(node.as_str());
        group.kill()?;
        group.remove();
        let network = self.names.node_network(node);
        if network::left(&self.names).contains(&network) {
            network::remove_namespace(&network)?;
        }
        Ok(())
    }

    /// Starts a node from the card it has; one that is on loses its power first.
    pub fn power_on(&self, node: &NodeName, layout: &Layout) -> Result<(), LabError> {
        let _lock = self.lock_node(node)?;
        self.cut(node)?;
        let found = layout
            .nodes
            .iter()
            .enumerate()
            .find(|(_, known)| &known.name == node);
        let (index, node) = found.ok_or_else(|| self.unknown(node))?;
        let group = Hierarchies::find()?.group(&self.names.whole());
        let wiring = self.wiring()?;
        network::unplug(&self.names, index, node, &wiring);
        network::plug(&self.names, &[(index, node)], layout, &wiring)?;
        self.start(index, node, layout, &group)?;
        node::has_started(&self.names, &node.name, &group.child(node.name.as_str()))
    }

    fn lock_node(&self, node: &NodeName) -> Result<lock::Lock, LabError> {
        if !self.names.node_state(node).exists() {
            return Err(self.unknown(node));
        }
        lock::take(&self.names)
    }

    fn unknown(&self, node: &NodeName) -> LabError {
        LabError::NoSuchNode {
            id: self.id().to_owned(),
            node: node.clone(),
        }
    }

    fn write(&self, name: &str, content: &[u8]) -> Result<(), LabError> {
        let path = self.names.state().join(name);
        fs::write(&path, content).map_err(at("write", &path))
    }
}

/// What the nodes boot from.
#[derive(Debug, Clone, Copy)]
pub struct Cards<'a> {
    /// The operating system, the same for all.
    pub base: &'a BaseImage,
    /// What is each node's own: one for every node of the layout. Of one that is in
    /// `written`, only the network counts, and only where its card's is not here.
    pub seeds: &'a BTreeMap<NodeName, Seed>,
    /// Cards as they were written to files, from which nodes boot instead. The files
    /// stay as they are.
    pub written: &'a BTreeMap<NodeName, WrittenCard>,
}

impl Cards<'_> {
    fn seed(&self, node: &NodeName) -> Result<&Seed, LabError> {
        self.seeds
            .get(node)
            .ok_or_else(|| LabError::NoSeed(node.clone()))
    }
}
