//! Network switches.

use serde::Serialize;

use super::poe::{STANDARDS, standard};
use super::price::{PRICES, Price, read_prices};
use crate::reader::{Key, Kind, Section, names};
use crate::unit::{BitRate, Power};

/// A network switch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Switch {
    /// What the cluster file calls it: `netgear-8-port`.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// How many cables fit.
    pub ports: u32,
    /// What a port carries.
    pub speed: Option<BitRate>,
    /// Whether it can be set up over the network.
    pub managed: Option<bool>,
    /// How many ports feed what is on them.
    pub poe_ports: Option<u32>,
    /// By which standard: `802.3at`.
    pub poe_standard: Option<String>,
    /// How much it can give in total.
    pub poe_budget: Option<Power>,
    /// How several of it are linked, if not by a cable.
    pub mesh: Option<Mesh>,
    /// What it cost.
    pub prices: Vec<Price>,
    /// Who says so.
    pub source: Option<String>,
}

/// How switches are linked without cables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mesh {
    /// Over the air.
    Wifi,
}

const MESHES: &[(&str, Mesh)] = &[("wifi", Mesh::Wifi)];

/// The keys of a switch.
pub(crate) const SWITCH: &[Key] = &[
    Key::new(
        "name",
        Kind::Text,
        r#""NETGEAR 8-port switch""#,
        "what its maker calls it",
    )
    .required(),
    Key::new("ports", Kind::Count, "8", "how many cables fit").required(),
    Key::new("speed", Kind::Text, r#""1Gb/s""#, "what a port carries"),
    Key::new(
        "managed",
        Kind::Boolean,
        "false",
        "whether it can be set up over the network",
    ),
    Key::new(
        "poe_ports",
        Kind::Count,
        "4",
        "how many ports feed what is on them; left out if none does",
    ),
    Key::new(
        "poe_standard",
        Kind::Choice(|| names(STANDARDS)),
        r#""802.3at""#,
        "by which standard they do",
    ),
    Key::new(
        "poe_budget",
        Kind::Text,
        r#""63W""#,
        "how much it can give in total",
    ),
    Key::new(
        "mesh",
        Kind::Choice(|| names(MESHES)),
        r#""wifi""#,
        "how several of it are linked, if not by cables",
    ),
    PRICES,
    Key::new("source", Kind::Text, r#""the maker's page""#, "who says so"),
];

/// How many ports feed what is on them: no more than there are.
fn poe_ports(section: &mut Section<'_>, ports: Option<u32>) -> Option<u32> {
    let value = section.get("poe_ports")?;
    let count = value.count()?;
    match ports.filter(|ports| count > *ports) {
        Some(ports) => {
            value.out_of_range(&format!("at most {ports}, since there are no more ports"))
        }
        None => Some(count),
    }
}

/// Reads the switch called `id`: what is not written is as in `base`.
pub(crate) fn read_switch(
    id: &str,
    mut section: Section<'_>,
    base: Option<&Switch>,
) -> Option<Switch> {
    let known = base.is_some();
    let base = base.cloned().unwrap_or_default();
    let name = section.name_or(base.name);
    let ports = if known && !section.has("ports") {
        Some(base.ports)
    } else {
        section.count("ports")
    };
    let speed = section.quantity("speed").or(base.speed);
    let managed = section.boolean("managed").or(base.managed);
    let poe_ports = poe_ports(&mut section, ports).or(base.poe_ports);
    let poe_standard = standard(&mut section, "poe_standard").or(base.poe_standard);
    let poe_budget = section.quantity("poe_budget").or(base.poe_budget);
    let mesh = section.choice("mesh", MESHES).or(base.mesh);
    let prices = read_prices(&mut section, Some(&base.prices));
    let source = section.line("source").or(base.source);
    section.finish();
    Some(Switch {
        id: id.to_owned(),
        name: name?,
        ports: ports?,
        speed,
        managed,
        poe_ports,
        poe_standard,
        poe_budget,
        mesh,
        prices,
        source,
    })
}
