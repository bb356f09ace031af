//! What fuzzing found worth keeping, read and planned once more: the same as the fuzz
//! target does, on any compiler. Not in here: finding more (`fuzz/`).

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]

use bramble_cluster::catalogue::{Catalogue, Reference};
use bramble_cluster::diagnostic::Diagnostic;
use bramble_cluster::file::{self, Vocabulary};
use bramble_plan::{Plan, Site, checks, drawing};

const ROLES: &[&str] = &["gateway", "time", "storage", "scheduler", "worker"];

#[expect(clippy::disallowed_methods, reason = "reads the corpus")]
fn corpus() -> Vec<String> {
    let folder = std::fs::read_dir("../../fuzz/corpus/cluster_file").unwrap();
    let read = |entry: std::io::Result<std::fs::DirEntry>| std::fs::read(entry.unwrap().path());
    let texts = folder.map(|entry| String::from_utf8_lossy(&read(entry).unwrap()).into_owned());
    texts.collect()
}

#[test]
fn everything_that_was_ever_interesting_is_answered() {
    let (catalogue, reference) = (Catalogue::builtin(), Reference::builtin());
    let vocabulary = Vocabulary {
        catalogue: &catalogue,
        roles: ROLES,
    };
    let mut clusters = 0;
    for text in corpus() {
        let reading = file::read(&text, &vocabulary);
        let Some(cluster) = &reading.cluster else {
            assert!(
                reading.diagnostics.iter().any(Diagnostic::is_error),
                "{text}"
            );
            continue;
        };
        clusters += 1;
        let site = Site::new(cluster, &catalogue, &reference);
        let found = checks::run(&site);
        assert_eq!(Plan::of(&site, &found).addresses.len(), cluster.nodes.len());
        assert!(drawing::draw(&site, &found).contains("</svg>"), "{text}");
    }
    assert!(clusters > 4, "the examples are among them: {clusters}");
}
