//! `[cost]`: what money is worth, and what the cluster is compared with. Not in
//! here: what it costs (`bramble-plan`).

use std::collections::BTreeMap;

use super::power::price_for;
use crate::diagnostic::{Diagnostic, Label};
use crate::money::{Amount, Currency};
use crate::reader::{Key, Kind, Section, Value};

/// The keys of `[cost]`.
pub(super) const KEYS: &[Key] = &[
    Key::new(
        "rates",
        Kind::Entries(&Kind::Amount),
        "{ USD = 0.79 }",
        "what one of another currency is in the cluster's",
    ),
    Key::new(
        "rented",
        Kind::Text,
        r#""12.00/month""#,
        "what a rented server that would do the same costs",
    ),
];

/// `[cost]` as it is written.
#[derive(Debug, Default)]
pub(super) struct CostTable {
    pub(super) rates: BTreeMap<Currency, Amount>,
    pub(super) rented: Option<Amount>,
}

/// Reads `[cost]`.
pub(super) fn read(mut section: Section<'_>) -> CostTable {
    let rates = section.get("rates").and_then(Value::entries);
    let rented = section.get("rented");
    let rented = rented.and_then(|value| price_for(&value.text()?, "month"));
    section.finish();
    CostTable {
        rates: rates
            .unwrap_or_default()
            .into_iter()
            .filter_map(rate)
            .collect(),
        rented,
    }
}

fn rate(value: Value<'_>) -> Option<(Currency, Amount)> {
    let amount = value.amount()?;
    if amount == Amount::ZERO {
        return value.out_of_range("more than 0");
    }
    let currency = Currency::from_code(value.key());
    if currency.is_none() {
        let title = format!("`{}` is no currency", value.key());
        let label = Label::new(value.span(), "the rate of what?");
        value.report().push(
            Diagnostic::error("unknown-currency", title, label)
                .with_help("write the three capital letters of its ISO 4217 code, such as `USD`"),
        );
    }
    Some((currency?, amount))
}
