//! Any text as a node set. Nothing may panic or take long, what is told must lie in the
//! text, and the fold of a set must be read back as the same set.
#![no_main]

use bramble_cluster::nodeset::{Names, NodeSet, Problem, parse};
use libfuzzer_sys::fuzz_target;

/// Any name; every group has one node, or none.
struct Anybody;

impl Names for Anybody {
    fn group(&self, source: Option<&str>, name: &str) -> Result<NodeSet, Problem> {
        match source {
            None | Some("board") => Ok(name.parse().into_iter().collect()),
            Some(other) => Err(Problem::NoGroups(format!("{other}:{name}"))),
        }
    }

    fn check(&self, _nodes: &NodeSet) -> Result<(), Problem> {
        Ok(())
    }
}

fuzz_target!(|text: &str| {
    let nodes = match parse(text, &Anybody) {
        Ok(nodes) => nodes,
        Err(error) => {
            assert!(text.get(error.at.clone()).is_some(), "{error:?}");
            return;
        }
    };
    assert_eq!(nodes.iter().count(), nodes.len());
    let fold = nodes.fold();
    if nodes.is_empty() {
        assert_eq!(fold, "");
    } else {
        assert_eq!(parse(&fold, &Anybody).as_ref(), Ok(&nodes), "{fold}");
    }
});
