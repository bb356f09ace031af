//! What the plan says, section by section. Not in here: how it is written.

mod addresses;
mod parts;
mod power;
mod resources;
mod speed;

use bramble_cluster::money::{Amount, Currency};
use bramble_cluster::unit::Power;
use bramble_plan::Plan;
use bramble_plan::finding::number;
use bramble_plan::parts::Sum;
use bramble_plan::power::Draw;

use super::document::{Document, Figure, Section};
use crate::count::count;

/// The whole plan.
pub(super) fn document(plan: &Plan) -> Document<'_> {
    let sections = [
        Some(parts::section(&plan.parts)),
        Some(resources::section(&plan.resources)),
        Some(power::section(&plan.power)),
        Some(speed::section(plan)),
        plan.break_even.as_ref().map(parts::break_even),
        Some(addresses::section(&plan.addresses)),
    ];
    Document {
        title: plan.cluster.as_str(),
        figures: figures(plan),
        findings: &plan.findings,
        sections: sections.into_iter().flatten().collect::<Vec<Section>>(),
    }
}

/// The plan in a line: `garden: 6 nodes, 24 cores, 9 GB of memory, 404.00 USD`.
pub fn summary(plan: &Plan) -> String {
    said(plan.cluster.as_str(), &figures(plan))
}

/// The same, of a plan's figures.
pub(super) fn said(title: &str, figures: &[Figure]) -> String {
    let words: Vec<_> = figures.iter().map(|figure| figure.said.as_str()).collect();
    format!("{title}: {}", words.join(", "))
}

fn figures(plan: &Plan) -> Vec<Figure> {
    let all = &plan.resources.all;
    let counted = |what, noun, number: u32| Figure {
        what,
        value: number.to_string(),
        said: count(number as usize, noun),
    };
    let plain = |what, value: String, after: &str| Figure {
        what,
        said: format!("{value}{after}"),
        value,
    };
    let figures = [
        counted("nodes", "node", all.nodes),
        counted("cores", "core", all.cores),
        plain("memory", resources::memory(all.memory_mib), " of memory"),
        plain("cost", cost(plan), ""),
        plain("at work", drawn(plan.power.load, all.nodes), " at work"),
    ];
    let speed = speed(plan).map(|speed| plain("expected", speed, ""));
    figures.into_iter().chain(speed).collect()
}

/// How fast the workers would be, if any of them was measured.
fn speed(plan: &Plan) -> Option<String> {
    let speed = gigaflops(plan.top500.as_ref()?.estimate.as_f64());
    let is_all = plan.speed.workers.nodes == plan.resources.workers.nodes;
    let least = if is_all { "" } else { "at least " };
    let workers = plan.resources.workers.nodes;
    let of = if workers == plan.resources.all.nodes {
        String::new()
    } else {
        format!(" of {}", count(workers as usize, "worker"))
    };
    Some(format!("{least}{speed} Gflop/s{of}"))
}

/// What is bought, in as few words as are true.
fn cost(plan: &Plan) -> String {
    let parts = &plan.parts;
    let sums = match &parts.together {
        Some(together) => {
            let here = Sum {
                amount: together.amount,
                currency: Some(together.currency),
            };
            [&[here], together.apart.as_slice()].concat()
        }
        None => parts.totals.clone(),
    };
    let sums: Vec<_> = sums
        .iter()
        .map(|sum| money(sum.amount, sum.currency))
        .collect();
    match (sums.is_empty(), parts.is_complete()) {
        (true, true) => "nothing to buy".to_owned(),
        (true, _) => "no price known".to_owned(),
        (false, true) => sums.join(" + "),
        (false, _) => format!("at least {}", sums.join(" + ")),
    }
}

/// `404.00 USD`; without a currency where the file names none.
fn money(amount: Amount, currency: Option<Currency>) -> String {
    match currency {
        Some(currency) => format!("{amount} {currency}"),
        None => amount.to_string(),
    }
}

/// A sum over `nodes`, some of which may have no figure.
fn drawn(draw: Draw, nodes: u32) -> String {
    match draw.unknown {
        0 => watts(draw.power),
        unknown if unknown >= nodes => "unknown".to_owned(),
        _ => format!("at least {}", watts(draw.power)),
    }
}

fn watts(power: Power) -> String {
    format!("{} W", number(power.as_f64()))
}

/// Three digits that count, but no fewer than there are before the point.
fn gigaflops(value: f64) -> String {
    match value {
        ..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
