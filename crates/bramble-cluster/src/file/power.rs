//! `[power]`: turning the cluster off and on, and what it costs. Without effect
//! yet; checked all the same.

use crate::reader::{Section, Text, Value};

/// Reads `[power]`.
pub(super) fn read(root: &mut Section<'_>) {
    let Some(mut section) = root.table("power") else {
        return;
    };
    section.check("button", "true", Value::boolean);
    section.check("electricity", r#""0.30/kWh""#, |value| {
        electricity(&value.text()?)
    });
    section.finish();
}

/// A price for a kilowatt hour, in the cluster's currency.
fn electricity(text: &Text<'_>) -> Option<()> {
    let plain = |price: &str| {
        price.starts_with(|c: char| c.is_ascii_digit())
            && price
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
            && price.parse::<f64>().is_ok()
    };
    if text
        .value
        .strip_suffix("/kWh")
        .is_some_and(|price| plain(price.trim_end()))
    {
        return Some(());
    }
    let title = format!("`{text}` is no price of electricity");
    let help = "write a price in the cluster's currency for a kilowatt hour, such as \
                `\"0.30/kWh\"`";
    text.fail("wrong-unit", title, "not a price for a kilowatt hour", help)
}
