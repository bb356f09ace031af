//! A cluster as a value: validated, with nothing left to check.
//!
//! Everything after reading the cluster file takes a [`Cluster`] by reference.
//! It can only be made by [`crate::file::read`], so whoever holds one may rely
//! on what the docs of its fields promise.

mod hosts;
mod select;

mod hardware;
mod sshd;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use ipnet::Ipv4Net;
use serde::Serialize;

use crate::catalogue::Switch;
use crate::identity::{MacAddress, SerialNumber};
use crate::money::{Amount, Currency};
use crate::name::{ClusterName, NodeName, RoleName, UserName};
use crate::unit::{Capacity, Memory};

pub use hardware::{BootFrom, Cooling, Group, Hardware, UsbDevice};
pub use select::Roster;

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
    /// What it is for.
    pub purpose: Vec<Purpose>,
    /// What money is worth and what is paid for.
    pub cost: Cost,
    /// What the nodes boot from.
    pub boot: Boot,
    /// How the nodes are wired and reached.
    pub network: Network,
    /// Where the right time comes from.
    pub time: TimeSource,
    /// Directories that one node shares with all others.
    pub shares: Vec<Share>,
    /// What every worker stores on its own card.
    pub room_per_node: Option<Capacity>,
    /// What queues and starts jobs, if anything does.
    pub scheduler: Option<Engine>,
    /// What jobs are expected to need.
    pub jobs: Jobs,
    /// How it is turned off and on, and fed.
    pub power: Power,
    /// What is bought besides.
    pub parts: Vec<Part>,
    /// The nodes by what they are made of: the head first, then in the order of
    /// the file. Together they are all the nodes.
    pub groups: Vec<Group>,
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
    /// Addresses of the subnet that another DHCP server gives out.
    pub dhcp: Option<AddressRange>,
    /// The switch they are plugged into, if it is known.
    pub switch: Option<Arc<Switch>>,
    /// How many of it, linked to each other.
    pub switches: u32,
    /// The domain of the nodes' full names: lower-case labels joined by dots.
    pub domain: String,
}

/// Addresses from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AddressRange {
    /// The lowest.
    pub first: Ipv4Addr,
    /// The highest.
    pub last: Ipv4Addr,
}

/// What a cluster may be for (question 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Learning about technologies.
    Learn,
    /// Computing in parallel.
    Parallel,
    /// Running services.
    Services,
    /// Single computers for different tasks.
    Tasks,
}

/// What the nodes boot from (question 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Boot {
    /// A card of their own.
    #[default]
    Card,
    /// The network.
    Network,
}

/// What money is worth and what is paid for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// Of all prices in the file.
    pub currency: Option<Currency>,
    /// What one of another currency is in that one.
    pub rates: BTreeMap<Currency, Amount>,
    /// The price of a kilowatt hour.
    pub electricity: Option<Amount>,
    /// What a rented server that would do the same costs a month.
    pub rented: Option<Amount>,
}

/// What jobs are expected to need (question 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Jobs {
    /// The memory of one task.
    pub memory: Option<Memory>,
    /// Tasks on a node at once; one a core if absent.
    pub tasks_per_node: Option<u32>,
}

/// How the cluster is turned off and on, and fed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Power {
    /// The one button for all boards.
    pub button: Option<Button>,
    /// What turns the boards on again.
    pub turn_on: Option<TurnOn>,
    /// How many there are of supplies with several ports; one if not told.
    pub supplies: BTreeMap<String, u32>,
}

/// A button that turns all boards off and on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Button {
    /// The GPIO its wire goes to.
    pub gpio: u32,
    /// How many boards its wires go to, if told.
    pub wires: Option<u32>,
}

/// What turns boards on that were halted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TurnOn {
    /// A button.
    Button,
    /// The supply, taken away and given back.
    Supply,
    /// A packet on the network.
    WakeOnLan,
}

/// Something that is bought besides boards and what belongs to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What it is.
    pub name: String,
    /// The hardware that it is, by its id, if nodes name it too: this is then what
    /// is bought of it.
    pub of: Option<String>,
    /// How many.
    pub quantity: u32,
    /// What all of them cost, in the cluster's currency.
    pub total: Option<Amount>,
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
    /// What it is made of, the same for all of its group.
    pub hardware: Arc<Hardware>,
    /// What it is for, by role; every name is one that bramble knows.
    pub roles: Vec<RoleName>,
    /// How it reaches the world, if it has a way of its own.
    pub uplink: Option<Uplink>,
    /// The hardware address of its Ethernet interface at the cluster's switch, once it is
    /// known; no other node has it.
    pub mac: Option<MacAddress>,
    /// The serial number of its board, once it is known; no other node has it.
    pub serial: Option<SerialNumber>,
}

/// A way to the world that is not the cluster's switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Uplink {
    /// What it runs over.
    pub medium: Medium,
    /// Where the owner's machine finds the head, if not as `NAME.local`: a host
    /// name or an address.
    pub reach: Option<String>,
    /// The country that its radio is in, by ISO 3166: `GB`.
    pub country: Option<String>,
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

impl AddressRange {
    /// Whether `address` is one of them.
    pub fn contains(&self, address: Ipv4Addr) -> bool {
        (self.first..=self.last).contains(&address)
    }

    /// How many.
    pub fn count(&self) -> usize {
        (u32::from(self.last) - u32::from(self.first)) as usize + 1
    }
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
        self.with_role("worker")
            .map(|node| node.hardware.cores)
            .sum()
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
