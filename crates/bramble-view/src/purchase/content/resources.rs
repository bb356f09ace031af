//! Cores, memory and storage, with and without the head.

use bramble_cluster::unit::Capacity;
use bramble_plan::finding::number;
use bramble_plan::resources::{Resources, Totals};

use crate::count::count;
use crate::grid::{Grid, Row, left, right};
use crate::purchase::document::{Block, Section};

const TERABYTE: u64 = 1_000_000_000_000;

pub(super) fn section(resources: &Resources) -> Section {
    let columns = vec![
        left(""),
        right("nodes"),
        right("cores"),
        right("memory"),
        right("storage"),
        right("after the OS"),
    ];
    let mut rows = vec![
        row("all nodes", &resources.all),
        row("without the head", &resources.without_head),
    ];
    if resources.workers != resources.without_head {
        rows.push(row("workers", &resources.workers));
    }
    let mut blocks = vec![Block::Table(Grid { columns, rows })];
    blocks.extend(unknown(&resources.all));
    Section {
        title: "Resources",
        blocks,
    }
}

/// Memory as boards are sold: `10 GB`.
pub(super) fn memory(mib: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "two places are shown")]
    let gigabytes = mib as f64 / 1024.0;
    format!("{} GB", number(gigabytes))
}

fn row(what: &str, totals: &Totals) -> Row {
    Row::of([
        what.to_owned(),
        totals.nodes.to_string(),
        totals.cores.to_string(),
        memory(totals.memory_mib),
        room(totals.storage, totals.storage_unknown, totals.nodes),
        room(totals.after_os, totals.after_os_unknown, totals.nodes),
    ])
}

/// A sum over `nodes`, of some of which nothing is known.
fn room(bytes: u64, unknown: u32, nodes: u32) -> String {
    let room = sum(bytes);
    match unknown {
        0 => room,
        unknown if unknown >= nodes => "unknown".to_owned(),
        _ => format!("at least {room}"),
    }
}

/// With two places from a terabyte on, so that what a system takes of it is seen.
fn sum(bytes: u64) -> String {
    if bytes < TERABYTE {
        return Capacity::from_bytes(bytes).to_string();
    }
    #[expect(clippy::cast_precision_loss, reason = "two places are shown")]
    let terabytes = bytes as f64 / TERABYTE as f64;
    format!("{terabytes:.2} TB")
}

/// What the sums lack.
fn unknown(all: &Totals) -> impl Iterator<Item = Block> {
    let system = all.after_os_unknown - all.storage_unknown;
    let lacks = [
        (all.storage_unknown, "how much fits on what it boots from"),
        (system, "what the operating system takes"),
    ];
    let lacks = lacks.into_iter().filter(|(nodes, _)| *nodes > 0);
    lacks.map(|(nodes, what)| {
        let nodes = count(nodes as usize, "node");
        Block::Note(format!("Not known of {nodes}: {what}."))
    })
}
