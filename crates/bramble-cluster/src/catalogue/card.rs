//! Cards: whatever a board boots from or keeps data on.

use std::fmt;

use serde::Serialize;

use super::price::{PRICES, Price, read_prices};
use crate::reader::{Key, Kind, Section, names};
use crate::unit::Capacity;

/// How storage is attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Medium {
    /// A microSD card in the board's or carrier's slot.
    Microsd,
    /// eMMC on the board.
    Emmc,
    /// A drive or anything else on USB.
    Usb,
    /// The same, on a USB 3 port.
    Usb3,
    /// An SSD on PCI Express.
    Nvme,
    /// A drive on SATA.
    Sata,
}

pub(super) const MEDIA: &[(&str, Medium)] = &[
    ("microsd", Medium::Microsd),
    ("emmc", Medium::Emmc),
    ("usb", Medium::Usb),
    ("usb3", Medium::Usb3),
    ("nvme", Medium::Nvme),
    ("sata", Medium::Sata),
];

impl Medium {
    /// As the catalogue writes it.
    pub fn key(self) -> &'static str {
        let known = MEDIA.iter().find(|(_, medium)| *medium == self);
        known.map_or("", |(key, _)| key)
    }
}

impl fmt::Display for Medium {
    /// In a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Microsd => "microSD",
            Self::Emmc => "eMMC",
            Self::Usb => "USB",
            Self::Usb3 => "USB 3",
            Self::Nvme => "NVMe",
            Self::Sata => "SATA",
        })
    }
}

/// A card or drive.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Card {
    /// What the cluster file calls it: `sandisk-ultra-32GB`.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// How it is attached, if known.
    pub medium: Option<Medium>,
    /// How much fits on it, as its maker counts.
    pub capacity: Option<Capacity>,
    /// What it cost.
    pub prices: Vec<Price>,
    /// Who says so.
    pub source: Option<String>,
}

/// The keys of a card.
pub(crate) const CARD: &[Key] = &[
    Key::new(
        "name",
        Kind::Text,
        r#""SanDisk Ultra 32GB microSDHC""#,
        "what its maker calls it",
    )
    .required(),
    Key::new(
        "kind",
        Kind::Choice(|| names(MEDIA)),
        r#""microsd""#,
        "how it is attached",
    ),
    Key::new(
        "capacity",
        Kind::Text,
        r#""32GB""#,
        "how much fits on it, as its maker counts",
    ),
    PRICES,
    Key::new("source", Kind::Text, r#""the maker's page""#, "who says so"),
];

/// Reads the card called `id`: what is not written is as in `base`.
pub(crate) fn read_card(id: &str, mut section: Section<'_>, base: Option<&Card>) -> Option<Card> {
    let base = base.cloned().unwrap_or_default();
    let name = section.name_or(base.name);
    let medium = section.choice("kind", MEDIA).or(base.medium);
    let capacity = section.quantity("capacity").or(base.capacity);
    let prices = read_prices(&mut section, Some(&base.prices));
    let source = section.line("source").or(base.source);
    section.finish();
    Some(Card {
        id: id.to_owned(),
        name: name?,
        medium,
        capacity,
        prices,
        source,
    })
}
