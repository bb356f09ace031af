//! What the cluster draws, what feeds it, and what running it costs. Not in here:
//! whether that is enough (`checks`).

use std::collections::BTreeMap;

use bramble_cluster::NodeSet;
use bramble_cluster::catalogue::Supply;
use bramble_cluster::money::{Amount, Currency};
use bramble_cluster::unit::Power;
use serde::Serialize;

use crate::consumption::Consumption;
use crate::poe::reserved;
use crate::site::Site;
use crate::wiring::{Port, SwitchUnit};

/// Hours in a year.
pub(crate) const HOURS: f64 = 8760.0;

/// What the cluster draws, and what feeds it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PowerPlan {
    /// With nothing to do.
    pub idle: Draw,
    /// With all cores busy.
    pub load: Draw,
    /// The most that was measured.
    pub most: Draw,
    /// The same by what nodes are made of.
    pub boards: Vec<BoardDraw>,
    /// What the supplies that are bought can give.
    pub supplies: Supplies,
    /// What the switches feed through the network cables, if they do.
    pub poe: Option<PoePlan>,
    /// What running it costs, if the file says what electricity does.
    pub running: Option<Running>,
}

/// A sum over nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Draw {
    /// Of those whose figure is known.
    pub power: Power,
    /// How many have none.
    pub unknown: u32,
}

/// What nodes of one make draw.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BoardDraw {
    /// The board's name.
    pub board: String,
    /// Which nodes.
    pub nodes: NodeSet,
    /// How many.
    pub count: u32,
    /// What each draws.
    pub each: Consumption,
}

/// What the supplies can give.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Supplies {
    /// All of them together, as far as it is known.
    pub power: Power,
    /// How many there are.
    pub count: u32,
    /// How many of what, and what one gives.
    pub kinds: Vec<SupplyKind>,
}

/// Supplies of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SupplyKind {
    /// What it is called.
    pub name: String,
    /// How many.
    pub count: u32,
    /// What one gives in total, if that is known.
    pub each: Option<Power>,
}

/// What the switches feed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PoePlan {
    /// How many boards.
    pub boards: u32,
    /// What is set aside for them, by class.
    pub reserved: Power,
    /// What the switches that feed them may give; absent if it is not known of all.
    pub budget: Option<Power>,
}

/// What a year costs in electricity, in the cluster's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Running {
    /// Of a kilowatt hour.
    pub electricity: Amount,
    /// With nothing to do all year.
    pub idle: Amount,
    /// With all cores busy all year.
    pub load: Amount,
    /// Of all of these.
    pub currency: Option<Currency>,
}

impl PowerPlan {
    /// What `site` draws.
    pub fn of(site: &Site<'_>) -> Self {
        let boards = boards(site);
        let sum = |of: fn(&Consumption) -> Option<Power>| {
            boards.iter().fold(Draw::default(), |sum, board| {
                sum.plus(of(&board.each), board.count)
            })
        };
        let (idle, load) = (sum(|each| each.idle), sum(|each| each.load));
        Self {
            idle,
            load,
            most: sum(|each| each.most),
            supplies: supplies(site),
            poe: poe(site),
            running: running(idle, load, site),
            boards,
        }
    }
}

impl Draw {
    fn plus(self, each: Option<Power>, count: u32) -> Self {
        match each {
            Some(each) => Self {
                power: self.power + each.times(count),
                ..self
            },
            None => Self {
                unknown: self.unknown + count,
                ..self
            },
        }
    }
}

/// Nodes of the same board with the same USB devices, in the order of the file.
fn boards(site: &Site<'_>) -> Vec<BoardDraw> {
    let mut places: BTreeMap<(&str, u64), usize> = BTreeMap::new();
    let mut boards: Vec<(BoardDraw, Vec<_>)> = Vec::new();
    for group in &site.cluster.groups {
        let each = Consumption::of(&group.hardware, site.catalogue);
        let place = places.entry((&group.hardware.board.id, each.usb.milli()));
        let place = *place.or_insert_with(|| {
            let board = BoardDraw {
                board: group.hardware.board.name.clone(),
                nodes: NodeSet::new(),
                count: 0,
                each,
            };
            boards.push((board, Vec::new()));
            boards.len() - 1
        });
        let (board, names) = &mut boards[place];
        board.count += group.count();
        names.extend(
            group
                .members(site.cluster)
                .iter()
                .map(|node| node.name.clone()),
        );
    }
    let named = boards.into_iter().map(|(board, names)| BoardDraw {
        nodes: names.into_iter().collect(),
        ..board
    });
    named.collect()
}

fn supplies(site: &Site<'_>) -> Supplies {
    let mut by_id: BTreeMap<&str, (&Supply, u32)> = BTreeMap::new();
    for unit in &site.wiring.supplies {
        by_id.entry(&unit.supply.id).or_insert((&unit.supply, 0)).1 += 1;
    }
    let told = &site.cluster.power.supplies;
    let kinds = by_id.into_values().map(|(supply, used)| SupplyKind {
        name: supply.name.clone(),
        count: used.max(told.get(&supply.id).copied().unwrap_or_default()),
        each: given(supply),
    });
    let kinds: Vec<_> = kinds.collect();
    let known = kinds
        .iter()
        .filter_map(|kind| Some(kind.each?.times(kind.count)));
    Supplies {
        power: known.sum(),
        count: kinds.iter().map(|kind| kind.count).sum(),
        kinds,
    }
}

/// What a supply gives in total: as its maker says, else what its only port gives.
/// Several ports may give less together than each by itself.
pub fn given(supply: &Supply) -> Option<Power> {
    let only_port = || supply.port().filter(|_| supply.ports.unwrap_or(1) == 1);
    supply.power.or_else(only_port)
}

/// What the switches set aside, and may give, where they feed any board.
fn poe(site: &Site<'_>) -> Option<PoePlan> {
    let feeds = |unit: &SwitchUnit| -> Vec<Power> {
        let feed = |port: &Port| match *port {
            Port::Node(node) => {
                let hardware = &site.cluster.nodes[node].hardware;
                Some(reserved(hardware.poe()?, hardware, &unit.switch, site))
            }
            _ => None,
        };
        unit.ports.iter().filter_map(feed).collect()
    };
    let units = site.wiring.switches.iter().map(|unit| (unit, feeds(unit)));
    let units: Vec<_> = units.filter(|(_, feeds)| !feeds.is_empty()).collect();
    let feeds = || units.iter().flat_map(|(_, feeds)| feeds);
    // Proof: no more of them than nodes, and those fit in u32.
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    (!units.is_empty()).then(|| PoePlan {
        boards: count(feeds().count()),
        reserved: feeds().copied().sum(),
        budget: units.iter().map(|(unit, _)| unit.switch.poe_budget).sum(),
    })
}

fn running(idle: Draw, load: Draw, site: &Site<'_>) -> Option<Running> {
    let electricity = site.cluster.cost.electricity?;
    let year = |draw: Draw| cost(draw.power, HOURS, electricity);
    Some(Running {
        electricity,
        idle: year(idle),
        load: year(load),
        currency: site.cluster.cost.currency,
    })
}

/// What `power` costs in so many hours at the price of a kilowatt hour, to a cent.
pub(crate) fn cost(power: Power, hours: f64, electricity: Amount) -> Amount {
    let kilowatt_hours = power.as_f64() * hours / 1000.0;
    let cents = (kilowatt_hours * electricity.as_f64() * 100.0).round();
    Amount::from_f64(cents / 100.0)
}
