//! Where the nodes are and how each is known. Not in here: connecting.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::PathBuf;

use bramble_cluster::NodeName;
use russh::keys::PublicKey;
use serde::{Deserialize, Serialize};

use crate::error::FleetError;
use crate::keys;

/// Every node that can be reached, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressBook {
    /// One entry a node.
    pub entries: BTreeMap<NodeName, Entry>,
}

/// How one node is reached and known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Name or address, as the machine before it on the way sees it.
    pub host: String,
    /// Where its SSH server listens.
    pub port: u16,
    /// The pinned public key, one OpenSSH line: `ssh-ed25519 AAAA...`.
    pub host_key: String,
    /// Jump through this entry.
    pub via: Option<NodeName>,
    /// A network namespace (path of an nsfs file) to connect from; none is this
    /// process's own. Never set together with `via`.
    pub network: Option<PathBuf>,
}

/// An entry in which nothing is left to check.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) pinned: PublicKey,
    pub(crate) way: Way,
}

/// From where the connection is opened.
#[derive(Debug)]
pub(crate) enum Way {
    Direct,
    Jump(NodeName),
    Namespace { path: PathBuf, address: IpAddr },
}

impl Route {
    pub(crate) fn address(&self) -> String {
        address(&self.host, self.port)
    }
}

/// `10.55.0.3:22`, as messages say it.
pub(crate) fn address(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// Checks the whole book: keys, jumps and namespaces.
pub(crate) fn routes(book: &AddressBook) -> Result<BTreeMap<NodeName, Route>, FleetError> {
    for node in book.entries.keys() {
        check_jumps(book, node)?;
    }
    let route = |(node, entry): (&NodeName, &Entry)| {
        let route = route(node, entry.clone())?;
        Ok((node.clone(), route))
    };
    book.entries.iter().map(route).collect()
}

fn check_jumps(book: &AddressBook, node: &NodeName) -> Result<(), FleetError> {
    let mut passed = BTreeSet::from([node]);
    let mut here = node;
    while let Some(via) = book.entries.get(here).and_then(|entry| entry.via.as_ref()) {
        if !book.entries.contains_key(via) {
            return Err(FleetError::ViaUnknown {
                node: here.clone(),
                via: via.clone(),
            });
        }
        if !passed.insert(via) {
            return Err(FleetError::ViaLoop { node: via.clone() });
        }
        here = via;
    }
    Ok(())
}

fn route(node: &NodeName, entry: Entry) -> Result<Route, FleetError> {
    let pinned = keys::parse_public(&entry.host_key)
        .and_then(|key| keys::check_type(&key.algorithm()).map(|()| key))
        .map_err(|reason| FleetError::HostKey {
            node: node.clone(),
            reason,
        })?;
    let way = match (entry.via, entry.network) {
        (Some(_), Some(_)) => return Err(FleetError::ViaAndNetwork { node: node.clone() }),
        (Some(via), None) => Way::Jump(via),
        (None, Some(path)) => match entry.host.parse() {
            Ok(address) => Way::Namespace { path, address },
            Err(_) => {
                return Err(FleetError::NameInNamespace {
                    node: node.clone(),
                    host: entry.host,
                });
            }
        },
        (None, None) => Way::Direct,
    };
    Ok(Route {
        host: entry.host,
        port: entry.port,
        pinned,
        way,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(via: Option<&str>) -> Entry {
        Entry {
            host: "10.55.0.2".to_owned(),
            port: 22,
            host_key: keys::generate("").unwrap().public,
            via: via.map(|name| name.parse().unwrap()),
            network: None,
        }
    }

    fn refusal(entries: &[(&str, Entry)]) -> String {
        let entries = entries
            .iter()
            .map(|(name, entry)| (name.parse().unwrap(), entry.clone()));
        routes(&AddressBook {
            entries: entries.collect(),
        })
        .unwrap_err()
        .to_string()
    }

    #[test]
    fn a_jump_through_a_stranger_is_refused() {
        let refusal = refusal(&[("node1", entry(Some("head")))]);
        assert!(
            refusal.contains("through head, which is not in the address book"),
            "{refusal}"
        );
    }

    #[test]
    fn a_loop_of_jumps_is_refused() {
        let refusal = refusal(&[
            ("node1", entry(Some("node2"))),
            ("node2", entry(Some("node1"))),
        ]);
        assert!(refusal.contains("leads back"), "{refusal}");
    }

    #[test]
    fn a_namespace_goes_with_an_address_and_without_a_jump() {
        let network = Some(PathBuf::from("/run/netns/garden"));
        let named = Entry {
            host: "node1".to_owned(),
            network: network.clone(),
            ..entry(None)
        };
        assert!(refusal(&[("node1", named)]).contains("give its address"));
        let both = Entry {
            network,
            ..entry(Some("head"))
        };
        assert!(refusal(&[("head", entry(None)), ("node1", both)]).contains("both a jump"));
    }

    #[test]
    fn a_host_key_that_is_none_is_refused() {
        let odd = Entry {
            host_key: "ssh-ed25519 AAAA".to_owned(),
            ..entry(None)
        };
        assert!(refusal(&[("node1", odd)]).contains("pinned for node1"));
    }

    #[test]
    fn an_address_with_colons_is_written_in_brackets() {
        assert_eq!(address("fd00::2", 22), "[fd00::2]:22");
        assert_eq!(address("10.55.0.2", 22), "10.55.0.2:22");
    }
}
