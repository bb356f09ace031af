//! Sums of money. Amounts of different currencies are never added unless the file
//! says what they are worth. Not in here: prices.

use std::collections::BTreeMap;

use bramble_cluster::cluster::Cost;
use bramble_cluster::money::{Amount, Currency};
use serde::Serialize;

use super::Line;

/// A sum in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// How much.
    pub amount: Amount,
    /// Of what; absent for prices in a file that does not say in which currency.
    pub currency: Option<Currency>,
}

/// Everything that can be told in the cluster's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Together {
    /// How much.
    pub amount: Amount,
    /// The cluster's currency.
    pub currency: Currency,
    /// How many lines are in it that were converted.
    pub converted: usize,
    /// What is left out, since the file does not say what it is worth.
    pub apart: Vec<Sum>,
}

/// Adds to each line in another currency what it is in the cluster's, where the
/// file says what that is worth.
pub(super) fn convert(lines: &mut [Line], cost: &Cost) {
    let Some(here) = cost.currency else {
        return;
    };
    for line in lines {
        let foreign = line.currency.filter(|currency| *currency != here);
        let rate = foreign.and_then(|currency| cost.rates.get(&currency));
        line.converted = rate.and_then(|rate| Some(line.subtotal?.at_rate(*rate)));
    }
}

/// The sum of each currency.
pub(super) fn by_currency(lines: &[Line]) -> Vec<Sum> {
    sums(lines.iter())
}

/// The sum in the cluster's currency, if any line was converted.
pub(super) fn together(lines: &[Line], cost: &Cost) -> Option<Together> {
    let here = cost.currency?;
    let converted = lines.iter().filter(|line| line.converted.is_some()).count();
    let told = |line: &&Line| line.converted.is_some() || line.currency == Some(here);
    let amounts = lines.iter().filter(told);
    let amounts = amounts.filter_map(|line| line.converted.or(line.subtotal));
    (converted > 0).then(|| Together {
        amount: amounts.sum(),
        currency: here,
        converted,
        apart: sums(lines.iter().filter(|line| !told(line))),
    })
}

/// How many things have no price and are not there already.
pub(super) fn unpriced(lines: &[Line]) -> u32 {
    let without = lines
        .iter()
        .filter(|line| line.subtotal.is_none() && !line.there);
    without.map(|line| line.quantity).sum()
}

fn sums<'a>(lines: impl Iterator<Item = &'a Line>) -> Vec<Sum> {
    let mut sums: BTreeMap<Option<Currency>, Amount> = BTreeMap::new();
    for line in lines {
        if let Some(subtotal) = line.subtotal {
            let sum = sums.entry(line.currency).or_default();
            *sum = *sum + subtotal;
        }
    }
    let sums = sums.into_iter();
    sums.map(|(currency, amount)| Sum { amount, currency })
        .collect()
}
