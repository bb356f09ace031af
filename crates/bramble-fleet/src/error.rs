//! What is wrong with the values a fleet is made from. Not in here: why a node
//! does not answer, which is `bramble_converge::Unreachable`.

use bramble_cluster::NodeName;

/// Why no fleet could be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FleetError {
    /// The pinned host key is no key, or of a type that cannot be checked.
    #[error("the host key pinned for {node} cannot be used: {reason}")]
    HostKey {
        /// Whose.
        node: NodeName,
        /// What is wrong with it, and what would be right.
        reason: KeyError,
    },
    /// The jump goes through a node without an entry.
    #[error(
        "{node} is reached through {via}, which is not in the address book; \
         add an entry for {via} or reach {node} directly"
    )]
    ViaUnknown {
        /// The node behind.
        node: NodeName,
        /// The node in between.
        via: NodeName,
    },
    /// The jumps lead back to where they began.
    #[error("the way to {node} leads back to {node}; give one node on it a direct address")]
    ViaLoop {
        /// A node on the loop.
        node: NodeName,
    },
    /// Two ways at once.
    #[error(
        "{node} has both a jump and a network namespace; \
         the namespace belongs to the entry that the jump goes through"
    )]
    ViaAndNetwork {
        /// The node with both.
        node: NodeName,
    },
    /// The resolver of this process does not know the names of another network.
    #[error(
        "`{host}` of {node} is looked for in another network namespace; give its address there"
    )]
    NameInNamespace {
        /// Whose.
        node: NodeName,
        /// The name.
        host: String,
    },
    /// The private key cannot be used.
    #[error("the private key of {user} cannot be used: {reason}")]
    PrivateKey {
        /// The account.
        user: String,
        /// What is wrong with it, and what would be right.
        reason: KeyError,
    },
    /// There is no password login to fall back on.
    #[error("{user} has neither a private key nor an ssh-agent; login is by key only, so give one")]
    NothingToOffer {
        /// The account.
        user: String,
    },
    /// No threads or no file descriptors.
    #[error("connections cannot be started: {0}; free memory, threads or file descriptors")]
    Runtime(#[source] std::io::Error),
}

/// Why a text is no usable key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not OpenSSH's format.
    #[error("it is not in OpenSSH's format ({0}); `ssh-keygen -t ed25519` makes one that is")]
    Format(String),
    /// A pass phrase would be needed.
    #[error("it is encrypted with a pass phrase; add it to an ssh-agent with `ssh-add`")]
    Encrypted,
    /// RSA would need a library with a known timing weakness; the rest is rare.
    #[error("it is of type {0}; use an ssh-ed25519 or ecdsa key")]
    Type(String),
}
