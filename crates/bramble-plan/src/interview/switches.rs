//! Switches to choose from, how many of one it takes, and what they reserve for
//! boards. Not in here: what is plugged where, which the plan says (`wiring`).

use bramble_cluster::catalogue::{Mesh, PoeFeed, Reference, Switch};

use super::form::Choice;
use super::hardware::OPEN;
use super::resolved::View;
use crate::poe;

/// Most switches that are counted: more than a port for each of all nodes.
const MOST: u32 = 201;

/// The switches to choose from: those that feed boards, or those that do not.
pub(super) fn choices(view: &View<'_>, poe: bool) -> Vec<Choice> {
    let switches = view.vocabulary.catalogue.switches.values();
    let right = switches.filter(|one| {
        let feeds = one.poe_ports.is_some() || one.poe_budget.is_some();
        feeds == poe
    });
    right
        .map(|one| {
            let budget = one.poe_budget;
            let budget = budget.map_or_else(String::new, |power| format!(", PoE {power}"));
            let number = match number(view, &one.id) {
                1 => String::new(),
                number => format!("; {number} of them"),
            };
            let ports = one.ports;
            Choice::new(
                &one.id,
                format!("{}: {ports} ports{budget}{number}", one.name),
            )
        })
        .collect()
}

/// How many of switch `id` it takes, so that every node has a port, and a port that
/// feeds it if it has to be fed.
pub(super) fn number(view: &View<'_>, id: &str) -> u32 {
    let Some(switch) = view.vocabulary.catalogue.switches.get(id) else {
        return 1;
    };
    let (cables, fed) = (cables(view), fed(view));
    let enough = |number: &u32| {
        let free = |at: u32| switch.ports.saturating_sub(links(switch, at, *number));
        let feeding = |at: u32| free(at).min(switch.poe_ports.unwrap_or(u32::MAX));
        (0..*number).map(free).sum::<u32>() >= cables
            && (0..*number).map(feeding).sum::<u32>() >= fed
    };
    (1..MOST).find(enough).unwrap_or(MOST)
}

/// What follows from the switch: the ports that are taken, and with boards to feed
/// the watts.
pub(super) fn follows(view: &View<'_>) -> Option<String> {
    let id = view.get("switch");
    if id == OPEN && fed(view) > 0 {
        return watts_to_find(view);
    }
    let switch = view.vocabulary.catalogue.switches.get(id)?;
    let cables = cables(view);
    let ports = match number(view, id) {
        1 => format!("{cables} of its {} ports are taken.", switch.ports),
        number => format!("{number} of them, for {cables} cables and the links between."),
    };
    let watts = watts(view, switch);
    Some(watts.map_or_else(|| ports.clone(), |watts| format!("{ports} {watts}")))
}

/// Ports that link the switch at place `at` of a row of `number` to its neighbours.
fn links(switch: &Switch, at: u32, number: u32) -> u32 {
    match switch.mesh {
        Some(Mesh::Wifi) => 0,
        None => u32::from(at > 0) + u32::from(at + 1 < number),
    }
}

/// A cable for each node, and one to the router if the head is no gateway.
fn cables(view: &View<'_>) -> u32 {
    view.number("workers") + 1 + u32::from(!view.is("access", "gateway"))
}

/// Boards that the switch feeds: the workers, and the head if it is one of their
/// kind.
fn fed(view: &View<'_>) -> u32 {
    if !view.is("power", "poe") {
        return 0;
    }
    view.number("workers") + u32::from(view.is("head_board", view.get("board")))
}

/// What the first switch has to reserve, held against what it has.
fn watts(view: &View<'_>, switch: &Switch) -> Option<String> {
    let each = poe::told(feed(view)?, &Reference::builtin())?;
    let budget = switch.poe_budget?;
    let boards = fed(view).min(switch.poe_ports.unwrap_or(switch.ports));
    let sum = each.times(boards);
    let says = format!("It reserves {boards} x {each} = {sum}, and has {budget}");
    Some(if sum > budget {
        format!("{says}: too little. Go back with b.")
    } else {
        format!("{says}: that fits.")
    })
}

/// What a switch must have that is not named yet.
fn watts_to_find(view: &View<'_>) -> Option<String> {
    let each = poe::told(feed(view)?, &Reference::builtin())?;
    let (boards, sum) = (fed(view), each.times(fed(view)));
    Some(format!(
        "It has to reserve {boards} x {each} = {sum}: look for a switch with that budget."
    ))
}

/// What takes power from the network cable.
fn feed<'a>(view: &View<'a>) -> Option<&'a PoeFeed> {
    let catalogue = view.vocabulary.catalogue;
    let hat = catalogue.hats.get(view.get("hat")).map(|hat| &hat.poe);
    let carrier = catalogue.carriers.get(view.get("carrier"));
    hat.or_else(|| carrier?.poe.as_ref())
}
