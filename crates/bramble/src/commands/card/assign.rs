//! Whose each card is that is plugged in: asked, one after another. Not in here: writing
//! them.

use std::sync::atomic::AtomicBool;

use bramble_cluster::NodeName;
use bramble_media::disk::{self, Disk, Number, Wish};
use bramble_view::copy::size;

use crate::card::desk::Desk;
use crate::card::place::{self, Place, Slot};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

/// Somebody who knows whose the cards are.
pub(super) struct Assigner<'a> {
    pub(super) desk: &'a Desk,
    pub(super) stop: &'a AtomicBool,
    /// The device that the image lies on.
    pub(super) source: Option<Number>,
}

/// What was said of a card.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Whose(NodeName),
    Nobodys,
    /// None of the nodes that wait is called so.
    Unknown,
}

impl Assigner<'_> {
    /// The cards that are plugged in, for as many of the nodes in `waiting` as there are.
    /// `None` if nobody answers any more.
    pub(super) fn round(
        &self,
        waiting: &[NodeName],
        console: &mut Console,
    ) -> Result<Option<Vec<Slot>>, Failure> {
        let mut waiting = waiting.to_vec();
        let mut slots = Vec::new();
        for disk in place::disks_to_write()? {
            if waiting.is_empty() {
                break;
            }
            if let Some(refusal) = refusal(&disk, self.source) {
                console.say(&format!("left out: {refusal}"));
                continue;
            }
            match self.whose(&disk, &waiting, console)? {
                None => return Ok(None),
                Some(Answer::Whose(node)) => {
                    waiting.retain(|other| *other != node);
                    slots.push(Slot {
                        node,
                        given: disk.path.clone(),
                        place: Place::Disk(Box::new(disk)),
                    });
                }
                Some(_) => {}
            }
        }
        Ok(Some(slots))
    }

    /// Asks until it is known.
    fn whose(
        &self,
        disk: &Disk,
        waiting: &[NodeName],
        console: &mut Console,
    ) -> Result<Option<Answer>, Failure> {
        let about = place::about(disk);
        let question = format!(
            "{} ({}, on it: {}): whose is it? [{}, - for nobody's] ",
            about.to_find(),
            size(about.size),
            about.content(),
            waiting.first().map_or("", NodeName::as_str),
        );
        loop {
            let Some(text) = self.desk.ask(&question, self.stop, console)? else {
                return Ok(None);
            };
            match answer(&text, waiting) {
                Answer::Unknown => console.say(&format!(
                    "`{text}` is none of the nodes that wait: {}",
                    listed(waiting)
                )),
                answer => return Ok(Some(answer)),
            }
        }
    }

    /// Lets the cards be changed; whether somebody said that they were.
    pub(super) fn next(&self, console: &mut Console) -> Result<bool, Failure> {
        let question = "Take the cards out, put the next ones in, and press Enter: ";
        let answer = self.desk.ask(question, self.stop, console)?;
        Ok(answer.is_some())
    }
}

fn answer(text: &str, waiting: &[NodeName]) -> Answer {
    let node = match text {
        "-" => return Answer::Nobodys,
        "" => waiting.first(),
        name => waiting.iter().find(|node| node.as_str() == name),
    };
    node.cloned().map_or(Answer::Unknown, Answer::Whose)
}

/// Why a disk is not even asked about. How long the image is was not looked at yet.
fn refusal(disk: &Disk, source: Option<Number>) -> Option<disk::Refusal> {
    disk::refusal(&Wish {
        disk,
        given: &disk.path,
        needs: 0,
        source,
        yes: false,
    })
}

/// How the cards of `nodes` came to their end: those in `left` have none.
pub(super) fn ended(left: &[NodeName], written: &[NodeName]) -> Result<Exit, Failure> {
    if left.is_empty() {
        return Ok(Exit::Done);
    }
    let (has, left) = (if left.len() == 1 { "has" } else { "have" }, listed(left));
    let before = if written.is_empty() {
        "nothing was written".to_owned()
    } else {
        format!("written: {}", listed(written))
    };
    let failure = Failure::new(Exit::Failed, format!("{left} {has} no card yet; {before}"));
    Err(failure.hint(format!(
        "go on with those: `bramble card write --assign {left} ...`"
    )))
}

fn listed(nodes: &[NodeName]) -> String {
    let nodes: bramble_cluster::nodeset::NodeSet = nodes.iter().cloned().collect();
    nodes.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(names: &[&str]) -> Vec<NodeName> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn enter_takes_the_next_node_and_a_typo_none() {
        let waiting = nodes(&["node1", "node2"]);
        assert_eq!(answer("", &waiting), Answer::Whose(waiting[0].clone()));
        assert_eq!(answer("node2", &waiting), Answer::Whose(waiting[1].clone()));
        assert_eq!(answer("-", &waiting), Answer::Nobodys);
        assert_eq!(answer("noed2", &waiting), Answer::Unknown);
        assert_eq!(answer("", &[]), Answer::Unknown);
    }

    #[test]
    fn what_has_no_card_at_the_end_is_named_with_what_was_written() {
        assert_eq!(ended(&[], &nodes(&["node1"])).unwrap(), Exit::Done);
        let none = ended(&nodes(&["node1", "node2", "node3"]), &[]).unwrap_err();
        assert_eq!(none.exit(), Exit::Failed);
        assert_eq!(
            none.to_string(),
            "node[1-3] have no card yet; nothing was written"
        );
        let some = ended(&nodes(&["node2"]), &nodes(&["node1"])).unwrap_err();
        assert_eq!(some.to_string(), "node2 has no card yet; written: node1");
    }
}
