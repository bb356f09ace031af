//! How a copy went: sizes, the sentence at its end, and the line while it runs.
//! Not in here: why it went so.

use std::collections::BTreeMap;
use std::time::Duration;

use bramble_cluster::NodeName;
use bramble_cluster::nodeset::NodeSet;

use crate::style::Label;
use crate::{count, seconds};

/// Bytes as people say them, with up to three digits: `0 B`, `1.5 kB`, `50 MB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    // In tenths of the unit, so that nothing is rounded twice.
    let (mut tenths, mut unit) = (u128::from(bytes) * 10, 0);
    let divisor = |unit: usize| 1000_u128.pow(u32::try_from(unit + 1).unwrap_or(1));
    while (tenths + divisor(unit) / 2) / divisor(unit) >= 10_000 {
        unit += 1;
    }
    tenths = (tenths + divisor(unit) / 2) / divisor(unit);
    if tenths >= 100 || tenths % 10 == 0 {
        return format!("{} {}", (tenths + 5) / 10, UNITS[unit]);
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

/// Which way was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the nodes.
    Out,
    /// From the nodes.
    Back,
}

/// How a copy went, each node under what became of it.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// By files and bytes that were copied.
    pub copied: BTreeMap<(usize, u64), NodeSet>,
    /// Where nothing had to be copied.
    pub there: NodeSet,
    /// By what went wrong.
    pub failed: BTreeMap<String, NodeSet>,
}

impl Summary {
    /// One sentence about what went well: `copied 3 files (50 MB) to 16 nodes in
    /// 1.9 s; already there on node[1-2]`. Without a time it is about what would be.
    pub fn sentence(&self, direction: Direction, took: Option<Duration>) -> String {
        let mut parts = Vec::new();
        if !self.copied.is_empty() {
            let verb = if took.is_some() {
                "copied"
            } else {
                "would copy"
            };
            let time = took.map_or(String::new(), |took| format!(" in {}", seconds(took)));
            parts.push(format!("{verb} {}{time}", self.amounts(direction)));
        }
        if !self.there.is_empty() {
            let all = self.copied.is_empty() && self.failed.is_empty();
            let nodes = nodes(&self.there, all);
            parts.push(match direction {
                Direction::Out => format!("already there on {nodes}"),
                Direction::Back => format!("already here from {nodes}"),
            });
        }
        parts.join("; ")
    }

    fn amounts(&self, direction: Direction) -> String {
        let word = match direction {
            Direction::Out => "to",
            Direction::Back => "from",
        };
        let all = self.copied.len() == 1;
        let amounts = self.copied.iter().rev().map(|(&(files, bytes), set)| {
            let what = match files {
                0 => "directories".to_owned(),
                files => count(files, "file"),
            };
            format!("{what} ({}) {word} {}", size(bytes), nodes(set, all))
        });
        amounts.collect::<Vec<_>>().join(", ")
    }

    /// A line for each thing that went wrong, with the nodes where it did.
    pub fn failures(&self) -> Vec<String> {
        let line = |(reason, nodes): (&String, &NodeSet)| {
            format!("{}  {nodes}: {reason}", Label::Bad.paint("fail"))
        };
        self.failed.iter().map(line).collect()
    }
}

/// Where each of the nodes has something here: `logs/node[1-3]/dpkg.log`, and
/// `logs/{head,node[1-3]}/` where several names are needed.
pub fn places(into: &str, nodes: &NodeSet, name: Option<&str>) -> String {
    let into = into.trim_end_matches('/');
    let nodes = nodes.fold();
    let mut depth = 0;
    let several = nodes.chars().any(|c| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        c == ',' && depth == 0
    });
    let nodes = if several {
        format!("{{{nodes}}}")
    } else {
        nodes
    };
    format!("{into}/{nodes}/{}", name.unwrap_or_default())
}

/// Few nodes by name, many by number where it is clear which.
fn nodes(set: &NodeSet, all: bool) -> String {
    if all {
        count(set.len(), "node")
    } else {
        set.to_string()
    }
}

/// How far a copy is.
#[derive(Debug, Clone, Default)]
pub struct UnderWay {
    nodes: usize,
    bytes: u64,
    done: usize,
    at: BTreeMap<NodeName, u64>,
}

impl UnderWay {
    /// A copy of so many bytes in all, to or from so many nodes.
    pub fn new(nodes: usize, bytes: u64) -> Self {
        Self {
            nodes,
            bytes,
            ..Self::default()
        }
    }

    /// So many bytes are through for a node.
    pub fn at(&mut self, node: NodeName, bytes: u64) {
        self.at.insert(node, bytes);
    }

    /// A node is done.
    pub fn done(&mut self, node: NodeName) {
        self.done += 1;
        let each = self.bytes / self.nodes.max(1) as u64;
        self.at.insert(node, each);
    }

    /// The line to show: `copying: 3 of 16 nodes done, 150 MB of 800 MB`.
    pub fn line(&self) -> String {
        let through: u64 = self.at.values().sum();
        format!(
            "copying: {} of {} done, {} of {}",
            self.done,
            count(self.nodes, "node"),
            size(through.min(self.bytes)),
            size(self.bytes)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> NodeSet {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn a_size_has_two_or_three_digits_that_count() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1 kB"),
            (1500, "1.5 kB"),
            (9_960, "10 kB"),
            (50_000_000, "50 MB"),
            (999_400, "999 kB"),
            (999_999, "1 MB"),
            (1_234_567_890, "1.2 GB"),
            (u64::MAX, "18 EB"),
        ] {
            assert_eq!(size(bytes), text, "{bytes}");
        }
    }

    #[test]
    fn one_sentence_tells_how_it_went() {
        let mut summary = Summary::default();
        summary.copied.insert((3, 50_000_000), set(&["n3", "n4"]));
        let took = Some(Duration::from_millis(1900));
        assert_eq!(
            summary.sentence(Direction::Out, took),
            "copied 3 files (50 MB) to 2 nodes in 1.9 s"
        );
        summary.there = set(&["n1", "n2"]);
        assert_eq!(
            summary.sentence(Direction::Out, None),
            "would copy 3 files (50 MB) to 2 nodes; already there on n[1-2]"
        );
        summary.copied.insert((1, 10), set(&["n5"]));
        assert_eq!(
            summary.sentence(Direction::Back, took),
            "copied 3 files (50 MB) from n[3-4], 1 file (10 B) from n5 in 1.9 s; already here from n[1-2]"
        );
    }

    #[test]
    fn it_is_told_where_everything_is_here() {
        let of = |names: &[&str], name| places("logs/", &set(names), name);
        assert_eq!(of(&["n1"], Some("a.log")), "logs/n1/a.log");
        assert_eq!(of(&["n1", "n3"], None), "logs/n[1,3]/");
        assert_eq!(of(&["head", "n1"], Some("a")), "logs/{head,n1}/a");
    }

    #[test]
    fn nothing_to_do_is_said_of_all() {
        let summary = Summary {
            there: set(&["n1", "n2"]),
            ..Summary::default()
        };
        let took = Some(Duration::ZERO);
        assert_eq!(
            summary.sentence(Direction::Out, took),
            "already there on 2 nodes"
        );
    }

    #[test]
    fn equal_failures_are_told_once() {
        let mut summary = Summary::default();
        summary
            .failed
            .insert("no room".to_owned(), set(&["n1", "n2"]));
        let lines: String = summary.failures().concat();
        assert!(lines.contains("n[1-2]: no room"), "{lines}");
    }

    #[test]
    fn the_line_while_it_runs_counts_nodes_and_bytes() {
        let mut under_way = UnderWay::new(4, 400_000_000);
        under_way.at("n1".parse().unwrap(), 64_000_000);
        under_way.done("n2".parse().unwrap());
        assert_eq!(
            under_way.line(),
            "copying: 1 of 4 nodes done, 164 MB of 400 MB"
        );
    }
}
