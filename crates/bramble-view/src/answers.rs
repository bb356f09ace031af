//! What many nodes answered, each answer once.

use std::collections::BTreeMap;

use bramble_cluster::NodeName;
use bramble_cluster::nodeset::NodeSet;

use crate::style::Label;

/// The answers, equal ones together under the set of nodes that gave them. A
/// single line stands beside its nodes, several below them.
pub fn folded(answers: &BTreeMap<NodeName, String>) -> String {
    let mut groups: Vec<(&str, Vec<&NodeName>)> = Vec::new();
    for (node, answer) in answers {
        let answer = answer.trim_end_matches('\n');
        match groups.iter_mut().find(|(text, _)| *text == answer) {
            Some((_, nodes)) => nodes.push(node),
            None => groups.push((answer, vec![node])),
        }
    }
    groups
        .into_iter()
        .map(|(answer, nodes)| group(&nodes, answer))
        .collect()
}

fn group(nodes: &[&NodeName], answer: &str) -> String {
    let nodes: NodeSet = nodes.iter().copied().cloned().collect();
    let heading = Label::Heading.paint(format!("{nodes}:"));
    match answer.lines().count() {
        0 => format!("{heading} {}\n", Label::Quiet.paint("(no output)")),
        1 => format!("{heading} {answer}\n"),
        _ => format!("{heading}\n{answer}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_answers_are_shown_once() {
        let answers = [("node1", "6.12\n"), ("node2", "6.12\n"), ("node3", "6.6\n")]
            .map(|(node, answer)| (node.parse().unwrap(), answer.to_owned()));
        let text = folded(&answers.into());
        assert!(text.contains("node[1-2]:"), "{text}");
        assert!(text.contains("node3:"), "{text}");
    }
}
