//! The line that is shown while nodes are at work. Not in here: when it is drawn.

use std::time::Duration;

use bramble_cluster::NodeName;
use bramble_cluster::nodeset::NodeSet;

use crate::duration::seconds;

/// Up to so many nodes that have not ended are named.
const NAMED: usize = 16;

/// `3/5 nodes, 1 failed, open: node[4-5], 12.3 s`. `open` are those that have not
/// ended; of these no more are looked at than can be named.
pub fn under_way<'a>(
    all: usize,
    failed: usize,
    open: impl ExactSizeIterator<Item = &'a NodeName>,
    took: Duration,
) -> String {
    let mut parts = vec![format!("{}/{all} nodes", all - open.len())];
    if failed > 0 {
        parts.push(format!("{failed} failed"));
    }
    if (1..=NAMED).contains(&open.len()) {
        let open: NodeSet = open.cloned().collect();
        parts.push(format!("open: {open}"));
    }
    parts.push(seconds(took));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(failed: usize, open: std::ops::Range<usize>) -> String {
        let open: Vec<NodeName> = open
            .map(|nth| format!("node{nth}").parse().unwrap())
            .collect();
        under_way(1000, failed, open.iter(), Duration::from_millis(12_300))
    }

    #[test]
    fn nodes_that_have_not_ended_are_named_when_they_are_few() {
        assert_eq!(line(0, 1..1001), "0/1000 nodes, 12.3 s");
        assert_eq!(
            line(2, 999..1001),
            "998/1000 nodes, 2 failed, open: node[999-1000], 12.3 s"
        );
        assert_eq!(line(1, 0..0), "1000/1000 nodes, 1 failed, 12.3 s");
    }
}
