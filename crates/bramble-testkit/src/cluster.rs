//! Clusters to test with.

use bramble_cluster::Cluster;
use bramble_cluster::catalogue::Catalogue;
use bramble_cluster::file::{self, Vocabulary};

/// The cluster file of seed 002.
pub const RECIPE: &str = include_str!("../../../examples/002-recipe/bramble.toml");

/// The cluster of seed 002.
pub fn recipe() -> Cluster {
    cluster(RECIPE)
}

/// The cluster of a cluster file.
///
/// # Panics
///
/// If the file has errors.
pub fn cluster(text: &str) -> Cluster {
    let catalogue = Catalogue::builtin();
    let roles = bramble_roles::registry::assigned();
    let vocabulary = Vocabulary {
        catalogue: &catalogue,
        roles: &roles,
    };
    let reading = file::read(text, &vocabulary);
    let Some(cluster) = reading.cluster else {
        panic!("{:#?}", reading.diagnostics);
    };
    cluster
}
