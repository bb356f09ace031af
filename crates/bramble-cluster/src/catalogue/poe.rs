//! What feeds a board through its network cable: headers, hats and carriers. Not
//! in here: what the standards say (`reference`).

use serde::Serialize;

use super::price::{PRICES, Price, read_prices};
use crate::reader::{Key, Kind, Section, names};
use crate::unit::{Current, FlopRate, Power, Voltage};

/// Whether and how a board can be fed through the network cable.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PoeHeader {
    /// Whether it has the pins for a hat.
    pub header: Option<bool>,
    /// The least standard it needs, if known: `802.3at`.
    pub standard: Option<String>,
    /// Who says so.
    pub source: Option<String>,
}

/// How a hat or carrier takes power from the network cable.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PoeFeed {
    /// By which standard: `802.3af`.
    pub standard: Option<String>,
    /// Its class, which is what the switch reserves for it.
    pub class: Option<u32>,
    /// What it gives the board, at this voltage.
    pub voltage: Option<Voltage>,
    /// What it gives the board.
    pub current: Option<Current>,
    /// The same, where its maker states watts.
    pub power: Option<Power>,
}

/// A hat that takes power for a board from its network cable.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Hat {
    /// What the cluster file calls it: `rpi-poe-hat`.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// The boards it fits on, by id.
    pub fits: Vec<String>,
    /// How it takes power.
    pub poe: PoeFeed,
    /// The device tree overlay that drives its fan: `rpi-poe`.
    pub overlay: Option<String>,
    /// What to know about it.
    pub note: Option<String>,
    /// What it cost.
    pub prices: Vec<Price>,
    /// Who says so.
    pub source: Option<String>,
}

/// What compute modules are plugged into.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Carrier {
    /// What the cluster file calls it: `cm4io`.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// The modules it takes, by id.
    pub fits: Vec<String>,
    /// How many at a time; one if unknown.
    pub slots: u32,
    /// What is to be known about its microSD slot: `lite-only` works only with
    /// modules that have no eMMC.
    pub microsd: Option<String>,
    /// Whether an NVMe SSD can be plugged in.
    pub nvme: Option<bool>,
    /// Whether that is behind a PCI Express switch, where boot loaders do not look.
    pub nvme_behind_switch: bool,
    /// How it takes power from the network cable, if it does.
    pub poe: Option<PoeFeed>,
    /// A full one, measured.
    pub measured: Option<MeasuredCluster>,
    /// What it cost.
    pub prices: Vec<Price>,
    /// Who says so.
    pub source: Option<String>,
}

/// A cluster that somebody measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MeasuredCluster {
    /// Its boards, by id.
    pub board: String,
    /// How many.
    pub nodes: u32,
    /// Solving linear equations (HPL).
    pub hpl: FlopRate,
    /// At the wall.
    pub power: Power,
    /// Who says so.
    pub source: Option<String>,
}

/// The standards of power over Ethernet, as the reference has them.
pub(super) const STANDARDS: &[(&str, &str)] = &[
    ("802.3af", "802.3af"),
    ("802.3at", "802.3at"),
    ("802.3bt-3", "802.3bt-3"),
    ("802.3bt-4", "802.3bt-4"),
];

/// What is to be known about a microSD slot.
const SLOTS: &[(&str, &str)] = &[("lite-only", "lite-only")];

/// Reads the name of a standard.
pub(super) fn standard(section: &mut Section<'_>, key: &'static str) -> Option<String> {
    section.choice(key, STANDARDS).map(str::to_owned)
}

pub(super) const POE_HEADER: Key = Key::new(
    "poe",
    Kind::Table(HEADER_KEYS),
    "{ header = true }",
    "whether it can be fed through the network cable",
);

const HEADER_KEYS: &[Key] = &[
    Key::new(
        "header",
        Kind::Boolean,
        "true",
        "whether it has the pins for a PoE hat",
    ),
    STANDARD,
    SOURCE,
];

const STANDARD: Key = Key::new(
    "standard",
    Kind::Choice(|| names(STANDARDS)),
    r#""802.3af""#,
    "by which PoE standard",
);
const SOURCE: Key = Key::new("source", Kind::Text, r#""the maker's page""#, "who says so");
const FITS: Key = Key::new(
    "fits",
    Kind::List(&Kind::Text),
    r#"["rpi4b"]"#,
    "the boards it fits, by id",
)
.required();
const CLASS: Key = Key::new(
    "class",
    Kind::Amount,
    "3",
    "its PoE class, 0 to 8, which is what the switch reserves for it",
);
const VOLTAGE: Key = Key::new(
    "voltage",
    Kind::Text,
    r#""5V""#,
    "at which voltage it feeds the board",
);
const CURRENT: Key = Key::new(
    "current",
    Kind::Text,
    r#""2.5A""#,
    "what it gives the board",
);
const POWER: Key = Key::new(
    "power",
    Kind::Text,
    r#""25W""#,
    "the same, where its maker states watts",
);

/// The keys of a hat.
pub(crate) const HAT: &[Key] = &[
    Key::new(
        "name",
        Kind::Text,
        r#""Raspberry Pi PoE HAT""#,
        "what its maker calls it",
    )
    .required(),
    FITS,
    STANDARD,
    CLASS,
    VOLTAGE,
    CURRENT,
    POWER,
    Key::new(
        "overlay",
        Kind::Text,
        r#""rpi-poe""#,
        "the device tree overlay that drives its fan",
    ),
    Key::new(
        "note",
        Kind::Text,
        r#""not for the Pi 5""#,
        "what to know about it",
    ),
    PRICES,
    SOURCE,
];

/// The keys of a carrier.
pub(crate) const CARRIER: &[Key] = &[
    Key::new(
        "name",
        Kind::Text,
        r#""Compute Module 4 IO Board""#,
        "what its maker calls it",
    )
    .required(),
    FITS,
    Key::new("slots", Kind::Count, "4", "how many modules it takes").or("1"),
    Key::new(
        "microsd",
        Kind::Choice(|| names(SLOTS)),
        r#""lite-only""#,
        "`lite-only` if its slot works only with modules without eMMC",
    ),
    Key::new(
        "nvme",
        Kind::Boolean,
        "true",
        "whether an NVMe SSD can be plugged in",
    ),
    Key::new(
        "nvme_behind_switch",
        Kind::Boolean,
        "true",
        "whether that is behind a PCI Express switch, where boot loaders do not look",
    )
    .or("false"),
    STANDARD,
    CLASS,
    VOLTAGE,
    CURRENT,
    POWER,
    Key::new(
        "measured",
        Kind::Table(MEASURED_KEYS),
        r#"{ board = "cm4", nodes = 4, hpl = "44.942Gflop/s", power = "24.5W" }"#,
        "a full one, measured",
    ),
    PRICES,
    SOURCE,
];

const MEASURED_KEYS: &[Key] = &[
    Key::new("board", Kind::Text, r#""cm4""#, "the modules in it").required(),
    Key::new("nodes", Kind::Count, "4", "how many").required(),
    Key::new(
        "hpl",
        Kind::Text,
        r#""44.942Gflop/s""#,
        "solving linear equations (HPL)",
    )
    .required(),
    Key::new("power", Kind::Text, r#""24.5W""#, "at the wall meanwhile").required(),
    SOURCE,
];

pub(super) fn header(board: &mut Section<'_>, base: Option<PoeHeader>) -> Option<PoeHeader> {
    let Some(mut section) = board.table("poe") else {
        return base;
    };
    let base = base.unwrap_or_default();
    let header = PoeHeader {
        header: section.boolean("header").or(base.header),
        standard: standard(&mut section, "standard").or(base.standard),
        source: section.source(base.source),
    };
    section.finish();
    Some(header)
}

/// Reads the hat called `id`: what is not written is as in `base`.
pub(crate) fn read_hat(id: &str, mut section: Section<'_>, base: Option<&Hat>) -> Option<Hat> {
    let base = base.cloned().unwrap_or_default();
    let name = section.name_or(base.name);
    let hat = Hat {
        id: id.to_owned(),
        name: name.clone().unwrap_or_default(),
        fits: fits(&mut section, base.fits),
        poe: feed(&mut section, base.poe),
        overlay: section.line("overlay").or(base.overlay),
        note: section.line("note").or(base.note),
        prices: read_prices(&mut section, Some(&base.prices)),
        source: section.line("source").or(base.source),
    };
    section.finish();
    name.map(|_| hat)
}

/// Reads the carrier called `id`: what is not written is as in `base`.
pub(crate) fn read_carrier(
    id: &str,
    mut section: Section<'_>,
    base: Option<&Carrier>,
) -> Option<Carrier> {
    let base = base.cloned().unwrap_or_default();
    let name = section.name_or(base.name);
    let poe = feed(&mut section, base.poe.unwrap_or_default());
    let carrier = Carrier {
        id: id.to_owned(),
        name: name.clone().unwrap_or_default(),
        fits: fits(&mut section, base.fits),
        slots: section.count("slots").unwrap_or(base.slots).max(1),
        microsd: section
            .choice("microsd", SLOTS)
            .map(str::to_owned)
            .or(base.microsd),
        nvme: section.boolean("nvme").or(base.nvme),
        nvme_behind_switch: section
            .boolean("nvme_behind_switch")
            .unwrap_or(base.nvme_behind_switch),
        poe: (poe.standard.is_some() || poe.class.is_some()).then_some(poe),
        measured: measured(&mut section).or(base.measured),
        prices: read_prices(&mut section, Some(&base.prices)),
        source: section.line("source").or(base.source),
    };
    section.finish();
    name.map(|_| carrier)
}

fn fits(section: &mut Section<'_>, base: Vec<String>) -> Vec<String> {
    if !base.is_empty() && !section.has("fits") {
        return base;
    }
    section.lines("fits").unwrap_or_default()
}

fn feed(section: &mut Section<'_>, base: PoeFeed) -> PoeFeed {
    PoeFeed {
        standard: standard(section, "standard").or(base.standard),
        class: class(section).or(base.class),
        voltage: section.quantity("voltage").or(base.voltage),
        current: section.quantity("current").or(base.current),
        power: section.quantity("power").or(base.power),
    }
}

/// Classes begin with 0, which no count does.
fn class(section: &mut Section<'_>) -> Option<u32> {
    let value = section.get("class")?;
    let class = value.amount()?;
    let class = (0..=8).find(|number| class.to_string() == format!("{number}.00"));
    class.or_else(|| value.out_of_range("a class from 0 to 8"))
}

fn measured(carrier: &mut Section<'_>) -> Option<MeasuredCluster> {
    let mut section = carrier.table("measured")?;
    let board = section.line("board");
    let nodes = section.count("nodes");
    let (hpl, power) = (section.quantity("hpl"), section.quantity("power"));
    let source = section.line("source");
    section.finish();
    Some(MeasuredCluster {
        board: board?,
        nodes: nodes?,
        hpl: hpl?,
        power: power?,
        source,
    })
}

impl PoeFeed {
    /// What it gives the board.
    pub fn gives(&self) -> Option<Power> {
        self.power.or_else(|| Some(self.voltage?.at(self.current?)))
    }
}
