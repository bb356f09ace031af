//! What nodes are made of. Not in here: what such things are (`catalogue`).

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use super::{Cluster, Node};
use crate::catalogue::{Board, Cable, Card, Carrier, Hat, Image, Medium, PoeFeed, Supply};
use crate::unit::{Capacity, Current, Memory};

/// Nodes that are made of the same: one table of the cluster file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// Which of the cluster's nodes.
    pub nodes: Range<usize>,
    /// What each of them is made of.
    pub hardware: Arc<Hardware>,
}

/// What one node is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hardware {
    /// The board, as the catalogue knows it.
    pub board: Arc<Board>,
    /// Processor cores.
    pub cores: u32,
    /// Which of the board's memory sizes it has.
    pub memory: Memory,
    /// Which of the board's sizes of soldered eMMC it has, if any.
    pub emmc: Option<Capacity>,
    /// What it boots from, if told.
    pub boot: Option<BootFrom>,
    /// Further drives.
    pub drives: Vec<Arc<Card>>,
    /// What is plugged into its USB ports.
    pub usb: Vec<UsbDevice>,
    /// What takes power for it from the network cable.
    pub hat: Option<Arc<Hat>>,
    /// What it is plugged into, if it is a module.
    pub carrier: Option<Arc<Carrier>>,
    /// What feeds it over a cable of its own.
    pub supply: Option<Arc<Supply>>,
    /// That cable.
    pub cable: Option<Arc<Cable>>,
    /// How it is cooled, if told.
    pub cooling: Option<Cooling>,
    /// The operating system, if it is known.
    pub image: Option<Arc<Image>>,
    /// Whether it runs that already, so that no card is written.
    pub adopt: bool,
}

/// What a node boots from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BootFrom {
    /// The eMMC on the board.
    Emmc,
    /// A card or drive.
    Card(Arc<Card>),
}

/// How a board is cooled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cooling {
    /// Not at all.
    None,
    /// By a heat sink without a fan.
    Heatsink,
    /// By a fan.
    Fan,
}

/// Something on a USB port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UsbDevice {
    /// What it is.
    pub name: String,
    /// What it draws, if known.
    pub current: Option<Current>,
    /// Whether it needs a USB 3 port.
    pub usb3: bool,
}

impl Hardware {
    /// How power is taken from the network cable: by the hat or the carrier. A
    /// node with a supply of its own does not.
    pub fn poe(&self) -> Option<&PoeFeed> {
        let hat = self.hat.as_ref().map(|hat| &hat.poe);
        let carrier = self
            .carrier
            .as_ref()
            .and_then(|carrier| carrier.poe.as_ref());
        hat.or(carrier).filter(|_| self.supply.is_none())
    }

    /// How much fits on what it boots from, if known.
    pub fn boot_capacity(&self) -> Option<Capacity> {
        match self.boot.as_ref()? {
            BootFrom::Emmc => self.emmc,
            BootFrom::Card(card) => card.capacity,
        }
    }

    /// How what it boots from is attached, if known.
    pub fn boot_medium(&self) -> Option<Medium> {
        match self.boot.as_ref()? {
            BootFrom::Emmc => Some(Medium::Emmc),
            BootFrom::Card(card) => card.medium,
        }
    }
}

impl Group {
    /// How many nodes it has.
    pub fn count(&self) -> u32 {
        // Proof: the reader allows fewer nodes than u32 holds.
        u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)
    }

    /// Its nodes.
    pub fn members<'a>(&self, cluster: &'a Cluster) -> &'a [Node] {
        cluster.nodes.get(self.nodes.clone()).unwrap_or_default()
    }
}
