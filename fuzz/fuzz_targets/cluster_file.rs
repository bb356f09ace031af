//! Any text as a cluster file: it is read, and if it is a cluster, all rules are
//! carried out, and it is planned and drawn. Nothing may panic, and what is told must
//! lie in the text.
#![no_main]

use std::sync::LazyLock;

use bramble_cluster::catalogue::{Catalogue, Reference};
use bramble_cluster::file::{self, Vocabulary};
use bramble_plan::{Plan, Site, checks, drawing};
use libfuzzer_sys::fuzz_target;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::builtin);
static REFERENCE: LazyLock<Reference> = LazyLock::new(Reference::builtin);
const ROLES: &[&str] = &["gateway", "time", "storage", "scheduler", "worker"];

fuzz_target!(|text: &str| {
    let vocabulary = Vocabulary {
        catalogue: &CATALOGUE,
        roles: ROLES,
    };
    let reading = file::read(text, &vocabulary);
    let mut all = reading.diagnostics;
    if let Some(cluster) = &reading.cluster {
        let site = Site::new(cluster, &CATALOGUE, &REFERENCE);
        let found = checks::run(&site);
        let plan = Plan::of(&site, &found);
        assert_eq!(plan.addresses.len(), cluster.nodes.len());
        assert!(drawing::draw(&site, &found).ends_with("</svg>\n"));
        all.extend(found.iter().map(|finding| finding.diagnostic(&reading.places)));
    }
    for diagnostic in &all {
        assert!(text.get(diagnostic.primary.span.clone()).is_some(), "{diagnostic:?}");
    }
});
