//! Values that must not be shown. Not in here: how they are made or kept.

use std::collections::BTreeMap;
use std::fmt;

use crate::name::NodeName;

/// A value with no `Display` and a `Debug` that hides it, so that it reaches
/// neither a log nor a plan by accident. [`Secret::expose`] is the one way in,
/// and is easy to search for.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps `value`.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself, for the place that must write it to a node or a file.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// A key pair for SSH. Ed25519, in the formats that OpenSSH keeps on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPair {
    /// The private key as an `OPENSSH PRIVATE KEY` file, unencrypted.
    pub private: Secret<String>,
    /// The public key on one line: `ssh-ed25519 AAAA... comment`.
    pub public: String,
}

/// By what a node is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostKey {
    /// The pair that the node's card is made with.
    pub made: KeyPair,
    /// The public key that the node shows instead, if its owner said that this is
    /// right; nobody but the node has its private half.
    pub adopted: Option<String>,
}

impl HostKey {
    /// The one public key that the node is believed by, on one line.
    pub fn pinned(&self) -> &str {
        self.adopted.as_ref().unwrap_or(&self.made.public)
    }
}

/// Everything secret about a cluster. Made once, before the first card, and kept
/// beside the cluster file, so that cards, twin and nodes agree without talking.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// With this the owner logs in.
    pub owner: KeyPair,
    /// With this the account logs in from node to node.
    pub between: KeyPair,
    /// What the nodes prove to each other that they are of one cluster: 1,024
    /// random bytes, as `mungekey` makes them.
    pub munge: Secret<Vec<u8>>,
    /// By this the nodes are known; one for each node of the cluster.
    pub hosts: BTreeMap<NodeName, HostKey>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_in_debug_output() {
        let text = format!("{:?}", Some(Secret::new("hunter2")));
        assert_eq!(text, "Some([secret])");
    }
}
