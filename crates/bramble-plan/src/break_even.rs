//! After how long the cluster is cheaper than a rented server that does the same.
//! Not in here: whether it does the same, which is for its owner to say.

use bramble_cluster::money::{Amount, Currency};
use serde::Serialize;

use crate::parts::{PartsList, Sum};
use crate::power::{Draw, HOURS, PowerPlan, cost};
use crate::site::Site;

/// The cluster against a rented server.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BreakEven {
    /// What the server costs a month.
    pub rented: Amount,
    /// What the cluster costs to buy, as far as it has a price in this currency.
    pub bought: Amount,
    /// Whether that is all of it.
    pub complete: bool,
    /// What its electricity costs a month with all cores busy, if that is known.
    pub electricity: Option<Amount>,
    /// Nodes whose share of that is not known.
    pub unknown: u32,
    /// Of all of these.
    pub currency: Option<Currency>,
    /// How long it takes until buying is cheaper, with all cores busy all the time.
    pub after: After,
    /// The same with nothing to do.
    pub after_idle: After,
}

/// How long it takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum After {
    /// So many months.
    Months(f64),
    /// For ever: electricity alone costs as much as the server.
    Never,
}

impl BreakEven {
    /// The comparison, if the file says what a server costs.
    pub fn of(parts: &PartsList, power: &PowerPlan, site: &Site<'_>) -> Option<Self> {
        let rented = site.cluster.cost.rented?;
        // Without a currency the rent cannot be compared with any price.
        site.cluster.cost.currency?;
        let (bought, complete) = bought(parts, site.cluster.cost.currency);
        let price = site.cluster.cost.electricity;
        let month = |draw: Draw| price.map(|price| cost(draw.power, HOURS / 12.0, price));
        let (electricity, idle) = (month(power.load), month(power.idle));
        Some(Self {
            rented,
            bought,
            complete,
            electricity,
            unknown: power.load.unknown,
            currency: site.cluster.cost.currency,
            after: after(bought, rented, electricity.unwrap_or_default()),
            after_idle: after(bought, rented, idle.unwrap_or_default()),
        })
    }
}

/// What is bought in the cluster's currency, and whether that is everything.
fn bought(parts: &PartsList, here: Option<Currency>) -> (Amount, bool) {
    let is_own = |sum: &&Sum| sum.currency == here;
    let own = parts.totals.iter().find(is_own);
    let others = parts.totals.iter().any(|sum| !is_own(&sum));
    let alone = (own.map(|sum| sum.amount).unwrap_or_default(), others);
    let together = parts.together.as_ref();
    let (amount, apart) = together.map_or(alone, |together| {
        (together.amount, !together.apart.is_empty())
    });
    (amount, !apart && parts.is_complete())
}

fn after(bought: Amount, rented: Amount, electricity: Amount) -> After {
    let saved = rented.as_f64() - electricity.as_f64();
    if saved > 0.0 {
        After::Months(bought.as_f64() / saved)
    } else {
        After::Never
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(value: f64) -> Amount {
        Amount::from_f64(value)
    }

    #[test]
    fn what_is_saved_each_month_pays_for_the_cluster() {
        let months = after(amount(120.0), amount(12.0), amount(2.0));
        assert_eq!(months, After::Months(12.0));
    }

    #[test]
    fn electricity_that_costs_as_much_as_the_server_never_pays() {
        for electricity in [12.0, 13.0] {
            let never = after(amount(120.0), amount(12.0), amount(electricity));
            assert_eq!(never, After::Never);
        }
    }
}
