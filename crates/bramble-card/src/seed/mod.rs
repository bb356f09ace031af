//! The seed of a node's first boot, in cloud-init's `NoCloud` format: what
//! Raspberry Pi OS since trixie, Ubuntu for the Pi and the twin's nodes read.
//!
//! Format: cloud-init documentation, "`NoCloud`" and "Network configuration
//! version 2"; what Raspberry Pi's own tools write is in its `pi-gen` and
//! `rpi-imager` sources.

mod network;
mod user;
mod yaml;

use std::net::Ipv4Addr;

use bramble_cluster::{Cluster, Node, Secret, Secrets};
use ipnet::Ipv4Net;
use sha2::{Digest as _, Sha256};

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

/// What a node with an uplink finds at the other end of it.
#[derive(Debug, Clone)]
pub enum Outside {
    /// Somebody's home or lab network: an address by DHCP, and for Wi-Fi the
    /// pass phrase. An open network has none.
    Real {
        /// The pass phrase of the wireless network.
        wifi_password: Option<Secret<String>>,
    },
    /// The twin's: a wire with fixed addresses, whatever the medium is called.
    Virtual {
        /// The node's own address there.
        node: Ipv4Net,
        /// Where its packets go.
        gateway: Ipv4Addr,
        /// Who answers its questions for names.
        dns: Ipv4Addr,
    },
}

impl Seed {
    /// What `node` needs at its first boot. `None` if `secrets` has no host key
    /// for it.
    pub fn of(
        cluster: &Cluster,
        node: &Node,
        secrets: &Secrets,
        outside: &Outside,
    ) -> Option<Self> {
        let user = user::user_data(cluster, node, secrets)?;
        let network = network::network_config(cluster, node, outside);
        let meta = meta_data(cluster, node, &[&user, &network]);
        let files = [
            ("user-data", user),
            ("network-config", network),
            ("meta-data", meta),
        ];
        let file = |(name, content)| SeedFile {
            name,
            content: Secret::new(content),
        };
        Some(Self {
            files: files.into_iter().map(file).collect(),
        })
    }
}

/// cloud-init runs once for an instance id. The id therefore names the content:
/// a card written anew with another seed is another instance, and a card put
/// back as it was is not.
fn meta_data(cluster: &Cluster, node: &Node, content: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in content {
        hash.update(part);
    }
    let digits = |byte: &u8| format!("{byte:02x}");
    let digest: String = hash.finalize().iter().take(6).map(digits).collect();
    format!(
        "instance-id: bramble-{}-{}-{digest}\nlocal-hostname: {}\n",
        cluster.name, node.name, node.name
    )
}
