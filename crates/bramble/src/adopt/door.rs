//! Where a machine that is to become a node is found, and by which way. Not in here:
//! what is said there.

use std::net::Ipv4Addr;

use bramble_cluster::NodeName;
use bramble_cluster::cluster::Cluster;
use bramble_fleet::{AddressBook, Entry, Fleet, Guest};

use super::host_key::HostKey;
use super::order::place;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{TWIN, Target};

/// The way to a machine under the name of the node that it will be.
#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) node: NodeName,
    pub(crate) book: AddressBook,
}

impl Door {
    /// At `host`: in the cluster's own network it is reached as the node will be, which
    /// may be through the head; elsewhere from this machine.
    pub(crate) fn at(target: &Target, node: &NodeName, host: &str, port: u16) -> Self {
        let mut book = target.book.clone();
        if let Some(entry) = book.entries.get_mut(node) {
            let stays = target.name == TWIN || inside(&target.cluster, host);
            *entry = Entry {
                host: host.to_owned(),
                port,
                host_key: entry.host_key.clone(),
                via: entry.via.take().filter(|_| stays),
                network: entry.network.take().filter(|_| stays),
            };
        }
        Self {
            node: node.clone(),
            book,
        }
    }

    /// The same, where only the holder of `key` is believed.
    pub(crate) fn known_by(mut self, key: &HostKey) -> Self {
        if let Some(entry) = self.book.entries.get_mut(&self.node) {
            entry.host_key.clone_from(&key.line);
        }
        self
    }

    /// The name or address that it has now.
    pub(crate) fn host(&self) -> &str {
        let entry = self.book.entries.get(&self.node);
        entry.map_or("", |entry| entry.host.as_str())
    }

    /// Where it is, as messages say it.
    pub(crate) fn place(&self) -> String {
        let entry = self.book.entries.get(&self.node);
        entry.map_or_else(String::new, |entry| place(&entry.host, entry.port))
    }

    /// Connections to it as `guest`, or as the cluster's account.
    pub(crate) fn fleet(&self, target: &Target, guest: Option<Guest>) -> Result<Fleet, Failure> {
        let stop = std::sync::Arc::clone(&target.stop);
        let fleet = Fleet::new(self.book.clone(), target.identity(), stop)
            .map_err(|error| Failure::new(Exit::Host, error.to_string()))?;
        Ok(match guest {
            Some(guest) => fleet.with_guest(self.node.clone(), guest),
            None => fleet,
        })
    }
}

/// Whether `host` is an address of the cluster's own network.
pub(crate) fn inside(cluster: &Cluster, host: &str) -> bool {
    let address = host.parse::<Ipv4Addr>();
    address.is_ok_and(|address| cluster.network.subnet.contains(&address))
}
