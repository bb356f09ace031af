//! What feeds boards over a cable of its own: supplies, and the cables.

use serde::Serialize;

use super::price::{PRICES, Price, read_prices};
use crate::reader::{Key, Kind, Section, names};
use crate::unit::{Current, Length, Power, Resistance, Voltage};

/// A power supply or charger.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Supply {
    /// What the cluster file calls it: `psu-15w`.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// How many boards it can feed.
    pub ports: Option<u32>,
    /// What it can give in total.
    pub power: Option<Power>,
    /// At which voltage.
    pub voltage: Option<Voltage>,
    /// What one port can give.
    pub port_current: Option<Current>,
    /// What one port can give, where its maker states watts.
    pub port_power: Option<Power>,
    /// Whether it speaks USB Power Delivery.
    pub usb_pd: Option<bool>,
    /// The shape of its ports.
    pub connector: Option<Connector>,
    /// What it cost.
    pub prices: Vec<Price>,
    /// Who says so.
    pub source: Option<String>,
}

/// A power cable.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Cable {
    /// What the cluster file calls it: `usb-22awg-1ft`.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// How thick its wires are, by American wire gauge.
    pub gauge: Option<u32>,
    /// From end to end.
    pub length: Option<Length>,
    /// Of one wire, where it is known better than by its gauge.
    pub resistance: Option<Resistance>,
    /// The shape of its end at the board.
    pub connector: Option<Connector>,
    /// What it cost.
    pub prices: Vec<Price>,
    /// Who says so.
    pub source: Option<String>,
}

/// The shape of a plug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Connector {
    /// USB type A, as on chargers.
    UsbA,
    /// USB type C.
    UsbC,
    /// Micro-USB.
    MicroUsb,
    /// A round plug.
    Barrel,
}

const CONNECTORS: &[(&str, Connector)] = &[
    ("usb-a", Connector::UsbA),
    ("usb-c", Connector::UsbC),
    ("micro-usb", Connector::MicroUsb),
    ("barrel", Connector::Barrel),
];

/// The key of a plug's shape.
pub(super) const CONNECTOR: Key = Key::new(
    "connector",
    Kind::Choice(|| names(CONNECTORS)),
    r#""usb-c""#,
    "the shape of the plug",
);

/// Reads the shape of a plug.
pub(super) fn connector(section: &mut Section<'_>) -> Option<Connector> {
    section.choice("connector", CONNECTORS)
}

/// The keys of a supply.
pub(crate) const SUPPLY: &[Key] = &[
    Key::new(
        "name",
        Kind::Text,
        r#""60 W charger with six ports""#,
        "what its maker calls it",
    )
    .required(),
    Key::new("ports", Kind::Count, "6", "how many boards it can feed").or("1"),
    Key::new("power", Kind::Text, r#""60W""#, "what it can give in total"),
    Key::new("voltage", Kind::Text, r#""5V""#, "at which voltage"),
    Key::new(
        "port_current",
        Kind::Text,
        r#""2.4A""#,
        "what one port can give",
    ),
    Key::new(
        "port_power",
        Kind::Text,
        r#""12W""#,
        "what one port can give, where its maker states watts",
    ),
    Key::new(
        "usb_pd",
        Kind::Boolean,
        "false",
        "whether it speaks USB Power Delivery",
    ),
    CONNECTOR,
    PRICES,
    Key::new("source", Kind::Text, r#""the maker's page""#, "who says so"),
];

/// The keys of a power cable.
pub(crate) const CABLE: &[Key] = &[
    Key::new(
        "name",
        Kind::Text,
        r#""22 AWG micro-USB cable, 1 ft""#,
        "what its maker calls it",
    )
    .required(),
    Key::new(
        "gauge",
        Kind::Count,
        "22",
        "how thick its power wires are, by American wire gauge",
    ),
    Key::new("length", Kind::Text, r#""0.3m""#, "from end to end"),
    Key::new(
        "resistance",
        Kind::Text,
        r#""52.96mohm/m""#,
        "of one wire, where it is known better than by its gauge",
    ),
    CONNECTOR,
    PRICES,
    Key::new("source", Kind::Text, r#""the maker's page""#, "who says so"),
];

/// Reads the supply called `id`: what is not written is as in `base`.
pub(crate) fn read_supply(
    id: &str,
    mut section: Section<'_>,
    base: Option<&Supply>,
) -> Option<Supply> {
    let base = base.cloned().unwrap_or_default();
    let name = section.name_or(base.name);
    let supply = Supply {
        id: id.to_owned(),
        name: name.clone().unwrap_or_default(),
        ports: section.count("ports").or(base.ports),
        power: section.quantity("power").or(base.power),
        voltage: section.quantity("voltage").or(base.voltage),
        port_current: section.quantity("port_current").or(base.port_current),
        port_power: section.quantity("port_power").or(base.port_power),
        usb_pd: section.boolean("usb_pd").or(base.usb_pd),
        connector: connector(&mut section).or(base.connector),
        prices: read_prices(&mut section, Some(&base.prices)),
        source: section.line("source").or(base.source),
    };
    section.finish();
    name.map(|_| supply)
}

/// Reads the cable called `id`: what is not written is as in `base`.
pub(crate) fn read_cable(
    id: &str,
    mut section: Section<'_>,
    base: Option<&Cable>,
) -> Option<Cable> {
    let base = base.cloned().unwrap_or_default();
    let name = section.name_or(base.name);
    let cable = Cable {
        id: id.to_owned(),
        name: name.clone().unwrap_or_default(),
        gauge: section.count("gauge").or(base.gauge),
        length: section.quantity("length").or(base.length),
        resistance: section.quantity("resistance").or(base.resistance),
        connector: connector(&mut section).or(base.connector),
        prices: read_prices(&mut section, Some(&base.prices)),
        source: section.line("source").or(base.source),
    };
    section.finish();
    name.map(|_| cable)
}

/// What a USB port gives at most at 5 V without Power Delivery: chargers stop at
/// 2.4 A.
const WITHOUT_DELIVERY: Power = Power::from_milli(12_000);

impl Supply {
    /// What one port can give at the most, where nothing is known but that it is USB
    /// at 5 V without Power Delivery.
    pub fn port_at_most(&self) -> Option<Power> {
        let usb = matches!(self.connector, Some(Connector::UsbA | Connector::UsbC));
        let plain = usb && self.usb_pd == Some(false) && self.port().is_none();
        plain.then_some(WITHOUT_DELIVERY)
    }

    /// What one port can give, if it is known.
    pub fn port(&self) -> Option<Power> {
        let by_current = || Some(self.voltage?.at(self.port_current?));
        let alone = || self.power.filter(|_| self.ports.unwrap_or(1) == 1);
        self.port_power.or_else(by_current).or_else(alone)
    }
}
