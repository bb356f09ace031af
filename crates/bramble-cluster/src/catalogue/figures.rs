//! Groups of figures of a board, each with its own source. Not in here: what the
//! board is (`board`).

use serde::Serialize;

use super::power::{CONNECTOR, Connector, connector};
use crate::reader::{Key, Kind, Section, names};
use crate::unit::{BitRate, Current, Power, Voltage};

/// A board's Ethernet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Ethernet {
    /// Whether it has a port at all; unknown if absent and nothing else is told.
    pub port: Option<bool>,
    /// What the port is rated for.
    pub rated: Option<BitRate>,
    /// The most its maker promises, where that is less.
    pub limit: Option<BitRate>,
    /// What was measured through it.
    pub measured: Option<BitRate>,
    /// Why that is far less.
    pub reason: Option<String>,
    /// Who says so.
    pub source: Option<String>,
}

/// What a board's maker asks of a supply.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Intake {
    /// Where it is plugged in.
    pub connector: Option<Connector>,
    /// At which voltage.
    pub voltage: Option<Voltage>,
    /// What the supply should be able to give.
    pub current: Option<Current>,
    /// The same, where the maker states watts.
    pub power: Option<Power>,
    /// What it boots from at the least.
    pub least: Option<Power>,
    /// The most that devices on its USB ports may draw.
    pub peripherals: Option<Current>,
    /// What the bare board draws at typical work, by its maker.
    pub typical: Option<Current>,
    /// Below which it reports too little voltage.
    pub detector: Option<Voltage>,
    /// Whether it takes its full current from USB Power Delivery only.
    pub pd: bool,
    /// Who says so.
    pub source: Option<String>,
}

/// What a board draws.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Load {
    /// When it has nothing to do.
    pub idle: Option<Power>,
    /// With all cores busy.
    pub stress: Option<Power>,
    /// While it solves linear equations (HPL), the most there is.
    pub hpl: Option<Power>,
    /// Where it was measured.
    pub at: Option<MeasuredAt>,
    /// The board with the same chip whose figures stand in.
    pub proxy: Option<String>,
    /// Who says so.
    pub source: Option<String>,
}

/// Where power was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MeasuredAt {
    /// Before the supply.
    Wall,
    /// After the supply.
    Usb,
    /// A figure of the maker's.
    Maker,
}

/// How hot a board may get.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Heat {
    /// At which it slows down, in degrees Celsius.
    pub throttles: Option<u32>,
    /// At which it slows down a little, in degrees Celsius.
    pub soft_limit: Option<u32>,
    /// What is known about its fan.
    pub fan: Option<String>,
    /// Who says so.
    pub source: Option<String>,
}

/// What starts a board again after it was halted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct WakeUp {
    /// Pulling GPIO3 (header pin 5) to ground.
    pub gpio3: Option<bool>,
    /// A power button of its own.
    pub power_button: Option<bool>,
    /// A packet on the network.
    pub lan: Option<bool>,
    /// Who says so.
    pub source: Option<String>,
}

/// Lines of `config.txt` that a board needs in some cases, which not all do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Settings {
    /// What gives its USB ports their full current from a supply that is strong
    /// enough and does not say so by USB Power Delivery.
    pub usb_current: Option<String>,
    /// What turns on the connector that an NVMe SSD is on.
    pub nvme: Option<String>,
    /// Who says so.
    pub source: Option<String>,
}

pub(super) const SOURCE: Key =
    Key::new("source", Kind::Text, r#""the maker's page""#, "who says so");

pub(super) const ETHERNET: Key = Key::new(
    "ethernet",
    Kind::Table(ETHERNET_KEYS),
    r#"{ rated = "1Gb/s" }"#,
    "its Ethernet",
);

const ETHERNET_KEYS: &[Key] = &[
    Key::new(
        "port",
        Kind::Boolean,
        "false",
        "whether it has a port at all",
    ),
    Key::new(
        "rated",
        Kind::Text,
        r#""1Gb/s""#,
        "what the port is rated for",
    ),
    Key::new(
        "limit",
        Kind::Text,
        r#""300Mb/s""#,
        "the most its maker promises, where that is less",
    ),
    Key::new(
        "measured",
        Kind::Text,
        r#""940Mb/s""#,
        "what was measured through it",
    ),
    Key::new(
        "reason",
        Kind::Text,
        r#""behind USB 2.0""#,
        "why that is far less",
    ),
    SOURCE,
];

pub(super) const INTAKE: Key = Key::new(
    "intake",
    Kind::Table(INTAKE_KEYS),
    r#"{ voltage = "5.1V", current = "3A" }"#,
    "what its maker asks of a supply",
);

const INTAKE_KEYS: &[Key] = &[
    CONNECTOR,
    Key::new("voltage", Kind::Text, r#""5.1V""#, "at which voltage"),
    Key::new(
        "current",
        Kind::Text,
        r#""3A""#,
        "what the supply should be able to give",
    ),
    Key::new(
        "power",
        Kind::Text,
        r#""24W""#,
        "the same, where the maker states watts",
    ),
    Key::new(
        "least",
        Kind::Text,
        r#""10W""#,
        "what it boots from at the least",
    ),
    Key::new(
        "peripherals",
        Kind::Text,
        r#""1.2A""#,
        "the most that devices on its USB ports may draw",
    ),
    Key::new(
        "typical",
        Kind::Text,
        r#""600mA""#,
        "what the bare board draws at typical work, by its maker",
    ),
    Key::new(
        "detector",
        Kind::Text,
        r#""4.63V""#,
        "below which it reports too little voltage",
    ),
    Key::new(
        "pd",
        Kind::Boolean,
        "true",
        "whether it takes its full current from USB Power Delivery only",
    )
    .or("false"),
    SOURCE,
];

pub(super) const LOAD: Key = Key::new(
    "load",
    Kind::Table(LOAD_KEYS),
    r#"{ idle = "1.6W", stress = "5W" }"#,
    "what it draws, measured",
);
pub(super) const LOAD_USB: Key = Key::new(
    "load_usb",
    Kind::Table(LOAD_KEYS),
    r#"{ idle = "2.7W", stress = "6.4W" }"#,
    "the same, measured on the USB side of its supply",
);

const LOAD_KEYS: &[Key] = &[
    Key::new("idle", Kind::Text, r#""1.6W""#, "when it has nothing to do"),
    Key::new("stress", Kind::Text, r#""5W""#, "with all cores busy"),
    Key::new(
        "hpl",
        Kind::Text,
        r#""7.2W""#,
        "while it solves linear equations (HPL)",
    ),
    Key::new(
        "at",
        Kind::Choice(|| names(MEASURED)),
        r#""wall""#,
        "where it was measured",
    ),
    Key::new(
        "proxy",
        Kind::Text,
        r#""bpi-cm4""#,
        "the board with the same chip whose figures stand in",
    ),
    SOURCE,
];

const MEASURED: &[(&str, MeasuredAt)] = &[
    ("wall", MeasuredAt::Wall),
    ("usb", MeasuredAt::Usb),
    ("maker", MeasuredAt::Maker),
];

pub(super) const HEAT: Key = Key::new(
    "heat",
    Kind::Table(HEAT_KEYS),
    "{ throttles = 80 }",
    "how hot it may get",
);

const HEAT_KEYS: &[Key] = &[
    Key::new(
        "throttles",
        Kind::Count,
        "80",
        "at which it slows down, in degrees Celsius",
    ),
    Key::new(
        "soft_limit",
        Kind::Count,
        "60",
        "at which it slows down a little, in degrees Celsius",
    ),
    Key::new(
        "fan",
        Kind::Text,
        r#""runs from 50 degrees""#,
        "what is known about its fan",
    ),
    SOURCE,
];

pub(super) const WAKE: Key = Key::new(
    "wake",
    Kind::Table(WAKE_KEYS),
    "{ gpio3 = true, lan = false }",
    "what starts it again after it was halted",
);

const WAKE_KEYS: &[Key] = &[
    Key::new(
        "gpio3",
        Kind::Boolean,
        "true",
        "pulling GPIO3, header pin 5, to ground",
    ),
    Key::new(
        "power_button",
        Kind::Boolean,
        "true",
        "a power button of its own",
    ),
    Key::new(
        "lan",
        Kind::Boolean,
        "false",
        "a packet on the network (Wake-on-LAN)",
    ),
    SOURCE,
];

pub(super) const SETTINGS: Key = Key::new(
    "settings",
    Kind::Table(SETTINGS_KEYS),
    r#"{ nvme = "dtparam=pciex1" }"#,
    "lines of `config.txt` that it needs in some cases",
);

const SETTINGS_KEYS: &[Key] = &[
    Key::new(
        "usb_current",
        Kind::Text,
        r#""usb_max_current_enable=1""#,
        "what gives its USB ports their full current from a supply that is strong enough and does not say so by USB Power Delivery",
    ),
    Key::new(
        "nvme",
        Kind::Text,
        r#""dtparam=pciex1""#,
        "what turns on the connector that an NVMe SSD is on",
    ),
    SOURCE,
];

pub(super) fn ethernet(board: &mut Section<'_>, base: Option<Ethernet>) -> Option<Ethernet> {
    let Some(mut section) = board.table("ethernet") else {
        return base;
    };
    let base = base.unwrap_or_default();
    let ethernet = Ethernet {
        port: section.boolean("port").or(base.port),
        rated: section.quantity("rated").or(base.rated),
        limit: section.quantity("limit").or(base.limit),
        measured: section.quantity("measured").or(base.measured),
        reason: section.line("reason").or(base.reason),
        source: section.source(base.source),
    };
    section.finish();
    Some(ethernet)
}

pub(super) fn intake(board: &mut Section<'_>, base: Option<Intake>) -> Option<Intake> {
    let Some(mut section) = board.table("intake") else {
        return base;
    };
    let base = base.unwrap_or_default();
    let intake = Intake {
        connector: connector(&mut section).or(base.connector),
        voltage: section.quantity("voltage").or(base.voltage),
        current: section.quantity("current").or(base.current),
        power: section.quantity("power").or(base.power),
        least: section.quantity("least").or(base.least),
        peripherals: section.quantity("peripherals").or(base.peripherals),
        typical: section.quantity("typical").or(base.typical),
        detector: section.quantity("detector").or(base.detector),
        pd: section.boolean("pd").unwrap_or(base.pd),
        source: section.source(base.source),
    };
    section.finish();
    Some(intake)
}

pub(super) fn load(board: &mut Section<'_>, key: &'static str, base: Option<Load>) -> Option<Load> {
    let Some(mut section) = board.table(key) else {
        return base;
    };
    let base = base.unwrap_or_default();
    let load = Load {
        idle: section.quantity("idle").or(base.idle),
        stress: section.quantity("stress").or(base.stress),
        hpl: section.quantity("hpl").or(base.hpl),
        at: section.choice("at", MEASURED).or(base.at),
        proxy: section.line("proxy").or(base.proxy),
        source: section.source(base.source),
    };
    section.finish();
    Some(load)
}

pub(super) fn heat(board: &mut Section<'_>, base: Option<Heat>) -> Option<Heat> {
    let Some(mut section) = board.table("heat") else {
        return base;
    };
    let base = base.unwrap_or_default();
    let heat = Heat {
        throttles: section.count("throttles").or(base.throttles),
        soft_limit: section.count("soft_limit").or(base.soft_limit),
        fan: section.line("fan").or(base.fan),
        source: section.source(base.source),
    };
    section.finish();
    Some(heat)
}

pub(super) fn wake(board: &mut Section<'_>, base: Option<WakeUp>) -> Option<WakeUp> {
    let Some(mut section) = board.table("wake") else {
        return base;
    };
    let base = base.unwrap_or_default();
    let wake = WakeUp {
        gpio3: section.boolean("gpio3").or(base.gpio3),
        power_button: section.boolean("power_button").or(base.power_button),
        lan: section.boolean("lan").or(base.lan),
        source: section.source(base.source),
    };
    section.finish();
    Some(wake)
}

pub(super) fn settings(board: &mut Section<'_>, base: Option<Settings>) -> Option<Settings> {
    let Some(mut section) = board.table("settings") else {
        return base;
    };
    let base = base.unwrap_or_default();
    let settings = Settings {
        usb_current: section.line("usb_current").or(base.usb_current),
        nvme: section.line("nvme").or(base.nvme),
        source: section.source(base.source),
    };
    section.finish();
    Some(settings)
}

impl Intake {
    /// What the supply should be able to give.
    pub fn asked(&self) -> Option<Power> {
        self.power.or_else(|| Some(self.voltage?.at(self.current?)))
    }
}

impl Load {
    /// The most that was measured.
    pub fn most(&self) -> Option<Power> {
        self.hpl.max(self.stress)
    }
}
