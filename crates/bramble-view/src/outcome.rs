//! How a command ended on each of many nodes, told together: who failed and why,
//! grouped, and unreachable ones apart from failing ones. Not in here: what the
//! nodes printed.

use std::collections::BTreeSet;

use bramble_cluster::NodeName;
use bramble_cluster::nodeset::NodeSet;
use bramble_converge::Unreachable;

use crate::answers::grouped;
use crate::count::count;
use crate::safe_text::safe;
use crate::style::Label;
use crate::unreachable;

/// How a command ended on one node. The later one is the worse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// By itself, with this exit status.
    Status(u32),
    /// Its input could not be read on this machine.
    NotFed(Unreachable),
    /// We ended it, since it took longer than it may.
    TimedOut(Unreachable),
    /// There is no telling: the node was not reached, or was lost.
    Unreachable(Unreachable),
    /// We ended it, since the user wanted everything to end.
    Interrupted,
    /// It was not begun when the user wanted everything to end.
    NotBegun,
}

impl Outcome {
    /// From what the transport tells; `begun` says whether the node was reached.
    pub fn of(ended: Result<u32, Unreachable>, begun: bool) -> Self {
        match ended {
            Ok(status) => Self::Status(status),
            Err(Unreachable::Interrupted) if begun => Self::Interrupted,
            Err(Unreachable::Interrupted) => Self::NotBegun,
            Err(reason @ Unreachable::TooSlow { .. }) if begun => Self::TimedOut(reason),
            Err(reason @ Unreachable::NoInput(_)) => Self::NotFed(reason),
            Err(reason) => Self::Unreachable(reason),
        }
    }

    /// Whether the command ran to a good end.
    pub fn is_good(&self) -> bool {
        *self == Self::Status(0)
    }

    fn part(&self) -> Option<Part> {
        match self {
            Self::Status(0) => None,
            Self::Status(_) | Self::NotFed(_) => Some(Part::Failed),
            Self::TimedOut(_) => Some(Part::TimedOut),
            Self::Unreachable(_) => Some(Part::Unreachable),
            Self::Interrupted => Some(Part::Interrupted),
            Self::NotBegun => Some(Part::NotBegun),
        }
    }

    /// Why, in full; nothing where the part's name says it all.
    fn reason(&self, told: &BTreeSet<&NodeName>) -> String {
        match self {
            Self::Status(status) => format!("exit {status}"),
            Self::NotFed(why) | Self::TimedOut(why) | Self::Unreachable(why) => {
                safe(&unreachable::reason(why, told)).into_owned()
            }
            Self::Interrupted | Self::NotBegun => String::new(),
        }
    }

    /// Why, without what is particular about the node, so that the same mishap on
    /// many nodes is told once.
    fn gist(&self, told: &BTreeSet<&NodeName>) -> String {
        match self {
            Self::Unreachable(why) => unreachable::gist(why)
                .map_or_else(|| self.reason(told), |gist| safe(&gist).into_owned()),
            _ => self.reason(told),
        }
    }
}

/// The lines of the summary, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Failed,
    TimedOut,
    Unreachable,
    Interrupted,
    NotBegun,
}

/// A line for each way in which the command came to no good end; none if it did
/// everywhere. `nodes` are in their order.
pub fn summary(nodes: &[(NodeName, Outcome)]) -> Vec<String> {
    let parts = [
        Part::Failed,
        Part::TimedOut,
        Part::Unreachable,
        Part::Interrupted,
        Part::NotBegun,
    ];
    parts
        .into_iter()
        .filter_map(|part| told(part, nodes))
        .collect()
}

fn told(part: Part, nodes: &[(NodeName, Outcome)]) -> Option<String> {
    let of_part = |&(_, (_, outcome)): &(usize, &(NodeName, Outcome))| outcome.part() == Some(part);
    let these = || nodes.iter().enumerate().filter(of_part);
    let out = these().map(|(_, (node, _))| node).collect();
    let groups = grouped(these().map(|(place, (_, outcome))| (place, outcome.gist(&out))));
    let many = groups.iter().map(Vec::len).sum();
    let list: Vec<_> = groups
        .iter()
        .map(|group| named(group, nodes, &out))
        .collect();
    let heading = match part {
        Part::Failed => format!("failed on {}:", count(many, "node")),
        Part::TimedOut => format!("timed out on {}:", count(many, "node")),
        Part::Unreachable => "unreachable:".to_owned(),
        Part::Interrupted => "interrupted:".to_owned(),
        Part::NotBegun => "not begun:".to_owned(),
    };
    let line = format!("{} {}", Label::Bad.paint(heading), list.join(", "));
    (!list.is_empty()).then_some(line)
}

fn named(group: &[usize], nodes: &[(NodeName, Outcome)], out: &BTreeSet<&NodeName>) -> String {
    let set: NodeSet = group.iter().map(|&place| nodes[place].0.clone()).collect();
    let outcome = &nodes[group[0]].1;
    let reason = match group.len() {
        1 => outcome.reason(out),
        _ => outcome.gist(out),
    };
    match reason.as_str() {
        "" => set.to_string(),
        reason => format!("{set} ({reason})"),
    }
}
