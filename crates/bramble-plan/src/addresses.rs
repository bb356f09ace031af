//! Who has which address, and which port of which switch. Not in here: how either
//! is given out (`bramble-cluster` and `wiring`).

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use bramble_cluster::NodeSet;
use bramble_cluster::cluster::Place;
use bramble_cluster::name::{NodeName, RoleName};
use serde::Serialize;

use crate::site::Site;
use crate::wiring::Port;

/// One node's address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Address {
    /// The node.
    pub node: NodeName,
    /// Its address.
    pub address: Ipv4Addr,
    /// Its full name.
    pub name: String,
    /// What it is for.
    pub place: Place,
    /// The same, by role.
    pub roles: Vec<RoleName>,
    /// What it is.
    pub board: String,
    /// Where it is plugged in, if the switch is known and has a port left.
    pub port: Option<SwitchPort>,
}

/// A port of a switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SwitchPort {
    /// Which switch, counted from 1.
    pub switch: usize,
    /// Which of its ports, counted from 1.
    pub port: usize,
}

/// Nodes that follow each other and are for the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run<'a> {
    /// Which nodes.
    pub nodes: NodeSet,
    /// The first of them.
    pub first: &'a Address,
    /// The last of them.
    pub last: &'a Address,
}

/// The address of every node of `site`, in the order of the file.
pub fn addresses(site: &Site<'_>) -> Vec<Address> {
    let ports = ports(site);
    let domain = &site.cluster.network.domain;
    let address = |(at, node): (usize, &bramble_cluster::Node)| Address {
        node: node.name.clone(),
        address: node.address,
        name: format!("{}.{domain}", node.name),
        place: node.place,
        roles: node.roles.clone(),
        board: node.hardware.board.name.clone(),
        port: ports.get(&at).copied(),
    };
    site.cluster.nodes.iter().enumerate().map(address).collect()
}

/// The same, with all in one that have addresses in a row and are for the same.
pub fn runs(addresses: &[Address]) -> Vec<Run<'_>> {
    let follows = |one: &Address, next: &Address| {
        u32::from(one.address).checked_add(1) == Some(next.address.into())
            && (one.place, &one.roles, &one.board) == (next.place, &next.roles, &next.board)
    };
    let runs = addresses.chunk_by(follows);
    let runs = runs.filter_map(|run| {
        let (first, last) = (run.first()?, run.last()?);
        let nodes = run.iter().map(|address| address.node.clone()).collect();
        Some(Run { nodes, first, last })
    });
    runs.collect()
}

fn ports(site: &Site<'_>) -> BTreeMap<usize, SwitchPort> {
    let mut ports = BTreeMap::new();
    for (switch, unit) in site.wiring.switches.iter().enumerate() {
        for (port, what) in unit.ports.iter().enumerate() {
            if let Port::Node(node) = what {
                let place = SwitchPort {
                    switch: switch + 1,
                    port: port + 1,
                };
                ports.insert(*node, place);
            }
        }
    }
    ports
}
