//! Names, parsed once. A value of these types is valid wherever it goes: in
//! `/etc/hosts`, `slurm.conf`, a shell argument or a file name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing between the quotes.
    #[error("a name cannot be empty")]
    Empty,
    /// RFC 1123 allows 63 octets in one label, `useradd` 32 in an account.
    #[error("a name has at most {limit} characters, this has {length}")]
    TooLong {
        /// Most characters allowed.
        limit: usize,
        /// Characters found.
        length: usize,
    },
    /// A character outside the set.
    #[error("`{0}` cannot stand in a name")]
    Character(char),
    /// The first or last character is allowed only inside.
    #[error("a name cannot begin or end with `{0}`")]
    Edge(char),
    /// A host name made of digits alone reads as an address.
    #[error("a name of digits alone reads as an address")]
    Digits,
}

/// A node's name: one host name label (RFC 1123), in lower case.
///
/// Upper case is refused rather than folded: host names compare without case
/// and account, file and Slurm node names with it, so a mixed name would mean
/// different nodes to different programs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct NodeName(String);

/// The name of a cluster; the same rules as a node's, since it becomes part of
/// host, file and Slurm cluster names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ClusterName(String);

/// An account name as Debian's `adduser` takes it: a lower-case letter or `_`,
/// then those, digits and `-`, at most 32 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct UserName(String);

/// The name of a role, as the cluster file writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RoleName(String);

fn check_label(text: &str) -> Result<(), NameError> {
    check_length(text, 63)?;
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if let Some(odd) = text.chars().find(|&c| !allowed(c)) {
        return Err(NameError::Character(odd));
    }
    if text.starts_with('-') || text.ends_with('-') {
        return Err(NameError::Edge('-'));
    }
    if text.chars().all(|c| c.is_ascii_digit()) {
        return Err(NameError::Digits);
    }
    Ok(())
}

fn check_account(text: &str) -> Result<(), NameError> {
    check_length(text, 32)?;
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if let Some(odd) = text.chars().find(|&c| !allowed(c)) {
        return Err(NameError::Character(odd));
    }
    match text.chars().next() {
        Some(first) if first == '-' || first.is_ascii_digit() => Err(NameError::Edge(first)),
        _ => Ok(()),
    }
}

fn check_length(text: &str, limit: usize) -> Result<(), NameError> {
    match text.chars().count() {
        0 => Err(NameError::Empty),
        length if length > limit => Err(NameError::TooLong { limit, length }),
        _ => Ok(()),
    }
}

macro_rules! name {
    ($type:ident, $check:ident) => {
        impl $type {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $type {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                $check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

impl TryFrom<String> for NodeName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        check_label(&text).map(|()| Self(text))
    }
}

name!(NodeName, check_label);
name!(ClusterName, check_label);
name!(RoleName, check_label);
name!(UserName, check_account);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_label_is_a_node_name() {
        for good in ["head", "node1", "n", "rack1-n2", "3b"] {
            assert_eq!(
                good.parse::<NodeName>().map(|name| name.to_string()),
                Ok(good.to_owned())
            );
        }
    }

    #[test]
    fn what_no_host_name_allows_is_refused_with_the_reason() {
        let refused = |text: &str| text.parse::<NodeName>().unwrap_err();
        assert_eq!(refused(""), NameError::Empty);
        assert_eq!(refused("my_pi"), NameError::Character('_'));
        assert_eq!(refused("Node1"), NameError::Character('N'));
        assert_eq!(refused("node.lan"), NameError::Character('.'));
        assert_eq!(refused("-a"), NameError::Edge('-'));
        assert_eq!(refused("42"), NameError::Digits);
        assert_eq!(
            refused(&"a".repeat(64)),
            NameError::TooLong {
                limit: 63,
                length: 64
            }
        );
    }

    #[test]
    fn an_account_may_have_an_underscore_but_no_leading_digit() {
        assert!("_svc-1".parse::<UserName>().is_ok());
        assert_eq!("1pi".parse::<UserName>(), Err(NameError::Edge('1')));
    }
}
