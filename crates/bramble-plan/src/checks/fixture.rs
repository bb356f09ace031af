//! Clusters to try rules on. Not in here: any test.

use bramble_cluster::catalogue::{Catalogue, Reference};

use crate::finding::Finding;
use crate::site::Site;

/// What all rules find in the cluster of this cluster file.
pub(super) fn found(text: &str) -> Vec<Finding> {
    let (catalogue, reference) = (Catalogue::builtin(), Reference::builtin());
    let cluster = bramble_testkit::cluster(text);
    super::run(&Site::new(&cluster, &catalogue, &reference))
}

/// What the rule called `id` finds in it, and no other.
pub(super) fn of(id: &str, text: &str) -> Vec<Finding> {
    let mut findings = found(text);
    findings.retain(|finding| finding.id == id);
    findings
}

/// A cluster file with a Raspberry Pi 4 as its head, whose last table is
/// `[network]`: `rest` goes on there and adds what it wants to try.
pub(super) fn file(rest: &str) -> String {
    let head = r#"
        [cluster]
        name = "test"
        [head]
        name = "head"
        board = "rpi4b"
        ram = "4GB"
        supply = "psu-15w"
        [network]
        subnet = "10.55.0.0/16"
    "#;
    format!("{head}\n{rest}")
}
