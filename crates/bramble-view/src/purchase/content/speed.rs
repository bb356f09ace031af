//! How fast it would be, and whether that makes it a super computer.

use bramble_plan::Plan;
use bramble_plan::finding::number;
use bramble_plan::speed::{Estimate, MEASURED, REACHED, Speed};
use bramble_plan::top500::{Standing, month};

use super::{gigaflops, watts};
use crate::grid::{Grid, Row, left, right};
use crate::purchase::document::{Block, Section};

pub(super) fn section(plan: &Plan) -> Section {
    let speed = &plan.speed;
    let mut blocks: Vec<_> = table(speed).map(Block::Table).into_iter().collect();
    let basis = if blocks.is_empty() {
        Block::Text("No estimate: its boards were never measured.".to_owned())
    } else {
        Block::Note(how())
    };
    blocks.push(basis);
    blocks.extend(left_out(speed).map(Block::Note));
    blocks.push(Block::Text(answer(plan)));
    blocks.extend(plan.top500.as_ref().and_then(compared).map(Block::Note));
    Section {
        title: "Expected speed (HPL, linear equations)",
        blocks,
    }
}

fn table(speed: &Speed) -> Option<Grid> {
    let rows = [
        ("workers", Some(speed.workers)),
        ("with the head", speed.with_head),
    ];
    let rows = rows.into_iter().filter_map(|(what, estimate)| {
        let estimate = estimate.filter(|estimate| estimate.nodes > 0)?;
        Some(row(what, &estimate))
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| Grid {
        columns: vec![
            left(""),
            right("nodes"),
            right("Gflop/s"),
            right("likely"),
            right("power"),
            right("Gflop/s per watt"),
        ],
        rows,
    })
}

fn row(what: &str, estimate: &Estimate) -> Row {
    let range = [estimate.least, estimate.most].map(|rate| gigaflops(rate.as_f64()));
    Row::of([
        what.to_owned(),
        estimate.nodes.to_string(),
        gigaflops(estimate.hpl.as_f64()),
        range.join(" to "),
        estimate.power.map_or("unknown".to_owned(), watts),
        estimate.per_watt.map_or("unknown".to_owned(), number),
    ])
}

fn how() -> String {
    let (least, most) = REACHED;
    format!(
        "What was measured on single boards, added up. Clusters of 4 to {MEASURED} nodes that were \
         measured reached {least} to {most} % of such a sum; with more nodes, or on a slow network, \
         it will be less."
    )
}

fn left_out(speed: &Speed) -> Option<String> {
    let left = speed
        .left_out
        .iter()
        .map(|left| format!("{} ({})", left.board, left.nodes));
    let left: Vec<_> = left.collect();
    (!left.is_empty()).then(|| format!("Left out, since nobody measured it: {}.", left.join(", ")))
}

/// The question that everybody asks.
fn answer(plan: &Plan) -> String {
    let unknown = "It cannot be told, since none of its workers was ever measured. What can be \
                   said: it is a compute cluster, and works as super computers do.";
    let standing = plan.top500.as_ref();
    let answer = standing.map_or(unknown, |standing| &standing.answer);
    format!("Is it a super computer? {answer}")
}

/// The lists that the answer rests on.
fn compared(standing: &Standing) -> Option<String> {
    let rate = |rate: bramble_cluster::unit::FlopRate| gigaflops(rate.as_f64());
    let led = standing.led.as_ref().map(|list| {
        let name = list.first_name.as_deref().unwrap_or("one");
        format!(
            "In {} the fastest was {name} with {} Gflop/s. ",
            month(&list.date),
            rate(list.first)
        )
    });
    let listed = standing.listed.as_ref()?;
    let date = month(&listed.date);
    Some(format!(
        "{}In {date} number 500 had {} Gflop/s.",
        led.unwrap_or_default(),
        rate(listed.last)
    ))
}
