//! A board and its own keys. Not in here: its groups of figures (`figures`).

use serde::Serialize;

use super::Medium;
use super::card::MEDIA;
use super::figures::{self, Ethernet, Heat, Intake, Load, Settings, WakeUp};
use super::poe::{self, PoeHeader};
use super::price::{PRICES, Price, read_prices};
use super::speed::{self, Speed};
use crate::reader::{Key, Kind, Section, Value, names};
use crate::unit::{BitRate, Capacity, Memory};

/// A single-board computer, a compute module, or another small computer.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Board {
    /// What the cluster file calls it: `rpi3bplus`.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// Other ids that people use for it.
    pub aliases: Vec<String>,
    /// What to say to those who use one.
    pub alias_note: Option<String>,
    /// Its chip.
    pub soc: Option<String>,
    /// Its processor, for people: `4 x Cortex-A76 at 2.4 GHz`.
    pub cpu: Option<String>,
    /// Processor cores.
    pub cores: Option<u32>,
    /// The memory sizes it is sold with, ascending; none if unknown.
    pub memory: Vec<Memory>,
    /// The sizes of soldered eMMC it is sold with, ascending.
    pub emmc: Vec<Capacity>,
    /// Whether it has to be plugged into a carrier.
    pub module: bool,
    /// What it boots from or keeps data on; none if unknown.
    pub media: Vec<Medium>,
    /// What of that cannot be used at the same time.
    pub exclusions: Vec<Exclusion>,
    /// Whether it can boot from the network.
    pub network_boot: Option<bool>,
    /// Whether it has a real-time clock.
    pub rtc: Option<bool>,
    /// Its Ethernet.
    pub ethernet: Option<Ethernet>,
    /// What its maker asks of a supply.
    pub intake: Option<Intake>,
    /// Whether and how it can be fed through the network cable.
    pub poe: Option<PoeHeader>,
    /// What it draws, measured.
    pub load: Option<Load>,
    /// What it draws, measured on the USB side of its supply.
    pub load_usb: Option<Load>,
    /// How hot it may get.
    pub heat: Option<Heat>,
    /// What starts it after a halt.
    pub wake: Option<WakeUp>,
    /// Lines of `config.txt` that it needs in some cases.
    pub settings: Option<Settings>,
    /// How fast it computes.
    pub speed: Option<Speed>,
    /// What it cost.
    pub prices: Vec<Price>,
    /// Who says what stands outside the groups above.
    pub source: Option<String>,
}

/// Media that cannot be used at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exclusion {
    /// The media, two or more.
    pub parts: Vec<Medium>,
    /// Why not.
    pub reason: String,
    /// Who says so.
    pub source: Option<String>,
}

const MEDIUM: Kind = Kind::Choice(|| names(MEDIA));

const EXCLUSION: &[Key] = &[
    Key::new(
        "parts",
        Kind::List(&MEDIUM),
        r#"["nvme", "usb3"]"#,
        "the media that exclude each other",
    )
    .required(),
    Key::new("reason", Kind::Text, r#""they share one bus""#, "why").required(),
    Key::new("source", Kind::Text, r#""the maker's page""#, "who says so"),
];

/// The keys of a board.
pub(crate) const BOARD: &[Key] = &[
    Key::new(
        "name",
        Kind::Text,
        r#""Raspberry Pi 4 Model B""#,
        "what its maker calls it",
    )
    .required(),
    Key::new(
        "aliases",
        Kind::List(&Kind::Text),
        r#"["pi4"]"#,
        "other ids for it",
    ),
    Key::new(
        "alias_note",
        Kind::Text,
        r#""there is no such model""#,
        "what to say to those who use one",
    ),
    Key::new("soc", Kind::Text, r#""BCM2711""#, "its chip"),
    Key::new(
        "cpu",
        Kind::Text,
        r#""4 x Cortex-A72 at 1.5 GHz""#,
        "its processor, for people",
    ),
    Key::new("cores", Kind::Count, "4", "processor cores"),
    Key::new(
        "ram",
        Kind::List(&Kind::Text),
        r#"["2GB", "4GB"]"#,
        "the memory sizes it is sold with",
    ),
    Key::new(
        "emmc",
        Kind::List(&Kind::Text),
        r#"["16GB"]"#,
        "the sizes of soldered eMMC it is sold with",
    ),
    Key::new(
        "module",
        Kind::Boolean,
        "true",
        "whether it has to be plugged into a carrier",
    )
    .or("false"),
    Key::new(
        "storage",
        Kind::List(&MEDIUM),
        r#"["microsd", "usb"]"#,
        "what it boots from or keeps data on",
    ),
    Key::new(
        "exclusive",
        Kind::List(&Kind::Table(EXCLUSION)),
        r#"[{ parts = ["nvme", "usb3"], reason = "one bus" }]"#,
        "media that cannot be used at the same time",
    ),
    Key::new(
        "network_boot",
        Kind::Boolean,
        "true",
        "whether it can boot from the network",
    ),
    Key::new(
        "rtc",
        Kind::Boolean,
        "false",
        "whether it has a real-time clock",
    ),
    figures::ETHERNET,
    figures::INTAKE,
    poe::POE_HEADER,
    figures::LOAD,
    figures::LOAD_USB,
    figures::HEAT,
    figures::WAKE,
    figures::SETTINGS,
    speed::SPEED,
    PRICES,
    Key::new(
        "source",
        Kind::Text,
        r#""the maker's page""#,
        "who says what stands outside the tables",
    ),
];

/// Reads the board called `id`: what is not written is as in `base`. The same
/// for the catalogue that comes with bramble and for the user's own entries.
pub(crate) fn read_board(
    id: &str,
    mut section: Section<'_>,
    base: Option<&Board>,
) -> Option<Board> {
    let base = base.cloned().unwrap_or_default();
    let name = section.name_or(base.name);
    let board = Board {
        id: id.to_owned(),
        name: name.clone().unwrap_or_default(),
        aliases: section.lines("aliases").unwrap_or(base.aliases),
        alias_note: section.line("alias_note").or(base.alias_note),
        soc: section.line("soc").or(base.soc),
        cpu: section.line("cpu").or(base.cpu),
        cores: cores(&mut section).or(base.cores),
        memory: sizes(&mut section, "ram").unwrap_or(base.memory),
        emmc: sizes(&mut section, "emmc").unwrap_or(base.emmc),
        module: section.boolean("module").unwrap_or(base.module),
        media: section.get("storage").map_or(base.media, media),
        exclusions: section.get("exclusive").map_or(base.exclusions, exclusions),
        network_boot: section.boolean("network_boot").or(base.network_boot),
        rtc: section.boolean("rtc").or(base.rtc),
        ethernet: figures::ethernet(&mut section, base.ethernet),
        intake: figures::intake(&mut section, base.intake),
        poe: poe::header(&mut section, base.poe),
        load: figures::load(&mut section, "load", base.load),
        load_usb: figures::load(&mut section, "load_usb", base.load_usb),
        heat: figures::heat(&mut section, base.heat),
        wake: figures::wake(&mut section, base.wake),
        settings: figures::settings(&mut section, base.settings),
        speed: speed::speed(&mut section, base.speed),
        prices: read_prices(&mut section, Some(&base.prices)),
        source: section.line("source").or(base.source),
    };
    section.finish();
    name.map(|_| board)
}

/// No machine has more cores than this; sums over all nodes can be held.
fn cores(section: &mut Section<'_>) -> Option<u32> {
    section.get("cores")?.count_to(4096)
}

/// Quantities under `key`, ascending; at least one.
fn sizes<T>(section: &mut Section<'_>, key: &'static str) -> Option<Vec<T>>
where
    T: std::str::FromStr<Err = crate::unit::UnitError> + Ord,
{
    let value = section.get(key)?;
    let items = value.list()?;
    if items.is_empty() {
        return value.out_of_range("a list of at least one size");
    }
    let size = |item: Value<'_>| item.text()?.quantity::<T>();
    let mut sizes: Vec<_> = items.into_iter().filter_map(size).collect();
    sizes.sort_unstable();
    sizes.dedup();
    Some(sizes)
}

fn media(value: Value<'_>) -> Vec<Medium> {
    let items = value.list().unwrap_or_default();
    items
        .into_iter()
        .filter_map(|item| item.text()?.choice(MEDIA))
        .collect()
}

fn exclusions(value: Value<'_>) -> Vec<Exclusion> {
    let items = value.list().unwrap_or_default();
    items.into_iter().filter_map(exclusion).collect()
}

fn exclusion(value: Value<'_>) -> Option<Exclusion> {
    let mut section = value.section("an entry of `exclusive`")?;
    let parts = section.get("parts").map(media);
    let reason = section.line("reason");
    let source = section.line("source");
    section.finish();
    Some(Exclusion {
        parts: parts?,
        reason: reason?,
        source,
    })
}

impl Board {
    /// What its Ethernet carries: as measured, else as its maker limits it, else
    /// as the port is rated. Absent if it has none, or if nobody knows.
    pub fn ethernet_speed(&self) -> Option<BitRate> {
        let ethernet = self.ethernet.as_ref()?;
        ethernet.measured.or(ethernet.limit).or(ethernet.rated)
    }
}
