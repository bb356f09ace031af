//! What fuzzing found worth keeping of node sets, read once more: the same as the fuzz
//! target does, on any compiler. Not in here: finding more (`fuzz/`).

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]

use bramble_cluster::nodeset::{PlainNames, parse};

#[expect(clippy::disallowed_methods, reason = "reads the corpus")]
fn corpus() -> Vec<String> {
    let folder = std::fs::read_dir("../../fuzz/corpus/node_set").unwrap();
    let read = |entry: std::io::Result<std::fs::DirEntry>| std::fs::read(entry.unwrap().path());
    let texts = folder.map(|entry| String::from_utf8_lossy(&read(entry).unwrap()).into_owned());
    texts.collect()
}

#[test]
fn everything_that_was_ever_interesting_is_answered() {
    let mut sets = 0;
    for text in corpus() {
        match parse(&text, &PlainNames) {
            Err(error) => assert!(text.get(error.at.clone()).is_some(), "{text}: {error:?}"),
            Ok(nodes) => {
                sets += 1;
                assert_eq!(nodes.iter().count(), nodes.len(), "{text}");
                let again = parse(&nodes.fold(), &PlainNames);
                assert!(nodes.is_empty() || again.as_ref() == Ok(&nodes), "{text}");
            }
        }
    }
    assert!(sets > 4, "the first ones are among them: {sets}");
}
