//! The seed of a node's first boot, in cloud-init's `NoCloud` format: what
//! Raspberry Pi OS since trixie, Ubuntu for the Pi and the twin's nodes read. Not in
//! here: other formats, and where on a card it goes (`first_boot`).
//!
//! Format: cloud-init documentation, "`NoCloud`" and "Network configuration
//! version 2"; what Raspberry Pi's own tools write is in its `pi-gen` and
//! `rpi-imager` sources.

mod network;
mod user;
mod yaml;

use bramble_cluster::{Cluster, Node, Secret, Secrets};
use sha2::{Digest as _, Sha256};

use crate::order::{Order, Outside};

/// The files of a first boot, for the directory that the node mounts at
/// `/boot/firmware`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// In the order in which they are written.
    pub files: Vec<SeedFile>,
}

/// One file of a [`Seed`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedFile {
    /// Its name in the directory: `user-data`.
    pub name: &'static str,
    /// What it holds; host keys among it.
    pub content: Secret<String>,
}

/// Who sets up the node's network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Renderer {
    /// Whoever does in the image.
    Any,
    /// systemd-networkd. Ubuntu for the Pi takes fixed addresses only so
    /// (raspberrypi/rpi-imager issue 1013).
    Networkd,
}

/// A seed, and the instance that it makes of the node.
#[derive(Debug)]
pub(crate) struct Instance {
    /// Its `instance-id`.
    pub(crate) id: String,
    /// The names and contents of its files.
    pub(crate) files: [(&'static str, String); 3],
}

impl Seed {
    /// What the virtual `node` needs at its first boot. `None` if `secrets` has no
    /// host key for it.
    pub fn of(
        cluster: &Cluster,
        node: &Node,
        secrets: &Secrets,
        outside: &Outside,
    ) -> Option<Self> {
        let order = Order {
            cluster,
            node,
            secrets,
            outside,
            generation: 0,
            password_hash: None,
        };
        let file = |(name, content)| SeedFile {
            name,
            content: Secret::new(content),
        };
        let instance = Instance::of(&order, Renderer::Any)?;
        Some(Self {
            files: instance.files.into_iter().map(file).collect(),
        })
    }
}

impl Instance {
    /// What a node needs at its first boot. `None` if there is no host key for it.
    pub(crate) fn of(order: &Order<'_>, renderer: Renderer) -> Option<Self> {
        let user = user::user_data(order)?;
        let network = network::network_config(order, renderer);
        let id = instance_id(order, &[&user, &network]);
        let meta = format!("instance-id: {id}\nlocal-hostname: {}\n", order.node.name);
        let files = [
            ("user-data", user),
            ("network-config", network),
            ("meta-data", meta),
        ];
        Some(Self { id, files })
    }
}

/// How many cards were made for the node before the one that has this `meta-data`, if it
/// was made by us.
pub fn generation(meta_data: &str) -> Option<u32> {
    let line = meta_data
        .lines()
        .find_map(|line| line.strip_prefix("instance-id: bramble-"))?;
    let mut words = line.rsplit('-');
    let _digest = words.next()?;
    words.next()?.parse().ok()
}

/// cloud-init runs once for an instance id. The id therefore names the content, and how
/// often the card was made: a card written anew is another instance, and a card put
/// back as it was is not.
fn instance_id(order: &Order<'_>, content: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in content {
        hash.update(part);
    }
    let digits = |byte: &u8| format!("{byte:02x}");
    let digest: String = hash.finalize().iter().take(6).map(digits).collect();
    let (cluster, node) = (&order.cluster.name, &order.node.name);
    format!("bramble-{cluster}-{node}-{}-{digest}", order.generation)
}
