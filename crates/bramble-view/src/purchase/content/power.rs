//! What the cluster draws, what feeds it, and what a year of that costs.

use bramble_cluster::unit::Power;
use bramble_plan::power::{BoardDraw, Draw, PoePlan, PowerPlan, Running, Supplies};

use super::{drawn, money, watts};
use crate::count::count;
use crate::grid::{Grid, Row, left, right};
use crate::purchase::document::{Block, Section};

/// What the sums leave out, by what whole clusters drew against the sum of their
/// boards (geerlingguy/top500-benchmark, results of clusters).
const BESIDES: &str = "Switches, carriers and what supplies lose are not in these sums: clusters \
                       that were measured drew up to 90 % more than their boards by themselves.";

pub(super) fn section(power: &PowerPlan) -> Section {
    let mut blocks = vec![Block::Table(table(power))];
    blocks.extend(stand_ins(&power.boards).map(Block::Note));
    blocks.extend(unknown(&power.boards).map(Block::Note));
    blocks.push(Block::Note(BESIDES.to_owned()));
    blocks.extend(supplies(&power.supplies).map(Block::Text));
    blocks.extend(power.poe.as_ref().map(|poe| Block::Text(by_network(poe))));
    blocks.extend(
        power
            .running
            .as_ref()
            .map(|running| Block::Text(year(running, power))),
    );
    Section {
        title: "Power",
        blocks,
    }
}

fn table(power: &PowerPlan) -> Grid {
    let figure = |power: Option<Power>| power.map_or("unknown".to_owned(), watts);
    let rows = power.boards.iter().map(|board| {
        Row::of([
            board.count.to_string(),
            board.board.clone(),
            figure(board.each.idle),
            figure(board.each.load),
            figure(board.each.most),
        ])
    });
    let nodes = power.boards.iter().map(|board| board.count).sum();
    let [idle, load, most] =
        [power.idle, power.load, power.most].map(|draw: Draw| drawn(draw, nodes));
    let sum = Row::sum([String::new(), "all together".to_owned(), idle, load, most]);
    Grid {
        columns: vec![
            right(""),
            left("board, each"),
            right("idle"),
            right("all cores busy"),
            right("most measured"),
        ],
        rows: rows.chain([sum]).collect(),
    }
}

fn stand_ins(boards: &[BoardDraw]) -> impl Iterator<Item = String> {
    boards.iter().filter_map(|board| {
        let other = board.each.stands_in.as_ref()?;
        Some(format!(
            "The figures for the {} are those of the {other}, which has the same chip.",
            board.board
        ))
    })
}

/// The nodes without any figure, and those that lack one.
fn unknown(boards: &[BoardDraw]) -> Option<String> {
    let lacks =
        |board: &&BoardDraw| [board.each.idle, board.each.load, board.each.most].contains(&None);
    let nodes: Vec<_> = boards
        .iter()
        .filter(lacks)
        .map(|board| board.nodes.fold())
        .collect();
    (!nodes.is_empty()).then(|| {
        format!(
            "Not all was measured of the boards of {}: the sums lack them there.",
            nodes.join(", ")
        )
    })
}

fn supplies(supplies: &Supplies) -> Option<String> {
    if supplies.kinds.is_empty() {
        return None;
    }
    let kinds = supplies.kinds.iter().map(|kind| {
        let each = kind.each.map_or("watts not known".to_owned(), watts);
        format!("{} x {} ({each})", kind.count, kind.name)
    });
    let kinds = kinds.collect::<Vec<_>>().join(", ");
    let is_partly_unknown = supplies.kinds.iter().any(|kind| kind.each.is_none());
    Some(match (supplies.power, is_partly_unknown) {
        (Power::ZERO, true) => format!("What the supplies give is not known: {kinds}."),
        (power, true) => format!("The supplies give at least {}: {kinds}.", watts(power)),
        (power, false) => format!("The supplies give {}: {kinds}.", watts(power)),
    })
}

fn by_network(poe: &PoePlan) -> String {
    let boards = count(poe.boards as usize, "board");
    let reserved = watts(poe.reserved);
    match poe.budget {
        // Nothing can set aside more than it has.
        Some(budget) if poe.reserved > budget => format!(
            "Through the network cables: {boards}, for which the switch would have to set aside \
             {reserved}, and has {}.",
            watts(budget)
        ),
        Some(budget) => format!(
            "Through the network cables: {boards}, for which the switch sets aside {reserved} of {}.",
            watts(budget)
        ),
        None => format!(
            "Through the network cables: {boards}, for which the switch sets aside {reserved} of a \
             budget that is not known."
        ),
    }
}

fn year(running: &Running, power: &PowerPlan) -> String {
    let money = |amount| money(amount, running.currency);
    let least = |draw: Draw| if draw.unknown == 0 { "" } else { "at least " };
    format!(
        "A year of electricity at {} a kWh: {}{} idle, {}{} with all cores busy.",
        money(running.electricity),
        least(power.idle),
        money(running.idle),
        least(power.load),
        money(running.load),
    )
}
