//! Supplies: those that feed one node go to it, the others are strips of outlets.
//! Not in here: who is plugged where (`wiring`).

use std::collections::BTreeMap;

use bramble_cluster::catalogue::Supply;
use bramble_cluster::unit::Power;

use super::fold::Fold;
use super::hubs::numbered;
use super::watts::Draws;
use super::{End, Item, OwnSupply, Socket, Strip};
use crate::power::given;
use crate::site::Site;
use crate::wiring::SupplyUnit;

/// Supplies of one kind that are drawn together.
struct Kind<'a> {
    supply: &'a Supply,
    units: Vec<&'a SupplyUnit>,
}

/// The strips, in the order of what they feed; what feeds one item goes to it.
pub(super) fn strips(
    site: &Site<'_>,
    fold: &Fold,
    draws: &Draws,
    items: &mut [Item],
) -> Vec<Strip> {
    let mut shared = Vec::new();
    for kind in kinds(site, fold) {
        if own(&kind, fold) {
            give(&kind, fold, draws, items);
        } else {
            shared.push(kind);
        }
    }
    shared.sort_by_key(first_fed);
    let of = shared.len();
    let strips = shared.iter().enumerate();
    strips
        .map(|(at, kind)| strip(kind, (at, of), fold, draws))
        .collect()
}

/// Every unit by itself, or all of one kind together.
fn kinds<'a>(site: &'a Site<'_>, fold: &Fold) -> Vec<Kind<'a>> {
    let units = site.wiring.supplies.iter();
    if !fold.strips {
        let alone = |unit: &'a SupplyUnit| Kind {
            supply: &unit.supply,
            units: vec![unit],
        };
        return units.map(alone).collect();
    }
    let mut by_id: BTreeMap<&str, Kind<'a>> = BTreeMap::new();
    for unit in units {
        let new = || Kind {
            supply: &unit.supply,
            units: Vec::new(),
        };
        by_id
            .entry(&unit.supply.id)
            .or_insert_with(new)
            .units
            .push(unit);
    }
    by_id.into_values().collect()
}

/// Whether each of the supplies feeds one node and nothing else, and feeds all
/// nodes of the items it feeds.
fn own(kind: &Kind<'_>, fold: &Fold) -> bool {
    let mut outlets = kind.units.iter().flat_map(|unit| &unit.ports);
    let alone = kind.supply.ports.unwrap_or(1) == 1 && outlets.all(|nodes| nodes.len() == 1);
    let all = |(item, nodes): (usize, Vec<usize>)| nodes.len() == fold.items[item].len();
    alone && fed(kind, fold).into_iter().all(all)
}

/// The nodes that are fed, by their items.
fn fed(kind: &Kind<'_>, fold: &Fold) -> BTreeMap<usize, Vec<usize>> {
    let mut fed: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &node in kind
        .units
        .iter()
        .flat_map(|unit| unit.ports.iter().flatten())
    {
        fed.entry(fold.item_of[node]).or_default().push(node);
    }
    fed
}

fn first_fed(kind: &Kind<'_>) -> usize {
    let nodes = kind
        .units
        .iter()
        .flat_map(|unit| unit.ports.iter().flatten());
    nodes.copied().min().unwrap_or(usize::MAX)
}

/// What the units give together.
fn gives(kind: &Kind<'_>, units: usize) -> Option<Power> {
    let units = u32::try_from(units).unwrap_or(u32::MAX);
    given(kind.supply).map(|power| power.times(units))
}

/// Gives each item its supplies.
fn give(kind: &Kind<'_>, fold: &Fold, draws: &Draws, items: &mut [Item]) {
    for (item, nodes) in fed(kind, fold) {
        let asked = draws.asked(&nodes);
        let gives = gives(kind, nodes.len());
        let name = match nodes.len() {
            1 => kind.supply.name.clone(),
            count => format!("{count} \u{d7} {}", kind.supply.name),
        };
        items[item].own_supply = Some(OwnSupply {
            name,
            detail: asked.of(gives),
            gauge: asked.gauge(gives),
            findings: Vec::new(),
        });
    }
}

fn strip(kind: &Kind<'_>, (at, of): (usize, usize), fold: &Fold, draws: &Draws) -> Strip {
    let stacked = kind.units.len() > 1;
    let nodes: Vec<_> = kind
        .units
        .iter()
        .flat_map(|unit| unit.ports.iter().flatten())
        .copied()
        .collect();
    let asked = draws.asked(&nodes);
    let gives = gives(kind, kind.units.len());
    let name = match kind.units.len() {
        1 => numbered(at, of, &kind.supply.name),
        count => format!("{count} \u{d7} {}", kind.supply.name),
    };
    Strip {
        name,
        detail: asked.of(gives),
        gauge: asked.gauge(gives),
        sockets: if stacked {
            shared_sockets(kind, fold)
        } else {
            sockets(kind, fold)
        },
        stacked,
        findings: Vec::new(),
    }
}

/// The outlets of one supply, those that feed nothing too.
fn sockets(kind: &Kind<'_>, fold: &Fold) -> Vec<Socket> {
    let fed: Vec<_> = kind.units.iter().flat_map(|unit| &unit.ports).collect();
    let outlets = (kind.supply.ports.unwrap_or(1) as usize).max(fed.len());
    let sockets = (0..outlets).map(|at| Socket {
        label: (at + 1).to_string(),
        end: fed.get(at).map_or(End::Nothing, |nodes| end(nodes, fold)),
    });
    sockets.collect()
}

fn end(nodes: &[usize], fold: &Fold) -> End {
    let mut items: Vec<_> = nodes.iter().map(|&node| fold.item_of[node]).collect();
    items.dedup();
    End::Items(items)
}

/// An outlet for each item that any of the supplies feeds: with its number if the
/// item is one node, else with how many outlets there are.
fn shared_sockets(kind: &Kind<'_>, fold: &Fold) -> Vec<Socket> {
    let mut fed: BTreeMap<usize, (usize, String)> = BTreeMap::new();
    for (at, unit) in kind.units.iter().enumerate() {
        for (number, nodes) in unit.ports.iter().enumerate() {
            let End::Items(items) = end(nodes, fold) else {
                continue;
            };
            for item in items {
                let label = || format!("{}.{}", at + 1, number + 1);
                fed.entry(item).or_insert_with(|| (0, label())).0 += 1;
            }
        }
    }
    let sockets = fed.into_iter().map(|(item, (count, label))| Socket {
        label: match fold.items[item].as_slice() {
            [_] => label,
            _ => format!("\u{d7}{count}"),
        },
        end: End::Items(vec![item]),
    });
    sockets.collect()
}
