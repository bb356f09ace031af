//! `[[parts]]`: what a board does not imply. Not in here: the parts list
//! (`bramble-plan`).

use toml::Spanned;

use super::known::Known;
use crate::cluster::Part;
use crate::diagnostic::{Diagnostic, Label};
use crate::money::Amount;
use crate::place::Table;
use crate::reader::{Key, Kind, Report, Section, Value};

/// The keys of `[[parts]]`.
pub(super) const KEYS: &[Key] = &[
    Key::new(
        "name",
        Kind::Text,
        r#""dog bone stack""#,
        "what it is; may be left out with `of`",
    ),
    Key::new(
        "of",
        Kind::Text,
        r#""usb-22awg-1ft""#,
        "hardware that nodes name, by its id: this is what is bought of it, in place of what is counted",
    ),
    Key::new("quantity", Kind::Count, "1", "how many").or("1"),
    Key::new(
        "price",
        Kind::Amount,
        "1.60",
        "of one, in the cluster's currency",
    ),
    Key::new(
        "total",
        Kind::Amount,
        "8",
        "of all of them together, instead of `price`",
    ),
];

/// Reads all `[[parts]]`.
pub(super) fn read(root: &mut Section<'_>, known: &Known<'_>) -> Vec<Part> {
    let parts = root.get("parts").and_then(Value::list);
    let parts = parts.unwrap_or_default().into_iter().enumerate();
    parts
        .filter_map(|(index, value)| {
            part(value.section("`[[parts]]`")?.at(Table::Part(index)), known)
        })
        .collect()
}

fn part(mut section: Section<'_>, known: &Known<'_>) -> Option<Part> {
    let of = section.get("of").and_then(Value::text);
    let of = of.and_then(|text| known.hardware(&text));
    let name = section.line("name");
    let name = name.or_else(|| of.as_ref().map(|(_, name)| name.clone()));
    if name.is_none() && !section.has("of") && !section.has("name") {
        section.lacks("name");
    }
    let quantity = section.count("quantity").unwrap_or(1);
    let mut amount = |key| {
        let value = section.get(key)?;
        Some(Spanned::new(value.span(), value.amount()?))
    };
    let (price, total) = (amount("price"), amount("total"));
    let report = section.report();
    section.finish();
    if let (Some(price), Some(total)) = (&price, &total) {
        check_sum(quantity, price, total, report);
    }
    let of_all = price.map(|price| price.into_inner().times(quantity));
    Some(Part {
        name: name?,
        of: of.map(|(id, _)| id),
        quantity,
        total: of_all.or(total.map(Spanned::into_inner)),
    })
}

/// Both may be given, if they agree.
fn check_sum(quantity: u32, price: &Spanned<Amount>, total: &Spanned<Amount>, report: &Report<'_>) {
    let product = price.get_ref().times(quantity);
    if product == *total.get_ref() {
        return;
    }
    let title = format!(
        "{quantity} at {} are {product}, not {}",
        price.get_ref(),
        total.get_ref()
    );
    let diagnostic = Diagnostic::error(
        "contradiction",
        title,
        Label::new(total.span(), "says otherwise"),
    )
    .with_secondary(Label::new(price.span(), "what one costs"))
    .with_help("write `price` for one of them, or `total` for all, and delete the other");
    report.push(diagnostic);
}
