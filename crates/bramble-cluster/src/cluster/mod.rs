//! A cluster as a value: validated, with nothing left to check.
//!
//! Everything after reading the cluster file takes a [`Cluster`] by reference.
//! It can only be made by [`crate::file::read`], so whoever holds one may rely
//! on what the docs of its fields promise.

mod hosts;
mod select;

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::Serialize;

use crate::catalogue::Board;
use crate::name::{ClusterName, NodeName, RoleName, UserName};
use crate::unit::Memory;

/// The one description of a cluster, read and validated.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Cluster {
    /// What the cluster is called.
    pub name: ClusterName,
    /// The account made on every node, with the same uid everywhere.
    pub user: UserName,
    /// Public keys that may log in to every node besides the cluster's own: one
    /// line each, beginning with its type (`ssh-ed25519 AAAA... me`).
    pub authorized_keys: Vec<String>,
    /// An IANA zone name such as `Europe/London`: letters, digits and `/_+-` only.
    pub timezone: String,
    /// How the nodes are wired and reached.
    pub network: Network,
    /// Where the right time comes from.
    pub time: TimeSource,
    /// Directories that one node shares with all others.
    pub shares: Vec<Share>,
    /// What queues and starts jobs, if anything does.
    pub scheduler: Option<Engine>,
    /// Every node: the head first, then in the order of the file. Names and
    /// addresses are unique, and exactly one node is the head.
    pub nodes: Vec<Node>,
}

/// The uid and gid of the account, the same on every node: shared files carry
/// numbers. It is what Raspberry Pi OS and Debian give the first account.
pub const USER_ID: u32 = 1000;

/// The cluster's own network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Network {
    /// Holds every node's address.
    pub subnet: Ipv4Net,
    /// How the nodes are reached from outside.
    pub access: Access,
    /// When workers may reach the internet through the head.
    pub internet: Internet,
    /// The router of the subnet, for nodes that are not behind a gateway; in the
    /// subnet, and no node's address.
    pub router: Option<Ipv4Addr>,
    /// The domain of the nodes' full names: lower-case labels joined by dots.
    pub domain: String,
}

/// How the owner's machine reaches the nodes (question 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Every node by its own address, on the owner's network.
    Direct,
    /// Every node by its own address, through a router that knows the subnet.
    Routed,
    /// The head by its uplink, all others through the head.
    Gateway,
}

/// When workers may reach the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Internet {
    /// At any time.
    Always,
    /// While `bramble internet on` holds.
    OnDemand,
    /// At no time.
    Never,
}

/// Where the right time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeSource {
    /// Public time servers.
    Internet,
    /// A GPS receiver on the time server.
    Gps,
    /// Nothing: the nodes agree with each other only.
    None,
}

/// What queues and starts jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Engine {
    /// Slurm, as the distribution packages it.
    Slurm,
}

/// A directory that one node shares with all others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Share {
    /// The node that has it; a node of this cluster.
    pub on: NodeName,
    /// The directory there: absolute, of letters, digits and `/._-`.
    pub path: String,
    /// Where every node finds it: likewise.
    pub mount: String,
    /// The block device that holds it, if it has one of its own: likewise.
    pub device: Option<String>,
}

/// What a node is for, at the coarsest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The others reach the world through it.
    Head,
    /// Runs services.
    Auxiliary,
    /// Runs jobs.
    Worker,
}

/// One node.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Node {
    /// Its host name, unique in the cluster.
    pub name: NodeName,
    /// Its address in the cluster's subnet, unique in the cluster.
    pub address: Ipv4Addr,
    /// What it is for.
    pub place: Place,
    /// The hardware, as the catalogue knows it.
    pub board: Board,
    /// Which of the board's memory sizes it has.
    pub memory: Memory,
    /// What it is for, by role; every name is one that bramble knows.
    pub roles: Vec<RoleName>,
    /// How it reaches the world, if it has a way of its own.
    pub uplink: Option<Uplink>,
}

/// A way to the world that is not the cluster's switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Uplink {
    /// What it runs over.
    pub medium: Medium,
    /// Where the owner's machine finds the head, if not as `NAME.local`: a host
    /// name or an address.
    pub reach: Option<String>,
}

/// What an uplink runs over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Medium {
    /// A wireless network, by its name (SSID).
    Wifi(String),
    /// A second Ethernet interface, by its name.
    Ethernet(String),
}

impl Cluster {
    /// The node that the others reach the world through.
    pub fn head(&self) -> &Node {
        &self.nodes[0]
    }

    /// The node called `name`.
    pub fn node(&self, name: &NodeName) -> Option<&Node> {
        self.nodes.iter().find(|node| &node.name == name)
    }

    /// The nodes with `role`, in order.
    pub fn with_role<'a>(&'a self, role: &'a str) -> impl Iterator<Item = &'a Node> {
        self.nodes.iter().filter(move |node| node.has_role(role))
    }

    /// The node through which the others reach the world: it has the role
    /// `gateway`, and an uplink.
    pub fn gateway(&self) -> Option<&Node> {
        self.provider("gateway")
            .filter(|node| node.uplink.is_some())
    }

    /// The node that serves the others in `role`: the first that has it.
    pub fn provider<'a>(&'a self, role: &'a str) -> Option<&'a Node> {
        self.with_role(role).next()
    }

    /// Cores for jobs: of all workers, by the catalogue.
    pub fn worker_cores(&self) -> u32 {
        self.with_role("worker").map(|node| node.board.cores).sum()
    }

    /// The nodes in the order in which they are converged, one inner list at a
    /// time: the head, then nodes that run services, then workers. What a node
    /// needs from another is then already there.
    pub fn waves(&self) -> Vec<Vec<&Node>> {
        [Place::Head, Place::Auxiliary, Place::Worker]
            .into_iter()
            .map(|place| {
                self.nodes
                    .iter()
                    .filter(|node| node.place == place)
                    .collect()
            })
            .filter(|wave: &Vec<_>| !wave.is_empty())
            .collect()
    }
}

impl Node {
    /// Whether the node has `role`.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|name| name.as_str() == role)
    }
}
