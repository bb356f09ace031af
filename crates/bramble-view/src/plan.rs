//! A plan of changes as a person reads it.

use bramble_cluster::NodeName;
use bramble_cluster::nodeset::NodeSet;
use bramble_converge::plan::{Change, Conflict, Plan};
use bramble_converge::resource::Line;

use crate::count::count;
use crate::style::Label;

/// The whole plan. Equal changes on several nodes are shown once, under the set
/// of those nodes.
pub fn plan(plan: &Plan) -> String {
    let mut text = String::new();
    for (nodes, changes, conflicts) in groups(plan) {
        let names: NodeSet = nodes.iter().copied().cloned().collect();
        let heading = format!("{names}: {}", count(changes.len(), "change"));
        text.push_str(&Label::Heading.paint(heading));
        text.push('\n');
        text.extend(changes.iter().map(show_change));
        text.extend(conflicts.iter().map(show_conflict));
        text.push('\n');
    }
    text
}

/// How much there is to do: `7 changes on 2 nodes`.
pub fn summary(plan: &Plan) -> String {
    let busy = plan
        .nodes
        .values()
        .filter(|node| !node.changes.is_empty())
        .count();
    match plan.len() {
        0 => "0 changes".to_owned(),
        changes => format!("{} on {}", count(changes, "change"), count(busy, "node")),
    }
}

type Group<'a> = (Vec<&'a NodeName>, &'a [Change], &'a [Conflict]);

/// Nodes with the same to do, in order of their first.
fn groups(plan: &Plan) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (name, node) in &plan.nodes {
        if node.changes.is_empty() && node.conflicts.is_empty() {
            continue;
        }
        let same = |group: &&mut Group<'_>| {
            looks(group.1, group.2) == looks(&node.changes, &node.conflicts)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.0.push(name),
            None => groups.push((vec![name], &node.changes, &node.conflicts)),
        }
    }
    groups
}

/// Everything of a node's plan that is shown.
fn looks(changes: &[Change], conflicts: &[Conflict]) -> String {
    let changes = changes.iter().map(show_change);
    changes.chain(conflicts.iter().map(show_conflict)).collect()
}

fn show_change(change: &Change) -> String {
    let mut text = format!(
        "  {} {}\n",
        Label::Good.paint(format!("{}: {}", change.key, change.action)),
        Label::Quiet.paint(format!("({})", change.role))
    );
    let lines = change.lines.iter();
    text.extend(lines.map(|line| format!("      {}\n", show_line(line))));
    text
}

fn show_line(line: &Line) -> String {
    match line {
        Line::Context(line) => format!("  {line}"),
        Line::Added(line) => Label::Good.paint(format!("+ {line}")),
        Line::Removed(line) => Label::Bad.paint(format!("- {line}")),
        Line::Gap(lines) => {
            Label::Quiet.paint(format!("  ... {} unchanged", count(*lines, "line")))
        }
    }
}

fn show_conflict(conflict: &Conflict) -> String {
    format!(
        "  {}\n      {}\n      {}\n",
        Label::Bad.paint(format!("{}: left to you", conflict.key)),
        conflict.found,
        conflict.remedy
    )
}
