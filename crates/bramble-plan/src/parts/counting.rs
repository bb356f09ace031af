//! How many there are of what, by the groups of the cluster and its wiring. Not in
//! here: what it costs (`pricing`).

use std::collections::BTreeMap;
use std::sync::Arc;

use bramble_cluster::catalogue::{Board, Card, Price};
use bramble_cluster::cluster::{BootFrom, Group, Hardware};
use bramble_cluster::unit::{Capacity, Memory};

use super::{Kind, Line, pricing};
use crate::site::Site;

/// So many of one thing of the catalogue.
#[derive(Debug)]
pub(super) struct Counted<'a> {
    pub(super) kind: Kind,
    pub(super) id: &'a str,
    pub(super) name: String,
    /// The size of a board that is sold in several.
    pub(super) memory: Option<Memory>,
    /// In how many sizes of memory it is sold.
    sizes: usize,
    pub(super) quantity: u32,
    /// What one costs, if anybody says so.
    pub(super) price: Option<&'a Price>,
    /// Whether it runs already and has no price.
    pub(super) there: bool,
}

/// What makes two things the same: kind, id, memory, eMMC, and being there already.
type Same<'a> = (Kind, &'a str, Option<Memory>, Option<Capacity>, bool);

/// What was counted so far, in the order in which it was met.
#[derive(Debug, Default)]
struct Count<'a> {
    places: BTreeMap<Same<'a>, usize>,
    items: Vec<Counted<'a>>,
}

/// Everything that the catalogue knows, kind by kind, each in the order of the file.
pub(super) fn counted<'a>(site: &'a Site<'_>) -> Vec<Counted<'a>> {
    let mut count = Count::default();
    for group in &site.cluster.groups {
        count_group(&mut count, group, site);
    }
    count_units(&mut count, site);
    let mut items = count.items;
    items.sort_by_key(|item| item.kind);
    items
}

/// What every node of a group has.
fn count_group<'a>(count: &mut Count<'a>, group: &'a Group, site: &'a Site<'_>) {
    let (hardware, nodes) = (&*group.hardware, group.count());
    count.add_board(hardware, nodes, site);
    if let Some(hat) = &hardware.hat {
        count.add((Kind::Hat, &hat.id, &hat.name, &hat.prices), nodes, site);
    }
    for card in cards(hardware) {
        count.add(
            (Kind::Card, &card.id, &card.name, &card.prices),
            nodes,
            site,
        );
    }
    if let Some(cable) = &hardware.cable {
        let item = (
            Kind::Cable,
            cable.id.as_str(),
            cable.name.as_str(),
            cable.prices.as_slice(),
        );
        count.add(item, plugged(group, site), site);
    }
}

/// What several nodes have together.
fn count_units<'a>(count: &mut Count<'a>, site: &'a Site<'_>) {
    for unit in &site.wiring.carriers {
        let carrier = &unit.carrier;
        count.add(
            (Kind::Carrier, &carrier.id, &carrier.name, &carrier.prices),
            1,
            site,
        );
    }
    let mut needed: BTreeMap<&str, u32> = BTreeMap::new();
    for unit in &site.wiring.supplies {
        let supply = &unit.supply;
        *needed.entry(&supply.id).or_default() += 1;
        count.add(
            (Kind::Supply, &supply.id, &supply.name, &supply.prices),
            1,
            site,
        );
    }
    // More may be bought than is needed.
    for item in count
        .items
        .iter_mut()
        .filter(|item| item.kind == Kind::Supply)
    {
        let told = site.cluster.power.supplies.get(item.id);
        item.quantity = item.quantity.max(told.copied().unwrap_or_default());
    }
    if let Some(switch) = &site.cluster.network.switch {
        let item = (
            Kind::Switch,
            switch.id.as_str(),
            switch.name.as_str(),
            switch.prices.as_slice(),
        );
        count.add(item, site.cluster.network.switches.max(1), site);
    }
}

/// What a node boots from and what else it has, as far as it is not soldered.
fn cards(hardware: &Hardware) -> impl Iterator<Item = &Arc<Card>> {
    let boot = hardware.boot.as_ref().and_then(|boot| match boot {
        BootFrom::Card(card) => Some(card),
        BootFrom::Emmc => None,
    });
    boot.into_iter().chain(&hardware.drives)
}

/// How many power cables a group needs: one a node, or one a carrier, which counts
/// where its first module is.
fn plugged(group: &Group, site: &Site<'_>) -> u32 {
    if group.hardware.carrier.is_none() {
        return group.count();
    }
    let firsts = site
        .wiring
        .carriers
        .iter()
        .filter_map(|unit| unit.nodes.first());
    let here = firsts.filter(|first| group.nodes.contains(first)).count();
    // Proof: no more carriers than nodes, and those fit in u32.
    u32::try_from(here).unwrap_or(u32::MAX)
}

impl<'a> Count<'a> {
    fn add_board(&mut self, hardware: &'a Hardware, nodes: u32, site: &Site<'_>) {
        let board = &hardware.board;
        let memory = Some(hardware.memory);
        let price = pricing::choose(&board.prices, memory, site);
        let there = hardware.adopt && price.is_none();
        let same = (Kind::Board, board.id.as_str(), memory, hardware.emmc, there);
        let item = Counted {
            kind: Kind::Board,
            id: &board.id,
            name: variant(board, hardware),
            memory,
            sizes: board.memory.len(),
            quantity: 0,
            price,
            there,
        };
        self.put(same, nodes, item);
    }

    fn add(
        &mut self,
        (kind, id, name, prices): (Kind, &'a str, &str, &'a [Price]),
        quantity: u32,
        site: &Site<'_>,
    ) {
        let item = Counted {
            kind,
            id,
            name: name.to_owned(),
            memory: None,
            sizes: 0,
            quantity: 0,
            price: pricing::choose(prices, None, site),
            there: false,
        };
        self.put((kind, id, None, None, false), quantity, item);
    }

    fn put(&mut self, same: Same<'a>, quantity: u32, item: Counted<'a>) {
        let place = *self.places.entry(same).or_insert_with(|| {
            self.items.push(item);
            self.items.len() - 1
        });
        self.items[place].quantity += quantity;
    }
}

/// The board's name with its sizes, where it is sold in several.
fn variant(board: &Board, hardware: &Hardware) -> String {
    let memory = (board.memory.len() != 1).then(|| hardware.memory.to_string());
    let emmc = hardware.emmc.filter(|_| board.emmc.len() > 1);
    let emmc = emmc.map(|emmc| format!("{emmc} eMMC"));
    let sizes = [memory, emmc].into_iter().flatten();
    let words: Vec<_> = [board.name.clone()].into_iter().chain(sizes).collect();
    words.join(", ")
}

impl Counted<'_> {
    /// Its line in the list.
    pub(super) fn line(&self) -> Line {
        let each = self.price.map(|price| price.money.amount);
        let own = || self.price.filter(|price| price.own);
        let source = self.price.and_then(|price| price.source.clone());
        Line {
            kind: self.kind,
            id: Some(self.id.to_owned()),
            name: self.name.clone(),
            quantity: self.quantity,
            each,
            subtotal: each.map(|each| each.times(self.quantity)),
            currency: self.price.map(|price| price.money.currency),
            converted: None,
            when: self.price.and_then(|price| price.when.clone()),
            source: source.or_else(|| own().map(|_| pricing::OWN.to_owned())),
            there: self.there,
            another_size: self.price.is_some_and(|price| self.is_another(price)),
        }
    }

    /// Whether `price` is not said to be of this size of what is sold in several.
    fn is_another(&self, price: &Price) -> bool {
        self.sizes > 1 && price.memory != self.memory
    }
}
