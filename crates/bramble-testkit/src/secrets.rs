//! Secrets that are none: the same in every run, so that snapshots hold.

use bramble_cluster::{Cluster, HostKey, KeyPair, Secret, Secrets};
use bramble_converge::record::encode;

/// Secrets for `cluster`. The keys have the shape of real ones, and open nothing.
pub fn secrets(cluster: &Cluster) -> Secrets {
    let host = |node: &bramble_cluster::Node| {
        let key = HostKey {
            made: pair(node.name.as_str()),
            adopted: None,
        };
        (node.name.clone(), key)
    };
    Secrets {
        owner: pair("owner"),
        between: pair("between"),
        munge: Secret::new((0..1024_u16).map(|at| at.to_le_bytes()[0]).collect()),
        hosts: cluster.nodes.iter().map(host).collect(),
    }
}

fn pair(name: &str) -> KeyPair {
    let private = format!(
        "-----BEGIN OPENSSH PRIVATE KEY-----\nPRIVATE+KEY+OF+{name}\n\
         -----END OPENSSH PRIVATE KEY-----\n"
    );
    KeyPair {
        private: Secret::new(private),
        public: format!("ssh-ed25519 {} {name}@test\n", encode(&public(name))),
    }
}

/// Type and key, each led by its length (RFC 8709, section 4).
fn public(name: &str) -> Vec<u8> {
    let mut key = name.as_bytes().to_vec();
    key.resize(32, 0);
    [b"\0\0\0\x0bssh-ed25519".as_slice(), b"\0\0\0\x20", &key].concat()
}
