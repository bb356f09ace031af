//! Clusters to test with.

use bramble_cluster::Cluster;
use bramble_cluster::catalogue::Catalogue;
use bramble_cluster::file::{self, Vocabulary};

/// The cluster file of seed 002.
pub const RECIPE: &str = include_str!("../../../examples/002-recipe/bramble.toml");

/// The examples, each from a guide or notes that somebody wrote.
pub const EXAMPLES: &[(&str, &str)] = &[
    (
        "000-vim3",
        include_str!("../../../examples/000-vim3/bramble.toml"),
    ),
    (
        "001-notes",
        include_str!("../../../examples/001-notes/bramble.toml"),
    ),
    ("002-recipe", RECIPE),
    (
        "003-dox",
        include_str!("../../../examples/003-dox/bramble.toml"),
    ),
    (
        "004-super",
        include_str!("../../../examples/004-super/bramble.toml"),
    ),
];

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
