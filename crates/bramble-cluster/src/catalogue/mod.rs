//! Hardware as the catalogue knows it. Not in here: the figures themselves,
//! which are data in the `catalogue/` folder at the root of the project.

mod board;
mod builtin;
mod part;
mod registry;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::unit::{BitRate, Capacity, Memory};

pub(crate) use board::read_board;
pub(crate) use part::{read_card, read_supply, read_switch};

/// A single-board computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Board {
    /// What the cluster file calls it: `rpi3bplus`.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// Processor cores.
    pub cores: u32,
    /// The memory sizes it is sold with, ascending.
    pub memory: Vec<Memory>,
    /// What its Ethernet carries when measured, which may be far below what the
    /// port is rated for.
    pub ethernet: Option<BitRate>,
}

/// What a board boots from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// What the cluster file calls it: `sandisk-ultra-32GB`.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// How much fits on it, as its maker counts.
    pub capacity: Option<Capacity>,
}

/// A power supply or charger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Supply {
    /// What the cluster file calls it: `psu-15w`.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// How many boards it can feed.
    pub ports: Option<u32>,
}

/// A network switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Switch {
    /// What the cluster file calls it: `netgear-8-port`.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// How many cables fit.
    pub ports: u32,
}

/// All the hardware that bramble knows, by id.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Catalogue {
    /// Single-board computers.
    pub boards: BTreeMap<String, Board>,
    /// Cards.
    pub cards: BTreeMap<String, Card>,
    /// Power supplies and chargers.
    pub supplies: BTreeMap<String, Supply>,
    /// Switches.
    pub switches: BTreeMap<String, Switch>,
}

impl Catalogue {
    /// The catalogue that comes with bramble.
    pub fn builtin() -> Self {
        builtin::read()
    }
}
