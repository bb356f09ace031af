//! Which node something is that was found, a card or a board: asked. Not in here: finding.

use std::sync::atomic::AtomicBool;

use bramble_cluster::NodeName;
use bramble_cluster::nodeset::NodeSet;

use crate::console::Console;
use crate::desk::Desk;
use crate::failure::Failure;

/// What was said of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Node(NodeName),
    Nobodys,
}

/// Somebody who knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) stop: &'a AtomicBool,
}

impl Asked<'_> {
    /// Asks until it is known. Enter takes the first of the nodes that wait, which the
    /// question ends in. `None` if nobody answers any more.
    pub(crate) fn whose(
        &self,
        question: &str,
        waiting: &[NodeName],
        console: &mut Console,
    ) -> Result<Option<Whose>, Failure> {
        let first = waiting.first().map_or("", NodeName::as_str);
        let question = format!("{question} [{first}, - for nobody's] ");
        loop {
            let Some(text) = self.desk.ask(&question, self.stop, console)? else {
                return Ok(None);
            };
            match answer(&text, waiting) {
                Some(whose) => return Ok(Some(whose)),
                None => console.say(&format!(
                    "`{text}` is none of the nodes that wait: {}",
                    listed(waiting)
                )),
            }
        }
    }
}

/// `None` if none of the nodes that wait is called so.
fn answer(text: &str, waiting: &[NodeName]) -> Option<Whose> {
    let node = match text {
        "-" => return Some(Whose::Nobodys),
        "" => waiting.first(),
        name => waiting.iter().find(|node| node.as_str() == name),
    };
    node.cloned().map(Whose::Node)
}

/// The nodes in the shortest form: `node[1-3]`.
pub(crate) fn listed(nodes: &[NodeName]) -> String {
    let nodes: NodeSet = nodes.iter().cloned().collect();
    nodes.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_takes_the_next_node_and_a_typo_none() {
        let waiting: [NodeName; 2] = ["node1", "node2"].map(|name| name.parse().unwrap());
        let node = |at: usize| Some(Whose::Node(waiting[at].clone()));
        assert_eq!(answer("", &waiting), node(0));
        assert_eq!(answer("node2", &waiting), node(1));
        assert_eq!(answer("-", &waiting), Some(Whose::Nobodys));
        assert_eq!(answer("noed2", &waiting), None);
        assert_eq!(answer("", &[]), None);
    }
}
