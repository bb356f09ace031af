//! Which price counts, and which list prices rose since. Not in here: sums
//! (`totals`).

use bramble_cluster::catalogue::{Price, PriceChange};
use bramble_cluster::money::{Amount, Currency};
use bramble_cluster::unit::Memory;
use serde::Serialize;

use super::Kind;
use super::counting::Counted;
use crate::site::Site;

/// Who says what stands in the file itself.
pub(super) const OWN: &str = "the cluster file";

/// A list price that rose since it was written down.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PriceNote {
    /// What it is the price of.
    pub name: String,
    /// When it cost what the list says: `launch`, a year, or year and month.
    pub when: Option<String>,
    /// How it changed, in order.
    pub changes: Vec<Change>,
}

/// One rise of a list price.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Year and month, or day.
    pub date: String,
    /// By how much at the least.
    pub least: Amount,
    /// By how much at the most.
    pub most: Amount,
    /// In which currency.
    pub currency: Option<Currency>,
    /// Who says so.
    pub source: Option<String>,
}

/// The price of the variant with `memory`, else of any: the last in the cluster's
/// currency, else the last.
pub(super) fn choose<'a>(
    prices: &'a [Price],
    memory: Option<Memory>,
    site: &Site<'_>,
) -> Option<&'a Price> {
    let currency = site.cluster.cost.currency;
    let of = |size: Option<Memory>| {
        let mut sold = prices.iter().filter(move |price| price.memory == size);
        let here = |price: &&Price| Some(price.money.currency) == currency;
        sold.clone().rfind(here).or_else(|| sold.next_back())
    };
    memory.and_then(|size| of(Some(size))).or_else(|| of(None))
}

/// What one costs where all `quantity` cost `total`, if that comes out even.
pub(super) fn each(total: Amount, quantity: u32) -> Option<Amount> {
    let each = Amount::from_f64(total.as_f64() / f64::from(quantity.max(1)));
    (each.times(quantity) == total).then_some(each)
}

/// The boards whose price is the catalogue's and older than a rise.
pub(super) fn rises(counted: &[Counted<'_>], site: &Site<'_>) -> Vec<PriceNote> {
    let boards = counted.iter().filter(|item| item.kind == Kind::Board);
    boards.filter_map(|item| rise(item, site)).collect()
}

fn rise(item: &Counted<'_>, site: &Site<'_>) -> Option<PriceNote> {
    let price = item.price.filter(|price| !price.own)?;
    let changes = site.reference.price_changes.iter();
    let since = changes.filter(|change| is_older(price.when.as_deref(), &change.date));
    let changes: Vec<_> = since.filter_map(|change| applied(change, item)).collect();
    (!changes.is_empty()).then(|| PriceNote {
        name: item.name.clone(),
        when: price.when.clone(),
        changes,
    })
}

/// Whether a price of `when` is older than `date`. What has no date may be, and so
/// is counted as older; what is of the same month is not.
fn is_older(when: Option<&str>, date: &str) -> bool {
    match when {
        None | Some("launch") => true,
        Some(when) => when < date && !(when.len() >= 7 && date.starts_with(when)),
    }
}

/// What `change` adds to the price of `item`, if it applies to it.
fn applied(change: &PriceChange, item: &Counted<'_>) -> Option<Change> {
    if !change.boards.iter().any(|board| board == item.id) {
        return None;
    }
    let by_size = change
        .add
        .iter()
        .find(|(size, _)| Some(*size) == item.memory);
    let (least, most) = by_size.map(|(_, add)| (*add, *add)).or(change.range)?;
    Some(Change {
        date: change.date.clone(),
        least,
        most,
        currency: change.currency,
        source: change.source.clone(),
    })
}
