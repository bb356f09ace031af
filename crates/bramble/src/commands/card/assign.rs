//! Whose each card is that is plugged in: asked, one after another. Not in here: writing
//! them.

use bramble_cluster::NodeName;
use bramble_media::disk::{self, Disk, Number, Wish};
use bramble_view::copy::size;

use crate::card::place::{self, Place, Slot};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::whose::{Asked, Whose, listed};

/// Somebody who knows whose the cards are.
pub(super) struct Assigner<'a> {
    pub(super) asked: Asked<'a>,
    /// The device that the image lies on.
    pub(super) source: Option<Number>,
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
            match self.asked.whose(&question(&disk), &waiting, console)? {
                None => return Ok(None),
                Some(Whose::Node(node)) => {
                    waiting.retain(|other| *other != node);
                    slots.push(Slot {
                        node,
                        given: disk.path.clone(),
                        place: Place::Disk(Box::new(disk)),
                    });
                }
                Some(Whose::Nobodys) => {}
            }
        }
        Ok(Some(slots))
    }

    /// Lets the cards be changed; whether somebody said that they were.
    pub(super) fn next(&self, console: &mut Console) -> Result<bool, Failure> {
        let question = "Take the cards out, put the next ones in, and press Enter: ";
        let Asked { desk, stop } = self.asked;
        let answer = desk.ask(question, stop, console)?;
        Ok(answer.is_some())
    }
}

fn question(disk: &Disk) -> String {
    let about = place::about(disk);
    format!(
        "{} ({}, on it: {}): whose is it?",
        about.to_find(),
        size(about.size),
        about.content(),
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(names: &[&str]) -> Vec<NodeName> {
        names.iter().map(|name| name.parse().unwrap()).collect()
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
