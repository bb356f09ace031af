//! What is bought, and what it costs: equal things on one line, sums by currency.
//! Not in here: how many supplies there have to be (`wiring`).

mod counting;
mod pricing;
mod totals;

#[cfg(test)]
mod tests;

use bramble_cluster::cluster::Part;
use bramble_cluster::money::{Amount, Currency};
use serde::Serialize;

use crate::site::Site;
use counting::Counted;
pub use pricing::{Change, PriceNote};
pub use totals::{Sum, Together};

/// Everything that is bought.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartsList {
    /// One line a thing: boards first, then what belongs to them, then `[[parts]]`.
    pub lines: Vec<Line>,
    /// What the lines come to, each currency by itself.
    pub totals: Vec<Sum>,
    /// The same in the cluster's currency, if some of it was converted.
    pub together: Option<Together>,
    /// How many things have no price and are not there already.
    pub unpriced: u32,
    /// List prices that rose since they were written down.
    pub rises: Vec<PriceNote>,
}

/// One line: so many of one thing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// What kind of thing it is.
    pub kind: Kind,
    /// What the catalogue calls it, if it is in there.
    pub id: Option<String>,
    /// What it is called, with its size where it is sold in several.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// What one costs; absent if unknown, or if only all of them have a price.
    pub each: Option<Amount>,
    /// What all of them cost.
    pub subtotal: Option<Amount>,
    /// Of both.
    pub currency: Option<Currency>,
    /// What all of them cost in the cluster's currency, where that is another.
    pub converted: Option<Amount>,
    /// When they cost that: `launch`, a year, or year and month.
    pub when: Option<String>,
    /// Who says so.
    pub source: Option<String>,
    /// Whether it runs already and has no price, so that it is not bought.
    pub there: bool,
    /// Whether the price is of another size, or it is not said of which.
    pub another_size: bool,
}

/// What kind of thing a line is about, in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Boards, by their memory.
    Board,
    /// What takes power from network cables.
    Hat,
    /// What modules are plugged into.
    Carrier,
    /// Cards and drives.
    Card,
    /// Power supplies.
    Supply,
    /// Network switches.
    Switch,
    /// Power cables.
    Cable,
    /// What the file lists besides.
    Part,
}

impl PartsList {
    /// Whether what the lines come to is all that they cost: everything has a price,
    /// and none is known to have risen since.
    pub fn is_complete(&self) -> bool {
        self.unpriced == 0 && self.rises.is_empty()
    }

    /// What is bought for `site`.
    pub fn of(site: &Site<'_>) -> Self {
        let counted = counting::counted(site);
        let rises = pricing::rises(&counted, site);
        let mut lines = lines(&counted, site);
        totals::convert(&mut lines, &site.cluster.cost);
        Self {
            totals: totals::by_currency(&lines),
            together: totals::together(&lines, &site.cluster.cost),
            unpriced: totals::unpriced(&lines),
            rises,
            lines,
        }
    }
}

/// The lines: what is counted, unless the file says what is bought of it, and then
/// the file's own parts.
fn lines(counted: &[Counted<'_>], site: &Site<'_>) -> Vec<Line> {
    let (own, others): (Vec<&Part>, Vec<_>) = site.cluster.parts.iter().partition(|part| {
        let of = part.of.as_deref();
        of.is_some_and(|id| counted.iter().any(|item| item.id == id))
    });
    let mut lines = Vec::new();
    for item in counted {
        let told = own
            .iter()
            .filter(|part| part.of.as_deref() == Some(item.id));
        let told: Vec<_> = told.map(|part| of_item(part, item, site)).collect();
        if told.is_empty() {
            lines.push(item.line());
        }
        lines.extend(told);
    }
    lines.extend(others.into_iter().map(|part| part_line(part, site)));
    lines
}

/// What the file says is bought of something that is counted: at the item's price,
/// unless the file says what it costs.
fn of_item(part: &Part, item: &Counted<'_>, site: &Site<'_>) -> Line {
    if part.total.is_none() {
        let mut line = item.line().times(part.quantity);
        line.name.clone_from(&part.name);
        return line;
    }
    Line {
        kind: item.kind,
        id: Some(item.id.to_owned()),
        ..part_line(part, site)
    }
}

fn part_line(part: &Part, site: &Site<'_>) -> Line {
    let price = part.total;
    Line {
        kind: Kind::Part,
        id: None,
        name: part.name.clone(),
        quantity: part.quantity,
        each: price.and_then(|total| pricing::each(total, part.quantity)),
        subtotal: price,
        currency: price.and(site.cluster.cost.currency),
        converted: None,
        when: None,
        source: price.map(|_| pricing::OWN.to_owned()),
        there: false,
        another_size: false,
    }
}

impl Line {
    /// The same, but another number of it.
    fn times(mut self, quantity: u32) -> Self {
        self.quantity = quantity;
        self.subtotal = self.each.map(|each| each.times(quantity));
        self
    }
}
