//! Which cluster is meant, and how its nodes are reached: boards by their
//! addresses, virtual nodes inside the twin's network. Nothing that uses a
//! [`Target`] knows which of the two it is.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bramble_cluster::cluster::Access;
use bramble_cluster::nodeset::NodeSet;
use bramble_cluster::{Cluster, Node, NodeName, Secret, Secrets};
use bramble_fleet::{AddressBook, Entry, Fleet, FleetError, Identity, KeyError};
use bramble_lab::{Layout, Twin};

use crate::cluster_folder::ClusterFolder;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{interrupt, keeper, keyring, refusal};

/// Under these names things about nodes are remembered.
pub(crate) const TWIN: &str = "twin";
pub(crate) const BOARDS: &str = "boards";

/// Where SSH servers listen.
const SSH_PORT: u16 = 22;

/// What was typed about which cluster is meant.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice {
    /// The cluster file named.
    pub(crate) file: Option<PathBuf>,
    /// Whether the twin is meant.
    pub(crate) lab: bool,
    /// Whether to go without kept connections.
    pub(crate) cold: bool,
}

/// A cluster whose nodes can be reached.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) folder: ClusterFolder,
    pub(crate) cluster: Cluster,
    pub(crate) secrets: Secrets,
    pub(crate) fleet: Fleet,
    /// Once it is set, whatever runs on the nodes is ended.
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) book: AddressBook,
    /// Under this name things about these nodes are remembered.
    pub(crate) name: &'static str,
}

impl Choice {
    /// The folder of the cluster that is meant.
    pub(crate) fn folder(&self) -> Result<ClusterFolder, Failure> {
        if let Some(file) = &self.file {
            return ClusterFolder::of(file);
        }
        let here = std::env::current_dir().map_err(|error| {
            Failure::new(Exit::Host, format!("cannot tell where this is: {error}"))
        })?;
        if let Some(file) = ClusterFolder::nearest(&here) {
            return ClusterFolder::of(&file);
        }
        if self.lab {
            return running_twin();
        }
        Err(Failure::new(
            Exit::Usage,
            format!("there is no bramble.toml in {} or above it", here.display()),
        )
        .hint("name the cluster file with `-f FILE`")
        .hint("or see a whole cluster without one: `bramble try`"))
    }

    /// The cluster that is meant, ready to be talked to.
    pub(crate) fn target(&self, console: &mut Console) -> Result<Target, Failure> {
        let folder = self.folder()?;
        let cluster = folder.cluster(console)?;
        let target = Target::of(folder, cluster, self.lab, &interrupt::flag()?)?;
        if self.cold {
            return Ok(target);
        }
        target.kept()
    }
}

/// Without a file the twin that runs is meant, if it is the only one.
fn running_twin() -> Result<ClusterFolder, Failure> {
    match Twin::running().as_slice() {
        [twin] => ClusterFolder::of(&twin.cluster_file),
        [] => Err(Failure::new(
            Exit::Usage,
            "no twin is running, and no cluster file is near",
        )
        .hint("start one: `bramble try`, or `bramble -f FILE lab up`")),
        twins => {
            let files: Vec<_> = twins
                .iter()
                .map(|twin| twin.cluster_file.display().to_string())
                .collect();
            Err(
                Failure::new(Exit::Usage, format!("{} twins are running", twins.len()))
                    .hint(format!("say which with `-f FILE`: {}", files.join(", "))),
            )
        }
    }
}

impl Target {
    /// The nodes of `cluster`: the boards, or the twin's.
    pub(crate) fn of(
        folder: ClusterFolder,
        cluster: Cluster,
        lab: bool,
        stop: &Arc<AtomicBool>,
    ) -> Result<Self, Failure> {
        let name = if lab { TWIN } else { BOARDS };
        let secrets = keyring::open(&folder, &cluster, name)?;
        let book = if lab {
            let twin = Twin::of(folder.file(), &cluster.name);
            if !twin.is_up() {
                return Err(Failure::new(
                    Exit::Usage,
                    format!("the twin of {} is not up", cluster.name),
                )
                .hint("start it: `bramble lab up`"));
            }
            twin_book(&cluster, &secrets, &twin)
        } else {
            board_book(&cluster, &secrets)
        };
        let fleet =
            fleet(&cluster, &secrets, &book, stop).map_err(|error| no_fleet(&error, &folder))?;
        Ok(Self {
            folder,
            cluster,
            secrets,
            fleet,
            stop: Arc::clone(stop),
            book,
            name,
        })
    }

    /// The same with the keys as they are by now.
    pub(crate) fn again(self) -> Result<Self, Failure> {
        Self::of(self.folder, self.cluster, self.name == TWIN, &self.stop)
    }

    /// The same over the connections that are kept from one command to the next.
    pub(crate) fn kept(self) -> Result<Self, Failure> {
        let keeper = keeper::of(&self.folder, self.name)?;
        Ok(Self {
            fleet: self.fleet.kept_by(keeper),
            ..self
        })
    }

    /// Another way to the same nodes, which Ctrl-C does not stop: for what must be
    /// put back afterwards.
    pub(crate) fn another_fleet(&self) -> Result<Fleet, Failure> {
        let stop = Arc::new(AtomicBool::new(false));
        fleet(&self.cluster, &self.secrets, &self.book, &stop)
            .map_err(|error| no_fleet(&error, &self.folder))
    }

    /// Who logs in to the nodes, and with what.
    pub(crate) fn identity(&self) -> Identity {
        identity(&self.cluster, &self.secrets)
    }

    /// The one node that `expression` names.
    pub(crate) fn one(&self, expression: &str) -> Result<NodeName, Failure> {
        let nodes = self.select(expression)?;
        let mut names = nodes.iter();
        match (names.next(), names.next()) {
            (Some(node), None) => Ok(node),
            _ => Err(Failure::new(
                Exit::Usage,
                format!("`{expression}` is not one node"),
            )),
        }
    }

    /// The nodes that `expression` names.
    pub(crate) fn select(&self, expression: &str) -> Result<NodeSet, Failure> {
        self.cluster
            .select(expression)
            .map_err(|error| refusal::inside(expression, &error))
    }
}

fn fleet(
    cluster: &Cluster,
    secrets: &Secrets,
    book: &AddressBook,
    stop: &Arc<AtomicBool>,
) -> Result<Fleet, FleetError> {
    Fleet::new(book.clone(), identity(cluster, secrets), Arc::clone(stop))
}

fn no_fleet(error: &FleetError, folder: &ClusterFolder) -> Failure {
    let failure = Failure::new(Exit::Host, error.to_string());
    let encrypted = matches!(
        error,
        FleetError::PrivateKey {
            reason: KeyError::Encrypted,
            ..
        }
    );
    match keyring::owner_key(folder) {
        Ok(key) if encrypted => failure
            .hint("start an agent: `eval $(ssh-agent)`")
            .hint(format!("`ssh-add {}`", key.display())),
        _ => failure,
    }
}

fn identity(cluster: &Cluster, secrets: &Secrets) -> Identity {
    Identity {
        user: cluster.user.clone(),
        key: Some(Secret::new(secrets.owner.private.expose().clone())),
        agent: std::env::var_os("SSH_AUTH_SOCK").map(PathBuf::from),
    }
}

/// Boards: with access through the gateway, the head by its uplink and all
/// others through it; else each by its own address.
fn board_book(cluster: &Cluster, secrets: &Secrets) -> AddressBook {
    let head = cluster.head();
    let through_head = cluster.network.access == Access::Gateway;
    book(cluster, secrets, |node| {
        if !through_head || node.name != head.name {
            let via = through_head.then(|| head.name.clone());
            return (node.address.to_string(), via, None);
        }
        let reach = head.uplink.as_ref().and_then(|uplink| uplink.reach.clone());
        (
            reach.unwrap_or_else(|| format!("{}.local", head.name)),
            None,
            None,
        )
    })
}

/// Virtual nodes: the same ways, opened inside the twin's network.
fn twin_book(cluster: &Cluster, secrets: &Secrets, twin: &Twin) -> AddressBook {
    let head = cluster.head();
    let layout = Layout::of(cluster);
    let through_head = cluster.network.access == Access::Gateway;
    book(cluster, secrets, |node| {
        if through_head && node.name != head.name {
            return (node.address.to_string(), Some(head.name.clone()), None);
        }
        let host = layout.reach(&node.name).unwrap_or(node.address).to_string();
        (host, None, Some(twin.network()))
    })
}

type Way = (String, Option<NodeName>, Option<PathBuf>);

fn book(cluster: &Cluster, secrets: &Secrets, way: impl Fn(&Node) -> Way) -> AddressBook {
    let entry = |node: &Node| {
        let host_key = secrets.hosts.get(&node.name)?.pinned().to_owned();
        let (host, via, network) = way(node);
        Some((
            node.name.clone(),
            Entry {
                host,
                port: SSH_PORT,
                host_key,
                via,
                network,
            },
        ))
    };
    AddressBook {
        entries: cluster.nodes.iter().filter_map(entry).collect(),
    }
}
