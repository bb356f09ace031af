//! `bramble discover`: boards on the cluster's own network. Not in here: how they are
//! seen (`discover`).

mod assign;

use bramble_cluster::catalogue::Reference;
use bramble_view::count;
use bramble_view::table::table;

use self::assign::Assignment;
use crate::console::Console;
use crate::discover::ask;
use crate::discover::sighting::{self, Found};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{Choice, Target};

/// See which boards are on the cluster's network, and say which node each is
///
/// Asks this machine, if it is on that network, and the head: neighbours, the leases of
/// DHCP servers, multicast DNS. Each address of the network is called once, so that
/// whoever is there says its hardware address; no other network is touched. Nothing is
/// logged in to but the head.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bramble discover\n  bramble discover --assign\n  bramble discover --assign node3=dc:a6:32:01:02:03"
)]
pub(crate) struct Args {
    /// Write into the cluster file that the node is the board with this hardware address;
    /// with none, ask for each board that is seen which node it is
    #[arg(long, value_name = "NODE=MAC", num_args = 0..=1, value_parser = assignment)]
    assign: Option<Vec<Assignment>>,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let desk = match &args.assign {
        None => None,
        Some(given) if given.is_empty() => Some(assign::desk()?),
        Some(given) => return assign::keep(given, choice, console),
    };
    let target = choice.target(console)?;
    let heard = ask::all(&target);
    if heard.asked.is_empty() {
        return Err(nobody(&target, &heard.troubles));
    }
    for trouble in &heard.troubles {
        console.say(&format!("note: {trouble}"));
    }
    let net = target.cluster.network.subnet;
    let found = sighting::found(heard.sightings, net, &target.cluster, &Reference::builtin());
    if desk.is_none() {
        console.print_json(&found);
    }
    console.print(&shown(&found));
    let asked = heard.asked.join(" and ");
    let machines = count(found.len(), "machine");
    console.say(&format!("{machines} seen in {net} by {asked}"));
    if let Some(desk) = desk {
        let given = assign::ask(&desk, &found, &target.cluster, console)?;
        if given.is_empty() {
            console.say("nothing was written");
        }
        return assign::keep(&given, choice, console);
    }
    if let Some(hint) = next(&found, &target) {
        console.hint(&hint);
    }
    Ok(Exit::Done)
}

fn assignment(text: &str) -> Result<Assignment, String> {
    let wanted = "wants NODE=MAC, like `node3=dc:a6:32:01:02:03`";
    let (node, mac) = text.split_once('=').ok_or(wanted)?;
    let node = node.parse().map_err(|error| format!("`{node}`: {error}"))?;
    let mac = mac.parse().map_err(|error| format!("`{mac}`: {error}"))?;
    Ok((node, mac))
}

fn nobody(target: &Target, troubles: &[String]) -> Failure {
    let net = target.cluster.network.subnet;
    let why = troubles.join("; ");
    let message = format!("nobody can say who is in {net}: this machine is not in it, and {why}");
    Failure::new(Exit::Unreachable, message)
        .hint("plug this machine into the cluster's switch, with an address of its subnet")
        .hint("or turn the head on")
}

fn shown(found: &[Found]) -> String {
    let row = |found: &Found| {
        let mac = found.mac.map(|mac| mac.to_string());
        let node = match (&found.node, &found.address_of) {
            (Some(node), _) => node.to_string(),
            (None, Some(node)) => format!("at the address of {node}"),
            (None, None) => String::new(),
        };
        [
            found.address.to_string(),
            mac.unwrap_or_default(),
            found.maker.clone().unwrap_or_default(),
            found.name.clone().unwrap_or_default(),
            node,
        ]
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    table(["address", "MAC", "maker", "name", "node"], &rows)
}

/// What to type for the first board that is no node yet.
fn next(found: &[Found], target: &Target) -> Option<String> {
    // The head comes first, and was asked or is on its way.
    let free = target.cluster.nodes.iter().skip(1).find(|node| {
        let taken = |one: &Found| [&one.node, &one.address_of].contains(&&Some(node.name.clone()));
        node.mac.is_none() && !found.iter().any(taken)
    })?;
    let stranger = found
        .iter()
        .find(|one| one.node.is_none() && one.address_of.is_none() && one.maker.is_some())?;
    let (address, mac) = (stranger.address, stranger.mac?);
    Some(format!(
        "if the board at {address} is {0}: `bramble adopt {0} --address {address}`, or only say \
         so: `bramble discover --assign {0}={mac}`",
        free.name
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_is_a_node_and_an_address() {
        let (node, mac) = assignment("node3=DC:A6:32:01:02:03").unwrap();
        assert_eq!(node.as_str(), "node3");
        assert_eq!(mac.to_string(), "dc:a6:32:01:02:03");
        for odd in [
            "node3",
            "node3=",
            "=dc:a6:32:01:02:03",
            "node 3=dc:a6:32:01:02:03",
        ] {
            assert!(assignment(odd).is_err(), "{odd}");
        }
    }
}
