//! Taking a machine over, step by step, until only `up` is left to do. Not in here: what
//! each step decides.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use bramble_cluster::{Node, NodeName, SerialNumber};
use bramble_converge::rounds::{self, ByNode};
use bramble_converge::{
    Answer, NodeFailure, NodePlan, Outcome, Plan, Request, Transport, Unreachable,
};
use bramble_view::count;
use serde::Serialize;

use super::address::{self, Done, PROBATION, When, Wish};
use super::door::{self, Door};
use super::host_key::{self, HostKey};
use super::login::{self, AsRoot, Wanted};
use super::machine::Machine;
use super::order::{Order, place};
use super::{suits, unanswered};
use crate::advice;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity_file::{self, Identity};
use crate::reach::{TWIN, Target};

/// What became of it, as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct TakenOver {
    node: NodeName,
    /// The fingerprint of its host key.
    host_key: String,
    system: String,
    mac: Option<String>,
    serial: Option<String>,
    /// Changes that were made.
    made: Vec<String>,
    /// Whether the node has its address by now.
    addressed: bool,
}

/// Makes the machine the node `name`.
pub(crate) fn take_over(
    target: Target,
    name: &NodeName,
    order: &Order<'_>,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let mut door = Door::at(&target, name, order.host, order.port);
    let shown = look(&target, name, (order, &door))?;
    let known = HostKey::pinned(&target, name)?.print == shown.print;
    if !known {
        vouch(name, &shown, order, console)?;
    }
    door = door.known_by(&shown);
    let wanted = Wanted {
        user: order.user.unwrap_or(&target.cluster.user),
        key: order.key,
    };
    let entered = login::enter(&target, &door, &wanted, known, console)?;
    let mut machine = entered.machine.clone();
    if target.name == TWIN {
        // A virtual node has the processor of this machine, whatever its board has.
        machine.architecture.clear();
    }
    suit(&target, name, &machine, console)?;
    let root = entered.into_root(console)?;
    shown.pin(&target, name)?;
    let target = target.again()?;
    let made = found(&target, name, (&root, &machine), console)?;
    finish(&target, (order, &door), (&machine, &shown, made), console)
}

/// The host key that the machine shows.
fn look(
    target: &Target,
    node: &NodeName,
    (order, door): (&Order<'_>, &Door),
) -> Result<HostKey, Failure> {
    let shown = bramble_fleet::look(&door.book, &target.identity(), node, &target.stop);
    let shown = shown.map_err(|why| {
        let hints = unanswered::hints(order, node, &why);
        let failure = advice::failure(target, node, why);
        hints.into_iter().fold(failure, Failure::hint)
    })?;
    HostKey::of(&shown)
}

/// Asks somebody whether the key is the machine's.
fn vouch(
    node: &NodeName,
    shown: &HostKey,
    order: &Order<'_>,
    console: &mut Console,
) -> Result<(), Failure> {
    let place = place(order.host, order.port);
    let (file, print) = (shown.file(), &shown.print);
    if order.fingerprint.is_none() {
        console.say(&format!(
            "The machine at {place} shows this host key:\n  {print}\n\
             Whoever is between here and there can show any key. Compare it with what the machine\n\
             says of itself, at its own screen and keyboard:\n  ssh-keygen -lf {file}"
        ));
    }
    let again = order.again(node);
    host_key::confirm(node, shown, (order.fingerprint, &again), console)
}

/// Says what the machine is, and why it cannot be the node if it cannot.
fn suit(
    target: &Target,
    name: &NodeName,
    machine: &Machine,
    console: &mut Console,
) -> Result<(), Failure> {
    let node = node(target, name)?;
    let (system, architecture) = (&machine.system.name, &machine.architecture);
    console.say(format!("{name}: {system} {architecture}").trim_end());
    if let Some(obstacle) = suits::obstacle(machine, &target.cluster, node) {
        let message = format!("{name}: {}; nothing was changed", obstacle.what);
        let failure = Failure::new(Exit::Failed, message);
        return Err(obstacle.remedies.into_iter().fold(failure, Failure::hint));
    }
    if let Some(note) = suits::notes(machine, node) {
        console.say(&format!("note: {note}"));
    }
    Ok(())
}

fn node<'a>(target: &'a Target, name: &NodeName) -> Result<&'a Node, Failure> {
    let node = target.cluster.node(name);
    node.ok_or_else(|| Failure::new(Exit::Usage, format!("no node is called `{name}`")))
}

/// Makes what a node needs to be reached as one. Returns what was changed.
fn found(
    target: &Target,
    name: &NodeName,
    (root, machine): (&AsRoot, &Machine),
    console: &mut Console,
) -> Result<Vec<String>, Failure> {
    let failed = |why: NodeFailure| root.failure(name, &machine.user, &why);
    let desired = bramble_roles::foundation(&target.cluster, node(target, name)?, &target.secrets)
        .map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
    let only = BTreeSet::from([name.clone()]);
    let seen = one(rounds::observe(root, &desired, &only)).map_err(failed)?;
    let plan = NodePlan::build(desired.of(name), &seen);
    let plan = Plan {
        nodes: BTreeMap::from([(name.clone(), plan)]),
    };
    let mut outcome = Outcome::default();
    let watch = &mut |event| console.event(&event);
    rounds::apply(root, &plan, slice::from_ref(name), watch, &mut outcome);
    if let Some(failure) = outcome.failed.remove(name) {
        return Err(failed(failure));
    }
    let made = outcome.made.remove(name).unwrap_or_default();
    Ok(made.iter().map(ToString::to_string).collect())
}

fn one<T>(answers: ByNode<T>) -> Result<T, NodeFailure> {
    let first = answers.into_values().next();
    first.unwrap_or_else(|| Err(Unreachable::Lost("no answer".to_owned()).into()))
}

/// What is done as the cluster's own account, over a connection of its own: that it is
/// let in shows that the machine is a node.
fn finish(
    target: &Target,
    (order, door): (&Order<'_>, &Door),
    (machine, key, made): (&Machine, &HostKey, Vec<String>),
    console: &mut Console,
) -> Result<Exit, Failure> {
    let node = node(target, &door.node)?;
    let interface = address::interface(machine, node);
    let inside = door::inside(&target.cluster, door.host());
    let wish = interface.map(|interface| Wish::of(&target.cluster, node, interface, inside));
    let (done, serial) = match &wish {
        Some(wish) => set_address(target, door, wish)?,
        None => (None, None),
    };
    let mac = interface.and_then(|interface| interface.mac);
    let identity = Identity {
        mac: mac.filter(|mac| !mac.is_made_up()),
        serial: machine.serial.clone().or(serial),
    };
    identity_file::learn(&target.folder, &node.name, &identity)?;
    if done == Some(Done::Set) {
        confirm(target, (order, door), wish.as_ref())?;
    }
    let told = TakenOver {
        node: node.name.clone(),
        host_key: key.print.clone(),
        system: machine.system.name.clone(),
        mac: identity.mac.map(|mac| mac.to_string()),
        serial: identity.serial.map(|serial| serial.to_string()),
        made,
        addressed: matches!(done, Some(Done::Same | Done::Set)),
    };
    tell(&told, (node, wish.as_ref(), done), console);
    Ok(Exit::Done)
}

/// Sets the address, and reads the number that only root may read.
fn set_address(
    target: &Target,
    door: &Door,
    wish: &Wish,
) -> Result<(Option<Done>, Option<SerialNumber>), Failure> {
    let fleet = door.fleet(target, None)?;
    let failed = |why: String, exit| {
        let message = format!(
            "{}: the account is made, and its address is not: {why}",
            door.node
        );
        Failure::new(exit, message)
    };
    let answer = ask(&fleet, &door.node, wish.request())
        .map_err(|why| failed(why.to_string(), Exit::of(&why.into())))?;
    let (done, serial) = address::outcome(&answer)
        .map_err(|malformed| failed(malformed.to_string(), Exit::Failed))?;
    if done.is_none() {
        let complaint = String::from_utf8_lossy(&answer.complaint);
        let complaint = bramble_view::safe_text::safe_line(complaint.trim());
        let why = format!("nobody there sets up {} {complaint}", wish.interface);
        return Err(
            failed(why.trim_end().to_owned(), Exit::Failed).hint(format!(
                "give {} the address {} there by hand, then say the same again",
                wish.interface, wish.address
            )),
        );
    }
    Ok((done, serial.parse().ok()))
}

fn ask(fleet: &dyn Transport, node: &NodeName, request: Request) -> Result<Answer, Unreachable> {
    let requests = BTreeMap::from([(node.clone(), request)]);
    let mut answers = fleet.exchange(requests, &mut |_, _| {});
    let silent = || Err(Unreachable::Lost("no answer".to_owned()));
    answers.remove(node).unwrap_or_else(silent)
}

/// Says over a fresh connection to the new address that it stays.
fn confirm(
    target: &Target,
    (order, door): (&Order<'_>, &Door),
    wish: Option<&Wish>,
) -> Result<(), Failure> {
    // Whoever has a way of its own is still where it was.
    let moved = wish
        .is_some_and(|wish| door::inside(&target.cluster, door.host()) && wish.when == When::Now);
    let address = wish.map_or_else(String::new, |wish| wish.address.to_string());
    let host = if moved { &address } else { door.host() };
    let there = Door::at(target, &door.node, host, order.port);
    let limit = std::time::Duration::from_secs(u64::from(PROBATION) - 5);
    let only = BTreeSet::from([door.node.clone()]);
    let fleet = there.fleet(target, None)?;
    // The change begins a second after the answer; until then the old address answers.
    std::thread::sleep(std::time::Duration::from_secs(2));
    let missing = fleet.wait_ready(&only, limit, &mut |_| {});
    let why = match missing.into_values().next() {
        Some(why) => why.to_string(),
        None => match ask(&fleet, &door.node, address::confirmation()) {
            Ok(answer) if address::stays(&answer) => return Ok(()),
            Ok(_) => "it took too long".to_owned(),
            Err(why) => why.to_string(),
        },
    };
    let message = format!(
        "{} has its account, and is not reached at {host}: {why}; it takes its old address back",
        door.node
    );
    Err(Failure::new(Exit::Unreachable, message)
        .hint("is it plugged into the cluster's switch?")
        .hint(format!(
            "when it is, say the same again: `{}`",
            order.again(&door.node)
        )))
}

fn tell(
    told: &TakenOver,
    (node, wish, done): (&Node, Option<&Wish>, Option<Done>),
    console: &mut Console,
) {
    console.print_json(told);
    let made = count(told.made.len(), "change");
    let name = &node.name;
    console.print(&format!("{name} is adopted: {made} made\n"));
    let known: Vec<_> = told
        .mac
        .iter()
        .chain(&told.serial)
        .map(String::as_str)
        .collect();
    if !known.is_empty() {
        let known = known.join(", ");
        console.print(&format!("the cluster file knows its board: {known}\n"));
    }
    match (done, wish) {
        (Some(Done::Later), Some(wish)) => {
            console.hint(&format!(
                "plug it into the cluster's switch and start it anew: {} has {} from then on",
                wish.interface, wish.address
            ));
        }
        (None, _) => console.hint(&format!(
            "which of its interfaces is at the switch cannot be told: write its `mac` into \
             `[identity.{name}]` and say the same again",
        )),
        _ => {}
    }
    console.hint("make it what the cluster file says: `bramble up`");
}
