//! What everything of a twin is called. All of it follows from the twin's id, so
//! that whatever a killed process left can be found. Not in here: making any of it.

use std::path::{Path, PathBuf};

use bramble_cluster::NodeName;
use bramble_cluster::name::ClusterName;
use sha2::{Digest as _, Sha256};

use crate::hex::hex;

/// Where twins keep what they need while they run.
pub(super) const STATE: &str = "/var/lib/bramble/lab";

/// Where `ip netns` keeps the namespaces that have names.
pub(super) const NAMESPACES: &str = "/run/netns";

/// The names of one twin.
///
/// A node's things are set off by a dot or a slash, neither of which can be part
/// of a name: no twin's names begin with those of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) id: String,
}

impl Names {
    /// Two cluster files of one cluster name are two twins.
    pub(super) fn of(cluster_file: &Path, cluster: &ClusterName) -> Self {
        let digest = Sha256::digest(canonical(cluster_file).as_os_str().as_encoded_bytes());
        Self {
            id: format!("{cluster}-{}", hex(&digest, 4)),
        }
    }

    pub(super) fn state(&self) -> PathBuf {
        Path::new(STATE).join(&self.id)
    }

    pub(super) fn node_state(&self, node: &NodeName) -> PathBuf {
        self.state().join("nodes").join(node.as_str())
    }

    /// The network namespace of the world as the cluster sees it, and the control
    /// group of all processes.
    pub(super) fn whole(&self) -> String {
        format!("bramble-{}", self.id)
    }

    /// The network namespace of a node.
    pub(super) fn node_network(&self, node: &NodeName) -> String {
        format!("bramble-{}.{node}", self.id)
    }

    /// Whether a network namespace is one of this twin's.
    pub(super) fn owns_network(&self, name: &str) -> bool {
        let rest = name.strip_prefix(&self.whole());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// What nspawn calls the node at `index`: at most 64 characters, so neither
    /// the cluster's name nor the node's can be part of it.
    pub(super) fn machine(&self, index: usize) -> String {
        format!("{}{index}", self.machines())
    }

    /// How the names of all its machines begin.
    pub(super) fn machines(&self) -> String {
        let digits = self.id.rsplit('-').next().unwrap_or_default();
        format!("bramble-{digits}-")
    }
}

/// The path as others would write it too; a file that is not there yet by the
/// directory it will be in.
pub(super) fn canonical(path: &Path) -> PathBuf {
    path.canonicalize()
        .or_else(|_| std::path::absolute(path))
        .unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str) -> Names {
        Names::of(Path::new(path), &"garden".parse().unwrap())
    }

    #[test]
    fn the_id_is_the_clusters_name_and_eight_digits_of_its_files_path() {
        let id = names("/nowhere/a/bramble.toml").id;
        assert_eq!(id, names("/nowhere/a/bramble.toml").id);
        assert_ne!(id, names("/nowhere/b/bramble.toml").id);
        let digits = id.strip_prefix("garden-").unwrap();
        assert!(digits.len() == 8 && digits.chars().all(|c| c.is_ascii_hexdigit()));
    }

    #[test]
    fn a_path_that_leads_to_the_same_file_is_the_same_twin() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let around = file.path().parent().unwrap().join(".").join(file.path());
        let cluster = "garden".parse().unwrap();
        assert_eq!(
            Names::of(file.path(), &cluster),
            Names::of(&around, &cluster)
        );
    }

    #[test]
    fn a_twin_does_not_take_the_networks_of_another_for_its_own() {
        let one = Names {
            id: "a-0123abcd".to_owned(),
        };
        assert!(one.owns_network("bramble-a-0123abcd"));
        assert!(one.owns_network("bramble-a-0123abcd.node1"));
        assert!(!one.owns_network("bramble-a-0123abcd-99999999"));
        assert!(!one.owns_network("bramble-a-0123abcd-99999999.node1"));
    }

    #[test]
    fn a_machine_name_is_short_whatever_the_cluster_is_called() {
        let cluster = "c".repeat(63).parse().unwrap();
        let names = Names::of(Path::new("/nowhere"), &cluster);
        assert!(names.machine(9999).len() <= 64);
    }
}
