//! Switches, and what is on their ports. Not in here: who is plugged where
//! (`wiring`).

use bramble_cluster::unit::Power;

use super::fold::Fold;
use super::watts::{share, watts};
use super::{End, Gauge, Hub, Socket};
use crate::poe;
use crate::site::Site;
use crate::wiring::{Port, SwitchUnit};

/// The switches; one that the file does not name if it names none.
pub(super) fn hubs(site: &Site<'_>, fold: &Fold) -> Vec<Hub> {
    let units = &site.wiring.switches;
    if units.is_empty() {
        return vec![unnamed(site, fold)];
    }
    if fold.hubs {
        return vec![together(site, fold)];
    }
    let hubs = units.iter().enumerate().map(|(at, unit)| {
        let (detail, gauge) = told(std::slice::from_ref(unit), site);
        Hub {
            name: numbered(at, units.len(), &unit.switch.name),
            detail,
            gauge,
            sockets: sockets(unit, fold),
            named: true,
            stacked: false,
            findings: Vec::new(),
        }
    });
    hubs.collect()
}

/// The name, after its number if it is one of several.
pub(super) fn numbered(at: usize, of: usize, name: &str) -> String {
    if of == 1 {
        name.to_owned()
    } else {
        format!("{}: {name}", at + 1)
    }
}

fn sockets(unit: &SwitchUnit, fold: &Fold) -> Vec<Socket> {
    let sockets = unit.ports.iter().enumerate().map(|(at, port)| Socket {
        label: (at + 1).to_string(),
        end: end(*port, fold),
    });
    sockets.collect()
}

fn end(port: Port, fold: &Fold) -> End {
    match port {
        Port::Free => End::Nothing,
        Port::Node(node) => End::Items(vec![fold.item_of[node]]),
        Port::Switch(hub) => End::Hub(hub),
        Port::Router => End::Router,
    }
}

/// A switch that the file does not name, with a port for each item.
fn unnamed(site: &Site<'_>, fold: &Fold) -> Hub {
    let router = site.cluster.head().uplink.is_none().then_some(End::Router);
    let items = (0..fold.items.len()).map(|item| End::Items(vec![item]));
    let ends = router.into_iter().chain(items);
    Hub {
        name: "a switch".to_owned(),
        detail: "the file names none".to_owned(),
        gauge: None,
        sockets: ends
            .map(|end| Socket {
                label: String::new(),
                end,
            })
            .collect(),
        named: false,
        stacked: fold.stacks,
        findings: Vec::new(),
    }
}

/// All switches in one.
fn together(site: &Site<'_>, fold: &Fold) -> Hub {
    let units = &site.wiring.switches;
    let switch = &units[0].switch;
    let (detail, gauge) = told(units, site);
    Hub {
        name: format!("{} \u{d7} {}", units.len(), switch.name),
        detail,
        gauge,
        sockets: shared_sockets(site, fold),
        named: true,
        stacked: true,
        findings: Vec::new(),
    }
}

/// A port for each item that is plugged into any switch: with its number if the
/// item is one node, else with how many ports there are.
fn shared_sockets(site: &Site<'_>, fold: &Fold) -> Vec<Socket> {
    let mut router = None;
    let mut plugged = vec![(0_usize, String::new()); fold.items.len()];
    for (at, unit) in site.wiring.switches.iter().enumerate() {
        for (number, port) in unit.ports.iter().enumerate() {
            let label = || format!("{}.{}", at + 1, number + 1);
            match *port {
                Port::Node(node) => {
                    let (count, first) = &mut plugged[fold.item_of[node]];
                    *count += 1;
                    if *count == 1 {
                        *first = label();
                    }
                }
                Port::Router => router = Some(label()),
                Port::Free | Port::Switch(_) => {}
            }
        }
    }
    let router = router.map(|label| Socket {
        label,
        end: End::Router,
    });
    let plugged = plugged.into_iter().enumerate();
    let items = plugged.filter(|(_, (count, _))| *count > 0);
    let items = items.map(|(item, (count, label))| Socket {
        label: match fold.items[item].as_slice() {
            [_] => label,
            _ => format!("\u{d7}{count}"),
        },
        end: End::Items(vec![item]),
    });
    router.into_iter().chain(items).collect()
}

/// What is reserved for each board that the switch feeds.
fn reserved(unit: &SwitchUnit, site: &Site<'_>) -> Vec<Power> {
    let feed = |port: &Port| match *port {
        Port::Node(node) => {
            let hardware = &site.cluster.nodes[node].hardware;
            Some(poe::reserved(hardware.poe()?, hardware, &unit.switch, site))
        }
        _ => None,
    };
    unit.ports.iter().filter_map(feed).collect()
}

/// What the `units`, which are equal, are; of those that feed boards, how much of
/// their power they reserve. The gauge is that of the fullest.
fn told(units: &[SwitchUnit], site: &Site<'_>) -> (String, Option<Gauge>) {
    let Some(switch) = units.first().map(|unit| &unit.switch) else {
        return (String::new(), None);
    };
    let feeds = units.iter().map(|unit| reserved(unit, site));
    let feeds: Vec<_> = feeds.filter(|boards| !boards.is_empty()).collect();
    if feeds.is_empty() {
        let mut words = vec![format!("{} ports", switch.ports)];
        words.extend(switch.speed.map(|speed| speed.to_string()));
        return (words.join(", "), None);
    }
    let sums = || feeds.iter().map(|boards| boards.iter().copied().sum());
    let all: Power = sums().sum();
    let Some(budget) = switch.poe_budget else {
        return (format!("PoE reserves {} of ?", watts(all)), None);
    };
    let gauge = share(sums().max().unwrap_or_default(), budget);
    let count = u32::try_from(feeds.len()).unwrap_or(u32::MAX);
    let (all, has) = (watts(all), watts(budget.times(count)));
    let detail = match gauge {
        // Nothing can reserve more than it has.
        Some(gauge) if gauge.share > 1000 => format!("PoE has {has}, needs {all}"),
        _ => format!("PoE reserves {all} of {has}"),
    };
    (detail, gauge)
}
