//! What something cost, and when. Not in here: what a cluster costs
//! (`bramble-plan`).

use serde::Serialize;

use crate::money::{Currency, Money};
use crate::reader::{Key, Kind, Section, Value};
use crate::unit::Memory;

/// What one of something cost at some time: a hint, never a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Price {
    /// Of the variant with this memory; of any, if absent.
    pub memory: Option<Memory>,
    /// How much.
    #[serde(flatten)]
    pub money: Money,
    /// `launch`, a year, or a year and month.
    pub when: Option<String>,
    /// Who says so.
    pub source: Option<String>,
    /// Whether the cluster file says it, and not the catalogue.
    #[serde(skip)]
    pub own: bool,
}

const PRICE: &[Key] = &[
    Key::new(
        "ram",
        Kind::Text,
        r#""4GB""#,
        "the variant with this memory; all if left out",
    ),
    Key::new("amount", Kind::Amount, "22.00", "what one costs").required(),
    Key::new(
        "currency",
        Kind::Text,
        r#""USD""#,
        "ISO 4217 code of its currency",
    )
    .required(),
    Key::new(
        "when",
        Kind::Text,
        r#""2026-02""#,
        "when it cost that: `launch`, a year, or year and month",
    ),
    Key::new("source", Kind::Text, r#""the shop's page""#, "who says so"),
];

/// The key of prices, the same for everything that is bought.
pub(super) const PRICES: Key = Key::new(
    "prices",
    Kind::List(&Kind::Table(PRICE)),
    r#"[{ amount = 22.00, currency = "USD", when = "2026-02" }]"#,
    "what one costs, by memory size where that matters",
);

/// Reads the prices of an item; those of `base` if it has none of its own.
pub(super) fn read_prices(section: &mut Section<'_>, base: Option<&[Price]>) -> Vec<Price> {
    let Some(items) = section.get("prices").and_then(Value::list) else {
        return base.unwrap_or_default().to_vec();
    };
    let prices = items.into_iter().filter_map(|item| item.section("a price"));
    prices.filter_map(read).collect()
}

fn read(mut section: Section<'_>) -> Option<Price> {
    let memory = section.quantity("ram");
    let amount = section.get("amount").and_then(Value::amount);
    let currency = section.get("currency");
    let currency: Option<Currency> = currency.and_then(|value| value.text()?.currency());
    let when = section.line("when");
    let source = section.line("source");
    let own = section.report().is_cluster_file();
    section.finish();
    Some(Price {
        own,
        memory,
        money: Money {
            amount: amount?,
            currency: currency?,
        },
        when,
        source,
    })
}
