//! `[head]`: the node that the others reach the world through. Not in here:
//! what it shares with other nodes (`nodes`).

use std::iter;

use toml::Spanned;

use super::host;
use super::known::Known;
use super::nodes::{COMMON, Group, common};
use crate::cluster::{Medium, Uplink};
use crate::diagnostic::{Diagnostic, Label, Span};
use crate::reader::{Key, Kind, Section, Text, Value, joined};

/// What a head does unless the file says otherwise.
const ROLES: &[&str] = &["gateway", "time", "storage", "scheduler"];

/// The keys of `[head]` besides those that all nodes have.
const OWN_KEYS: [Key; 2] = [
    Key::new("name", Kind::Text, r#""head""#, "its host name").required(),
    Key::new(
        "uplink",
        Kind::Table(UPLINK),
        r#"{ wifi = "HomeWifi" }"#,
        "its own way to the world; the pass phrase is never in the file",
    ),
];

/// The keys of `[head]`.
pub(super) const KEYS: &[Key] = &joined::<17>(&OWN_KEYS, &COMMON);

const UPLINK: &[Key] = &[
    Key::new(
        "wifi",
        Kind::Text,
        r#""HomeWifi""#,
        "a wireless network, by its name (SSID)",
    ),
    Key::new(
        "ethernet",
        Kind::Text,
        r#""eth1""#,
        "a second Ethernet interface, by its name",
    ),
    Key::new(
        "reach",
        Kind::Text,
        r#""192.168.1.40""#,
        "where your machine finds the head",
    )
    .or("NAME.local"),
    Key::new(
        "country",
        Kind::Text,
        r#""GB""#,
        "the country its radio is in, by two letters; without it, only channels that are allowed everywhere",
    ),
];

/// Reads `[head]`.
pub(super) fn read(mut section: Section<'_>, known: &Known<'_>) -> Group {
    let name = section.get("name").and_then(|value| {
        let name = value.text()?.name()?;
        Some(Spanned::new(value.span(), iter::once(name).collect()))
    });
    let uplink = section.get("uplink").and_then(uplink);
    let group = common(&mut section, known, ROLES);
    section.finish();
    Group {
        names: name,
        uplink,
        ..group
    }
}

fn uplink(value: Value<'_>) -> Option<Uplink> {
    let mut section = value.section("`uplink`")?;
    let wifi = section.get("wifi");
    let ethernet = section.get("ethernet");
    let reach = section.get("reach");
    let reach = reach.and_then(|value| host::reach(&value.text()?));
    let country = section.get("country");
    if let (Some(country), None, Some(_)) = (&country, &wifi, &ethernet) {
        country_of_a_cable(country);
    }
    let country = country.and_then(|value| country_code(&value.text()?));
    let (place, report) = (section.span(), section.report());
    let complete = section.finish();
    let medium = match (wifi, ethernet) {
        (Some(wifi), None) => ssid(&wifi.text()?),
        (None, Some(ethernet)) => interface(&ethernet.text()?),
        (Some(_), Some(_)) => {
            report.push(one_medium(
                "an uplink runs over one medium",
                "two are given",
                place,
            ));
            None
        }
        // An unknown key was probably meant to be the medium.
        (None, None) if !complete => None,
        (None, None) => {
            let label = "neither `wifi` nor `ethernet`";
            report.push_missing(one_medium(
                "an uplink needs what it runs over",
                label,
                place,
            ));
            None
        }
    };
    Some(Uplink {
        medium: medium?,
        reach,
        country,
    })
}

fn country_of_a_cable(country: &Value<'_>) {
    let title = "`country` says something of a radio, and the uplink is a cable".to_owned();
    let label = Label::new(country.span(), "of which radio?");
    let contradiction = Diagnostic::error("contradiction", title, label);
    country
        .report()
        .push(contradiction.with_help("delete `country`"));
}

fn one_medium(title: &str, label: &str, place: Span) -> Diagnostic {
    Diagnostic::error("invalid-uplink", title, Label::new(place, label))
        .with_help("write either `wifi = \"HomeWifi\"` or `ethernet = \"eth1\"`")
}

/// A wireless network's name: 1 to 32 octets (IEEE 802.11).
fn ssid(text: &Text<'_>) -> Option<Medium> {
    if text.value.len() > 32 {
        let title = "the name of a wireless network has at most 32 octets".to_owned();
        let help = "write the network's name (SSID) as your machine lists it";
        return text.fail("invalid-uplink", title, "too long", help);
    }
    text.line().map(Medium::Wifi)
}

/// A country, as radios are told it (ISO 3166, two letters).
fn country_code(text: &Text<'_>) -> Option<String> {
    if text.value.len() == 2 && text.value.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Some(text.value.to_owned());
    }
    let title = format!("`{text}` is no country");
    let help = "write its two capital letters (ISO 3166), such as `GB`, `DE` or `US`";
    text.fail("invalid-uplink", title, "not two capital letters", help)
}

/// An interface's name, as Linux takes it: at most 15 octets.
fn interface(text: &Text<'_>) -> Option<Medium> {
    if matches!(text.value, "eth0" | "lo") {
        let title = format!("`{text}` cannot be the uplink");
        let help = "name the other interface, such as `eth1`: the switch is on `eth0`";
        return text.fail("invalid-uplink", title, "taken", help);
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let right = (1..=15).contains(&text.value.len())
        && text.value.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.value.bytes().all(allowed);
    if right {
        return Some(Medium::Ethernet(text.value.to_owned()));
    }
    let title = format!("`{text}` is no name of a network interface");
    text.fail(
        "invalid-uplink",
        title,
        "not an interface",
        "write a name such as `eth1`",
    )
}
