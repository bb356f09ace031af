//! What is bought and what it costs, and how that compares with renting.

use std::fmt::Write as _;

use bramble_plan::break_even::{After, BreakEven};
use bramble_plan::finding::number;
use bramble_plan::parts::{Change, Line, PartsList, PriceNote};
use bramble_plan::top500::month;

use super::money;
use crate::count::count;
use crate::grid::{Column, Grid, Row, left, right};
use crate::purchase::document::{Block, Section};

/// Months after which hardware is old.
const LIFE: f64 = 60.0;

/// What nobody counts but the file.
const BESIDES: &str = "Cables, adapters, shipping and taxes are in it only as far as the cluster \
                       file names them.";

pub(super) fn section(parts: &PartsList) -> Section {
    let mut sources = Vec::new();
    let mut blocks = vec![Block::Table(table(parts, &mut sources))];
    blocks.extend(unpriced(parts).map(Block::Text));
    blocks.extend(mixed(parts).map(Block::Text));
    blocks.extend(another_size(parts).map(Block::Text));
    blocks.extend(parts.rises.iter().map(|rise| Block::Text(risen(rise))));
    blocks.push(Block::Note(BESIDES.to_owned()));
    if !sources.is_empty() {
        blocks.push(Block::Sources(sources));
    }
    Section {
        title: "Parts and cost",
        blocks,
    }
}

/// The lines, with a column for the cluster's currency where some are in another.
fn table(parts: &PartsList, sources: &mut Vec<String>) -> Grid {
    let is_converted = parts.together.is_some();
    let mut columns = vec![right(""), left("part"), right("each"), right("together")];
    if is_converted {
        columns.push(right("converted"));
    }
    columns.extend::<[Column; 2]>([left("when"), right("source")]);
    let rows = parts.lines.iter().map(|line| {
        let source = line.source.as_ref().map(|source| place(sources, source));
        let mut cells = vec![
            line.quantity.to_string(),
            line.name.clone(),
            line.each
                .map_or(String::new(), |each| money(each, line.currency)),
            subtotal(line),
        ];
        if is_converted {
            let here = parts.together.as_ref().map(|together| together.currency);
            cells.push(
                line.converted
                    .map_or(String::new(), |amount| money(amount, here)),
            );
        }
        cells.push(line.when.clone().unwrap_or_default());
        cells.push(source.map_or(String::new(), |place| place.to_string()));
        Row::of(cells)
    });
    let mut rows: Vec<_> = rows.collect();
    rows.extend(sums(parts, columns.len()));
    Grid { columns, rows }
}

fn subtotal(line: &Line) -> String {
    match line.subtotal {
        Some(amount) => money(amount, line.currency),
        None if line.there => "already there".to_owned(),
        None => "no price known".to_owned(),
    }
}

/// A row for each currency, and one for all that can be told in the cluster's.
fn sums(parts: &PartsList, columns: usize) -> Vec<Row> {
    let least = if parts.is_complete() {
        ""
    } else {
        ", at least"
    };
    let row = |what: &str, column: usize, amount: String| {
        let mut cells = vec![String::new(); columns];
        cells[1] = format!("{what}{least}");
        cells[column] = amount;
        Row::sum(cells)
    };
    let totals = parts.totals.iter();
    let mut rows: Vec<_> = totals
        .map(|sum| row("total", 3, money(sum.amount, sum.currency)))
        .collect();
    if let Some(together) = &parts.together {
        let amount = money(together.amount, Some(together.currency));
        rows.push(row("all together", 4, amount));
    }
    rows
}

/// The number of `source`, which is added if it is new.
fn place(sources: &mut Vec<String>, source: &str) -> usize {
    let known = sources.iter().position(|known| known == source);
    known.unwrap_or_else(|| {
        sources.push(source.to_owned());
        sources.len() - 1
    }) + 1
}

fn unpriced(parts: &PartsList) -> Option<String> {
    let number = parts.unpriced;
    (number > 0).then(|| {
        let things = count(number as usize, "thing");
        if parts.totals.is_empty() {
            format!("{things}, and no price is known of any.")
        } else {
            format!("And {things} without a price: the sum is what is known of it.")
        }
    })
}

/// What to say about sums in several currencies.
fn mixed(parts: &PartsList) -> Option<String> {
    match &parts.together {
        Some(together) if together.apart.is_empty() => {
            let lines = count(together.converted, "line");
            Some(format!("{lines} converted at the rates in `[cost]`."))
        }
        Some(together) => {
            let apart = together.apart.iter();
            let apart: Vec<_> = apart.map(|sum| money(sum.amount, sum.currency)).collect();
            Some(format!(
                "Not in it: {}, since `[cost] rates` does not say what that is worth.",
                apart.join(" and ")
            ))
        }
        None if parts.totals.len() > 1 => Some(
            "Sums in different currencies are not added: write what one is worth in the \
             cluster's as `[cost] rates = { USD = 0.79 }`."
                .to_owned(),
        ),
        None => None,
    }
}

/// The boards whose price may be that of another size.
fn another_size(parts: &PartsList) -> Option<String> {
    let lines = parts.lines.iter().filter(|line| line.another_size);
    let names: Vec<_> = lines.map(|line| line.name.as_str()).collect();
    (!names.is_empty()).then(|| {
        format!(
            "Priced as of another size, or it is not said of which: {}.",
            names.join("; ")
        )
    })
}

fn risen(rise: &PriceNote) -> String {
    let since = match rise.when.as_deref() {
        Some("launch") => "since launch".to_owned(),
        Some(when) => format!("since {}", month(when)),
        None => "since".to_owned(),
    };
    let mut text = format!("{}: the list price rose {since}", rise.name);
    for (at, change) in rise.changes.iter().enumerate() {
        let joint = if at == 0 { " " } else { ", and " };
        // Writing to a string cannot fail.
        let _ = write!(text, "{joint}by {}", by(change));
    }
    text.push('.');
    text
}

fn by(change: &Change) -> String {
    let most = money(change.most, change.currency);
    let amount = if change.least == change.most {
        most
    } else {
        format!("{} to {most}", change.least)
    };
    format!("{amount} in {}", month(&change.date))
}

/// The cluster against a rented server.
pub(super) fn break_even(even: &BreakEven) -> Section {
    let money = |amount| money(amount, even.currency);
    let (rented, bought) = (money(even.rented), money(even.bought));
    let least = if even.complete { "" } else { "at least " };
    let electricity = match even.electricity {
        Some(amount) => {
            let known = if even.unknown == 0 { "" } else { "at least " };
            format!(
                "Electricity with all cores busy is {known}{} a month. With nothing to do: {}.",
                money(amount),
                when(even.after_idle, even)
            )
        }
        None => {
            "What electricity costs is not told (`[power] electricity`) and left out.".to_owned()
        }
    };
    let answer = format!(
        "The cluster costs {least}{bought}. Against a rented server at {rented} a month, with all \
         cores busy all the time, it pays for itself {}.",
        when(even.after, even)
    );
    Section {
        title: "Buy or rent",
        blocks: vec![Block::Text(answer), Block::Note(electricity)],
    }
}

/// After how long it has paid for itself.
fn when(after: After, even: &BreakEven) -> String {
    let complete = even.complete && even.unknown == 0;
    let least = if complete { "" } else { "at least " };
    match after {
        After::Months(months) if months > LIFE => {
            let years = number((months / 12.0).round());
            format!("after {least}{years} years: never, in its life")
        }
        After::Months(months) => {
            let months = number((months * 10.0).round() / 10.0);
            format!("after {least}{months} months")
        }
        After::Never => "never: its electricity alone costs as much".to_owned(),
    }
}
