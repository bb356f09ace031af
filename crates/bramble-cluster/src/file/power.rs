//! `[power]`: turning the cluster off and on, and what feeds it. Not in here:
//! whether that suffices (`bramble-plan`).

use std::collections::BTreeMap;

use super::known::Known;
use crate::cluster::{Button, Power, TurnOn};
use crate::diagnostic::{Diagnostic, Label};
use crate::money::Amount;
use crate::reader::{Key, Kind, Section, Text, Value, names};

const TURN_ONS: &[(&str, TurnOn)] = &[
    ("button", TurnOn::Button),
    ("supply", TurnOn::Supply),
    ("wake-on-lan", TurnOn::WakeOnLan),
];

/// The keys of `[power]`.
pub(super) const KEYS: &[Key] = &[
    Key::new(
        "button",
        Kind::Boolean,
        "true",
        "whether one button turns all boards off and on",
    )
    .or("false"),
    Key::new(
        "button_gpio",
        Kind::Count,
        "3",
        "the GPIO its wire goes to on each board (GPIO3 is header pin 5)",
    )
    .or("3"),
    Key::new(
        "button_wires",
        Kind::Count,
        "7",
        "how many boards its wires go to",
    )
    .or("one for each board"),
    Key::new(
        "wake",
        Kind::Choice(|| names(TURN_ONS)),
        r#""button""#,
        "what turns the boards on again",
    ),
    Key::new(
        "supplies",
        Kind::Entries(&Kind::Count),
        "{ anker-60w-6 = 2 }",
        "how many there are of a supply with several ports",
    )
    .or("1 each"),
    Key::new(
        "electricity",
        Kind::Text,
        r#""0.30/kWh""#,
        "its price, in the cluster's currency",
    ),
];

/// Reads `[power]`, and the price of electricity in it.
pub(super) fn read(mut section: Section<'_>, known: &Known<'_>) -> (Power, Option<Amount>) {
    let button = section.boolean("button").unwrap_or_default();
    let gpio = section
        .get("button_gpio")
        .and_then(|value| value.count_to(57));
    let gpio = gpio.unwrap_or(3);
    let wires = section.count("button_wires");
    if !button {
        without_button(&mut section);
    }
    let turn_on = section.choice("wake", TURN_ONS);
    let supplies = section.get("supplies").and_then(Value::entries);
    let electricity = section.get("electricity");
    let electricity = electricity.and_then(|value| price_for(&value.text()?, "kWh"));
    section.finish();
    let power = Power {
        button: button.then_some(Button { gpio, wires }),
        turn_on,
        supplies: counted(supplies.unwrap_or_default(), known),
    };
    (power, electricity)
}

/// Tells about what says something of a button that is not there.
fn without_button(section: &mut Section<'_>) {
    for key in ["button_gpio", "button_wires"] {
        let Some(value) = section.get(key) else {
            continue;
        };
        let title = format!("`{key}` says something of a button, and there is none");
        let label = Label::new(value.span(), "of which button?");
        let help = format!("write `button = true` beside it, or delete `{key}`");
        value
            .report()
            .push(Diagnostic::error("contradiction", title, label).with_help(help));
    }
}

fn counted(entries: Vec<Value<'_>>, known: &Known<'_>) -> BTreeMap<String, u32> {
    let entry = |value: Value<'_>| Some((known.supply_key(&value)?, value.count()?));
    entries.into_iter().filter_map(entry).collect()
}

/// A price for one of something, in the cluster's currency: `0.30/kWh`.
pub(super) fn price_for(text: &Text<'_>, unit: &str) -> Option<Amount> {
    let price = text.value.strip_suffix(unit);
    let price = price.and_then(|price| price.trim_end().strip_suffix('/'));
    if let Some(amount) = price.and_then(|price| price.trim_end().parse().ok()) {
        return Some(amount);
    }
    let title = format!("`{text}` is no price for a {unit}");
    let help = if text.has_decimal_comma() {
        text.with_point()
    } else {
        let example = if unit == "kWh" { "0.30" } else { "12.00" };
        format!("write a price in the cluster's currency, such as `\"{example}/{unit}\"`")
    };
    text.fail("wrong-unit", title, "not such a price", help)
}
