//! Which node each board is, from now on. Not in here: seeing boards.

use bramble_cluster::{Cluster, MacAddress, NodeName};
use serde_json::json;

use crate::console::Console;
use crate::desk::Desk;
use crate::discover::sighting::Found;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity_file::{self, Identity};
use crate::interrupt;
use crate::reach::Choice;
use crate::whose::{Asked, Whose};

/// A node, and the hardware address of its board.
pub(super) type Assignment = (NodeName, MacAddress);

/// Where somebody sits who knows which node each board is.
pub(super) fn desk() -> Result<Desk, Failure> {
    let nobody = || {
        let message = "`--assign` alone asks, and nobody is at a terminal to answer";
        Failure::new(Exit::Usage, message)
            .hint("say it: `bramble discover --assign node3=dc:a6:32:01:02:03`")
    };
    Desk::find(false).ok_or_else(nobody)
}

/// Asks which node each machine is that is none yet.
pub(super) fn ask(
    desk: &Desk,
    found: &[Found],
    cluster: &Cluster,
    console: &mut Console,
) -> Result<Vec<Assignment>, Failure> {
    let stop = interrupt::flag()?;
    let asked = Asked { desk, stop: &stop };
    let mut waiting = without_board(cluster);
    let mut said = Vec::new();
    for one in found.iter().filter(|one| one.node.is_none()) {
        let Some(mac) = one.mac.filter(|_| !waiting.is_empty()) else {
            continue;
        };
        let waiting_for_it = proposing(&waiting, one);
        match asked.whose(&question(one, mac), &waiting_for_it, console)? {
            None => break,
            Some(Whose::Nobodys) => {}
            Some(Whose::Node(node)) => {
                waiting.retain(|other| *other != node);
                said.push((node, mac));
            }
        }
    }
    Ok(said)
}

/// The nodes of which no hardware address is known. The head comes last: whoever sees
/// boards behind it has reached it already.
fn without_board(cluster: &Cluster) -> Vec<NodeName> {
    let free = cluster.nodes.iter().filter(|node| node.mac.is_none());
    let mut waiting: Vec<_> = free.map(|node| node.name.clone()).collect();
    waiting.sort_by_key(|node| *node == cluster.head().name);
    waiting
}

/// The nodes that wait, and first whose address the machine has.
fn proposing(waiting: &[NodeName], found: &Found) -> Vec<NodeName> {
    let mut waiting = waiting.to_vec();
    waiting.sort_by_key(|node| found.address_of.as_ref() != Some(node));
    waiting
}

fn question(found: &Found, mac: MacAddress) -> String {
    let about = [found.maker.as_deref(), found.name.as_deref()];
    let about: Vec<_> = about.into_iter().flatten().collect();
    let about = if about.is_empty() {
        String::new()
    } else {
        format!(" ({})", about.join(", "))
    };
    format!("{} {mac}{about}: which node is it?", found.address)
}

/// Writes what was said into the cluster file.
pub(super) fn keep(
    assigned: &[Assignment],
    choice: &Choice,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let folder = choice.folder()?;
    let cluster = folder.cluster(console)?;
    let _lock = folder.lock("discover")?;
    check(assigned, &cluster, &folder.name())?;
    let mut written = Vec::new();
    for (node, mac) in assigned {
        let identity = Identity {
            mac: Some(*mac),
            serial: None,
        };
        let new = identity_file::learn(&folder, node, &identity)?;
        let how = if new { "is" } else { "is known to be" };
        console.print(&format!("{node} {how} the board with {mac}\n"));
        written.push(json!({ "node": node, "mac": mac, "written": new }));
    }
    console.print_json(&written);
    Ok(Exit::Done)
}

/// Refuses nodes that are not there, and boards that are two nodes; the cluster file is
/// called `file`.
fn check(assigned: &[Assignment], cluster: &Cluster, file: &str) -> Result<(), Failure> {
    for (place, (node, mac)) in assigned.iter().enumerate() {
        if cluster.node(node).is_none() {
            let message = format!("no node is called `{node}`");
            return Err(
                Failure::new(Exit::Usage, message).hint("see all nodes: `bramble nodes @all`")
            );
        }
        let others = cluster.nodes.iter().filter(|other| other.name != *node);
        let mut owners = others.filter(|other| other.mac == Some(*mac));
        let before = &assigned[..place];
        let twice = before
            .iter()
            .find(|(other, known)| known == mac && other != node);
        let owner = owners.next().map(|owner| &owner.name);
        if let Some(owner) = owner.or(twice.map(|(other, _)| other)) {
            let message = format!("{mac} is {owner} already, and one board is one node");
            return Err(Failure::new(Exit::Usage, message).hint(format!(
                "if the board was moved, delete `mac` in `[identity.{owner}]` of {file} first"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use bramble_testkit::{RECIPE, cluster};

    use super::*;

    fn found(address_of: Option<&str>) -> Found {
        Found {
            address: "10.55.0.102".parse().unwrap(),
            mac: None,
            maker: Some("Raspberry Pi".to_owned()),
            name: None,
            node: None,
            address_of: address_of.map(|node| node.parse().unwrap()),
        }
    }

    #[test]
    fn nodes_wait_for_a_board_the_head_last_and_first_whose_address_it_has() {
        let text = format!("{RECIPE}\n[identity.node2]\nmac = \"dc:a6:32:01:02:03\"\n");
        let waiting = without_board(&cluster(&text));
        let nodes = |names: [&str; 5]| names.map(|name| name.parse().unwrap()).to_vec();
        let usual = nodes(["node1", "node3", "node4", "node5", "head"]);
        assert_eq!(waiting, usual);
        let fourth = nodes(["node4", "node1", "node3", "node5", "head"]);
        assert_eq!(proposing(&waiting, &found(Some("node4"))), fourth);
        assert_eq!(proposing(&waiting, &found(Some("node2"))), usual);
        assert_eq!(proposing(&waiting, &found(None)), usual);
    }

    #[test]
    fn a_question_says_what_is_known_of_the_machine() {
        let mac = "dc:a6:32:01:02:03".parse().unwrap();
        let whole = "10.55.0.102 dc:a6:32:01:02:03 (Raspberry Pi): which node is it?";
        assert_eq!(question(&found(None), mac), whole);
        let bare = Found {
            maker: None,
            ..found(None)
        };
        let whole = "10.55.0.102 dc:a6:32:01:02:03: which node is it?";
        assert_eq!(question(&bare, mac), whole);
    }
}
