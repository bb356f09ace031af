//! Whose card it is to be, and whether that can be written. Not in here: what images read
//! (`first_boot`, `seed`).

use std::net::Ipv4Addr;

use bramble_cluster::cluster::{Medium, Uplink};
use bramble_cluster::{Cluster, KeyPair, MacAddress, Node, NodeName, Secret, Secrets};
use ipnet::Ipv4Net;

/// Whose card it is to be.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The cluster.
    pub cluster: &'a Cluster,
    /// The node of it.
    pub node: &'a Node,
    /// The cluster's keys.
    pub secrets: &'a Secrets,
    /// What the node finds at its uplink.
    pub outside: &'a Outside,
    /// How many cards were made for the node before. A card with another number is a
    /// new machine to what reads it, even if nothing else has changed.
    pub generation: u32,
    /// A password for the account, as `mkpasswd` prints it (`$y$...`), for the keyboard
    /// only. Without one, the account has no password.
    pub password_hash: Option<&'a Secret<String>>,
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

/// Why a card cannot be written for a node.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// There would be nothing to know the node by.
    #[error("{0}: there is no host key for it")]
    NoHostKey(NodeName),
    /// Not what `crypt` makes.
    #[error("the password is not hashed: give what `mkpasswd` prints, which begins with `$`")]
    PasswordHash,
    /// No radio would take it.
    #[error(
        "the pass phrase of the wireless network `{ssid}` has {length} characters: \
         it has 8 to 63, of those on a keyboard"
    )]
    PassPhrase {
        /// The network's name.
        ssid: String,
        /// Characters found.
        length: usize,
    },
    /// It needs two networks, or has no router, and the format knows one with a router.
    #[error(
        "{node}: {format} can only be told of one network with a router, and this node needs \
         another; use an image with cloud-init for it, such as Raspberry Pi OS"
    )]
    OneNetwork {
        /// The node.
        node: NodeName,
        /// What reads its first boot's files.
        format: &'static str,
    },
    /// The image's own account has the number that the cluster's needs.
    #[error(
        "{node}: {format} has an account of its own, `{own}`, with the number that the cluster's \
         needs; write `user = \"{own}\"` in `[cluster]`, or use another image"
    )]
    Account {
        /// The node.
        node: NodeName,
        /// What reads its first boot's files.
        format: &'static str,
        /// The image's account.
        own: &'static str,
    },
}

impl Order<'_> {
    pub(crate) fn check(&self) -> Result<(), OrderError> {
        self.host_key()?;
        if let Some(hash) = self.password_hash
            && !is_hash(hash.expose())
        {
            return Err(OrderError::PasswordHash);
        }
        match (self.wifi(), self.wifi_password()) {
            (Some((ssid, _)), Some(phrase)) if !is_pass_phrase(phrase) => {
                Err(OrderError::PassPhrase {
                    ssid: ssid.to_owned(),
                    length: phrase.chars().count(),
                })
            }
            _ => Ok(()),
        }
    }

    /// The hardware address by which its interface is found, if one is known; without,
    /// the interface is the one called `eth0`. Virtual nodes have others.
    pub(crate) fn mac(&self) -> Option<MacAddress> {
        match self.outside {
            Outside::Real { .. } => self.node.mac,
            Outside::Virtual { .. } => None,
        }
    }

    /// By what the node will be known.
    pub(crate) fn host_key(&self) -> Result<&KeyPair, OrderError> {
        let key = self.secrets.hosts.get(&self.node.name);
        key.map(|key| &key.made)
            .ok_or_else(|| OrderError::NoHostKey(self.node.name.clone()))
    }

    /// The public keys that may log in, one line each.
    pub(crate) fn authorized_keys(&self) -> impl Iterator<Item = &str> {
        [&self.secrets.owner.public, &self.secrets.between.public]
            .into_iter()
            .chain(&self.cluster.authorized_keys)
            .map(|key| key.trim())
    }

    /// The wireless network that the node goes out by, on a real radio, and how.
    pub(crate) fn wifi(&self) -> Option<(&str, &Uplink)> {
        let uplink = self.node.uplink.as_ref()?;
        match (&uplink.medium, self.outside) {
            (Medium::Wifi(ssid), Outside::Real { .. }) => Some((ssid, uplink)),
            _ => None,
        }
    }

    /// Its pass phrase; an open network has none.
    pub(crate) fn wifi_password(&self) -> Option<&str> {
        match self.outside {
            Outside::Real { wifi_password } => wifi_password
                .as_ref()
                .map(|password| password.expose().as_str()),
            Outside::Virtual { .. } => None,
        }
    }

    /// The gateway, for nodes behind it; else the router of the subnet, if there is one. A
    /// node with an uplink goes its own way. With it, who answers for names.
    pub(crate) fn next_hop(&self) -> Option<(Ipv4Addr, Ipv4Addr)> {
        if let Some(gateway) = self.cluster.gateway() {
            let is_behind = gateway.name != self.node.name;
            return is_behind.then_some((gateway.address, gateway.address));
        }
        let network = &self.cluster.network;
        match self.outside {
            Outside::Virtual { gateway, dns, .. } => {
                network.subnet.contains(gateway).then_some((*gateway, *dns))
            }
            Outside::Real { .. } => network.router.map(|router| (router, router)),
        }
    }

    /// Where packets go and who answers for names, for formats that know one network.
    pub(crate) fn only_network(
        &self,
        format: &'static str,
    ) -> Result<(Ipv4Addr, Ipv4Addr), OrderError> {
        self.next_hop()
            .filter(|_| self.node.uplink.is_none())
            .ok_or_else(|| OrderError::OneNetwork {
                node: self.node.name.clone(),
                format,
            })
    }
}

/// A line of `/etc/shadow` has fields with colons between.
fn is_hash(text: &str) -> bool {
    text.starts_with('$')
        && text.len() > 1
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b':')
}

/// What WPA takes (IEEE 802.11i, annex H.4): a pass phrase, or the 64 digits made of one.
fn is_pass_phrase(text: &str) -> bool {
    let printable = text.bytes().all(|byte| (32..127).contains(&byte));
    let digits = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    ((8..64).contains(&text.len()) && printable) || digits
}
