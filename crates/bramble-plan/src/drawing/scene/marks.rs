//! Which finding is marked where: at the switch, the supply, the button or the way
//! out if its place in the file is about these, else at the nodes it is about.
//! Not in here: how marks look.

use std::collections::{BTreeMap, BTreeSet};

use bramble_cluster::place::{Place, Table};

use super::fold::Fold;
use super::{Button, Hub, Item, Strip, World};
use crate::finding::Finding;
use crate::site::Site;

/// Where findings are marked.
#[derive(Debug)]
pub(super) struct Marks(Vec<Mark>);

#[derive(Debug)]
struct Mark {
    spot: Spot,
    /// The items it is about; none if it is about all.
    items: BTreeSet<usize>,
}

/// What kind of thing a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    Nodes,
    Hubs,
    Supplies,
    Button,
    World,
    /// The cluster at large, which has no place in the picture.
    Nowhere,
}

impl Marks {
    pub(super) fn of(site: &Site<'_>, fold: &Fold, findings: &[Finding]) -> Self {
        let named = findings.iter().any(|finding| !finding.nodes.is_empty());
        let mut items = BTreeMap::new();
        if named {
            let nodes = site.cluster.nodes.iter().zip(&fold.item_of);
            items.extend(nodes.map(|(node, &item)| (&node.name, item)));
        }
        let mark = |finding: &Finding| {
            let named = finding
                .nodes
                .iter()
                .filter_map(|name| items.get(&name).copied());
            let mut items: BTreeSet<_> = named.collect();
            if items.is_empty() {
                items = group(site, fold, finding.place.table);
            }
            Mark {
                spot: spot(finding, !items.is_empty()),
                items,
            }
        };
        Self(findings.iter().map(mark).collect())
    }

    /// Marks what findings about nodes, switches and supplies are about.
    pub(super) fn put(&self, items: &mut [Item], hubs: &mut [Hub], strips: &mut [Strip]) {
        for (number, mark) in self.0.iter().enumerate() {
            match mark.spot {
                Spot::Nodes => {
                    for &item in &mark.items {
                        items[item].findings.push(number);
                    }
                }
                Spot::Hubs => {
                    // What is about nodes that are on no switch is about all switches.
                    let all = !hubs.iter().any(|hub| mark.concerns(&hub.sockets));
                    let about = |hub: &&mut Hub| all || mark.concerns(&hub.sockets);
                    hubs.iter_mut()
                        .filter(about)
                        .for_each(|hub| hub.findings.push(number));
                }
                Spot::Supplies => mark.put_on_supplies(number, items, strips),
                Spot::Button | Spot::World | Spot::Nowhere => {}
            }
        }
    }

    /// Marks what findings about anything else are about.
    pub(super) fn put_elsewhere(&self, button: Option<&mut Button>, world: &mut World) {
        let at = |spot| {
            let marks = self.0.iter().enumerate();
            marks
                .filter(move |(_, mark)| mark.spot == spot)
                .map(|(number, _)| number)
        };
        if let Some(button) = button {
            button.findings.extend(at(Spot::Button));
        }
        world.findings.extend(at(Spot::World));
    }
}

impl Mark {
    fn concerns(&self, sockets: &[super::Socket]) -> bool {
        let mut items = sockets.iter().flat_map(|socket| socket.end.items());
        self.items.is_empty() || items.any(|item| self.items.contains(item))
    }

    /// Marks the supplies of the items; where there are none, the items.
    fn put_on_supplies(&self, number: usize, items: &mut [Item], strips: &mut [Strip]) {
        let mut fed = false;
        let about = strips
            .iter_mut()
            .filter(|strip| self.concerns(&strip.sockets));
        for strip in about {
            strip.findings.push(number);
            fed = true;
        }
        for (at, item) in items.iter_mut().enumerate() {
            let about = self.items.is_empty() || self.items.contains(&at);
            if let Some(supply) = item.own_supply.as_mut().filter(|_| about) {
                supply.findings.push(number);
                fed = true;
            }
        }
        if !fed {
            self.items
                .iter()
                .for_each(|&item| items[item].findings.push(number));
        }
    }
}

fn spot(finding: &Finding, has_nodes: bool) -> Spot {
    let Place { table, key } = finding.place;
    match (table, key) {
        // The switch that the file does not name is drawn too.
        (Table::Network, "") if finding.id == "switch-ports" => Spot::Hubs,
        (Table::Network, "switch" | "switches") => Spot::Hubs,
        (Table::Power, "supplies") | (Table::Group(_), "supply") => Spot::Supplies,
        (Table::Power, "button" | "button_gpio" | "button_wires") => Spot::Button,
        (Table::Network, "router" | "dhcp" | "access" | "internet")
        | (Table::Group(_), "uplink") => Spot::World,
        _ if has_nodes => Spot::Nodes,
        _ => Spot::Nowhere,
    }
}

/// The items of the group that a table is about.
fn group(site: &Site<'_>, fold: &Fold, table: Table) -> BTreeSet<usize> {
    let Table::Group(group) = table else {
        return BTreeSet::new();
    };
    let group = site.cluster.groups.get(group);
    let nodes = group.map_or(0..0, |group| group.nodes.clone());
    nodes.map(|node| fold.item_of[node]).collect()
}
