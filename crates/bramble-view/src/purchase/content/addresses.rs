//! Who has which address: node by node, or as ranges where there are many.

use bramble_cluster::cluster::Place;
use bramble_plan::addresses::{Address, runs};

use crate::grid::{Grid, Row, left, right};
use crate::purchase::document::{Block, Section};

/// Most nodes that are listed one by one.
const MOST: usize = 24;

pub(super) fn section(addresses: &[Address]) -> Section {
    let blocks = if addresses.len() <= MOST {
        vec![Block::Table(each(addresses))]
    } else {
        let domain = addresses.first().map(|first| {
            let name = &first.name;
            Block::Note(format!("With the domain: {name}, and likewise all others."))
        });
        [Block::Table(ranges(addresses))]
            .into_iter()
            .chain(domain)
            .collect()
    };
    Section {
        title: "Addresses",
        blocks,
    }
}

fn each(addresses: &[Address]) -> Grid {
    let has_ports = addresses.iter().any(|address| address.port.is_some());
    let rows = addresses.iter().map(|address| {
        let mut cells = vec![
            address.name.clone(),
            address.address.to_string(),
            purpose(address),
            address.board.clone(),
        ];
        if has_ports {
            cells.push(port(address, addresses));
        }
        Row::of(cells)
    });
    let mut columns = vec![left("name"), left("address"), left("for"), left("board")];
    if has_ports {
        columns.push(right("port"));
    }
    Grid {
        columns,
        rows: rows.collect(),
    }
}

/// The port of the switch; of which switch, where there are several.
fn port(address: &Address, all: &[Address]) -> String {
    let Some(port) = address.port else {
        return "none".to_owned();
    };
    let several = all
        .iter()
        .filter_map(|one| one.port)
        .any(|one| one.switch > 1);
    if several {
        format!("{} of switch {}", port.port, port.switch)
    } else {
        port.port.to_string()
    }
}

fn ranges(addresses: &[Address]) -> Grid {
    let rows = runs(addresses).into_iter().map(|run| {
        let (first, last) = (run.first, run.last);
        let range = if first.address == last.address {
            first.address.to_string()
        } else {
            format!("{} - {}", first.address, last.address)
        };
        Row::of([
            run.nodes.fold(),
            run.nodes.len().to_string(),
            range,
            purpose(first),
            first.board.clone(),
        ])
    });
    Grid {
        columns: vec![
            left("nodes"),
            right("number"),
            left("addresses"),
            left("for"),
            left("board"),
        ],
        rows: rows.collect(),
    }
}

/// What a node is for: its place, and the roles that do not go without saying.
fn purpose(address: &Address) -> String {
    let place = match address.place {
        Place::Head => "head",
        Place::Auxiliary => "auxiliary",
        Place::Worker => "worker",
    };
    let roles = address
        .roles
        .iter()
        .map(bramble_cluster::name::RoleName::as_str);
    let roles: Vec<_> = roles.filter(|role| *role != place).collect();
    if roles.is_empty() {
        place.to_owned()
    } else {
        format!("{place}: {}", roles.join(", "))
    }
}
