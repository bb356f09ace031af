//! Cards, supplies and switches as the catalogue writes them. Not in here:
//! boards (`board`), and what follows from the figures (`bramble-plan`).
//!
//! Figures that nothing uses yet are read for their units all the same.

use super::{Card, Supply, Switch};
use crate::reader::{Section, Value};
use crate::unit::{BitRate, Capacity, Rating};

/// Reads the card called `id`.
pub(crate) fn read_card(id: &str, mut section: Section<'_>) -> Option<Card> {
    let name = read_name(&mut section);
    let capacity = section.optional("capacity", r#""32GB""#);
    let capacity = capacity.and_then(|value| value.text()?.quantity::<Capacity>());
    read_price(&mut section);
    read_source(&mut section);
    section.finish();
    Some(Card {
        id: id.to_owned(),
        name: name?,
        capacity,
    })
}

/// Reads the supply called `id`.
pub(crate) fn read_supply(id: &str, mut section: Section<'_>) -> Option<Supply> {
    let name = read_name(&mut section);
    let ports = section.optional("ports", "6").and_then(Value::count);
    read_rating(&mut section, "power", r#""60W""#, Rating::Power);
    read_rating(&mut section, "voltage", r#""5V""#, Rating::Voltage);
    read_rating(&mut section, "port_current", r#""2.4A""#, Rating::Current);
    section.check("usb_pd", "false", Value::boolean);
    read_price(&mut section);
    read_source(&mut section);
    section.finish();
    Some(Supply {
        id: id.to_owned(),
        name: name?,
        ports,
    })
}

/// Reads the switch called `id`.
pub(crate) fn read_switch(id: &str, mut section: Section<'_>) -> Option<Switch> {
    let name = read_name(&mut section);
    let ports = section.required("ports", "8").and_then(Value::count);
    section.check("speed", r#""1Gb/s""#, |value| {
        value.text()?.quantity::<BitRate>()
    });
    section.check("managed", "false", Value::boolean);
    section.check("poe_ports", "4", Value::count);
    read_rating(&mut section, "poe_budget", r#""63W""#, Rating::Power);
    read_note(&mut section, "poe_standard", r#""802.3at""#);
    read_price(&mut section);
    read_source(&mut section);
    section.finish();
    Some(Switch {
        id: id.to_owned(),
        name: name?,
        ports: ports?,
    })
}

/// Reads a line of text that is for people.
pub(super) fn read_note(section: &mut Section<'_>, key: &'static str, example: &'static str) {
    section.check(key, example, |value| value.text()?.line());
}

/// Where the figures come from.
pub(super) fn read_source(section: &mut Section<'_>) {
    read_note(section, "source", r#""the maker's page""#);
}

fn read_name(section: &mut Section<'_>) -> Option<String> {
    section
        .required("name", r#""NETGEAR 8-port switch""#)
        .and_then(|value| value.text()?.line())
}

fn read_rating(
    section: &mut Section<'_>,
    key: &'static str,
    example: &'static str,
    rating: Rating,
) {
    let read = |value: Value<'_>| value.text()?.quantity_by(|text| rating.milli(text));
    section.check(key, example, read);
}

/// A price without its date misleads, hence the year.
fn read_price(section: &mut Section<'_>) {
    let example = r#"{ amount = 22.00, currency = "USD", year = 2023 }"#;
    let price = section
        .optional("price", example)
        .and_then(|value| value.section("`price`"));
    let Some(mut price) = price else { return };
    let _amount = price.required("amount", "22.00").and_then(Value::amount);
    let _currency = price
        .required("currency", r#""USD""#)
        .and_then(|value| value.text()?.currency());
    price.check("year", "2023", Value::count);
    price.finish();
}
