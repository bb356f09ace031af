//! What is not hardware, and known once: PoE standards, wires, hardware addresses, price
//! changes, the TOP500 lists. Not in here: things to buy.

use serde::Serialize;

use super::registry;
use crate::identity::MacAddress;
use crate::money::{Amount, Currency};
use crate::reader::{self, Key, Kind, Report, Section, Value};
use crate::unit::{FlopRate, Memory, Power, Resistance};

/// Everything of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reference {
    /// PoE standards, by rising power.
    pub standards: Vec<PoeStandard>,
    /// PoE classes.
    pub classes: Vec<PoeClass>,
    /// Wires by their gauge.
    pub gauges: Vec<WireGauge>,
    /// What the hardware addresses of makers' boards begin with.
    pub prefixes: Vec<MacPrefix>,
    /// List prices that moved.
    pub price_changes: Vec<PriceChange>,
    /// The fastest computers, from the first list to the last known.
    pub top500: Vec<Top500List>,
}

/// A standard of power over Ethernet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PoeStandard {
    /// `802.3af`.
    pub id: String,
    /// What a port of the switch gives.
    pub switch: Power,
    /// What is left of it at the device.
    pub device: Power,
}

/// A class of powered devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PoeClass {
    /// 0 to 8.
    pub class: u32,
    /// The least standard that has it.
    pub standard: String,
    /// What the switch reserves.
    pub switch: Power,
    /// What is left of it at the device.
    pub device: Power,
}

/// A thickness of wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WireGauge {
    /// American wire gauge.
    pub awg: u32,
    /// Of copper, at room temperature.
    pub resistance: Resistance,
}

/// What the hardware addresses of a maker's boards begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MacPrefix {
    /// Hexadecimal digits in lower case, in pairs: `70:b3:d5:86:3`.
    pub begins: String,
    /// Whose they are.
    pub maker: String,
}

/// A change of list prices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PriceChange {
    /// Year and month, or day.
    pub date: String,
    /// The boards it applies to, by id.
    pub boards: Vec<String>,
    /// How much dearer, by memory size.
    pub add: Vec<(Memory, Amount)>,
    /// How much dearer at the least and most, where sizes are not told.
    pub range: Option<(Amount, Amount)>,
    /// In which currency.
    pub currency: Option<Currency>,
    /// Who says so.
    pub source: Option<String>,
}

/// One list of the fastest computers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Top500List {
    /// Year and month: `1993-06`.
    pub date: String,
    /// The fastest, by HPL.
    pub first: FlopRate,
    /// What it was called.
    pub first_name: Option<String>,
    /// The last of the five hundred.
    pub last: FlopRate,
    /// Places in between that are known.
    pub ranks: Vec<Top500Rank>,
}

/// A place on a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Top500Rank {
    /// 1 is the fastest.
    pub rank: u32,
    /// Its speed by HPL.
    pub rmax: FlopRate,
}

const SOURCE: Key = Key::new("source", Kind::Text, r#""the standard""#, "who says so");
const ROOT: &[Key] = &[
    Key::new(
        "standard",
        Kind::List(&Kind::Table(STANDARD)),
        "[]",
        "standards of power over Ethernet",
    ),
    Key::new(
        "class",
        Kind::List(&Kind::Table(CLASS)),
        "[]",
        "classes of powered devices",
    ),
    Key::new("gauge", Kind::List(&Kind::Table(GAUGE)), "[]", "wires"),
    Key::new(
        "prefix",
        Kind::List(&Kind::Table(PREFIX)),
        "[]",
        "what hardware addresses begin with",
    ),
    Key::new(
        "change",
        Kind::List(&Kind::Table(CHANGE)),
        "[]",
        "changes of list prices",
    ),
    Key::new(
        "list",
        Kind::List(&Kind::Table(LIST)),
        "[]",
        "lists of the fastest computers",
    ),
    SOURCE,
];
const STANDARD: &[Key] = &[
    Key::new("id", Kind::Text, r#""802.3af""#, "its name").required(),
    Key::new("type", Kind::Count, "1", "its type"),
    Key::new("switch", Kind::Text, r#""15.4W""#, "what a port gives").required(),
    Key::new(
        "device",
        Kind::Text,
        r#""12.95W""#,
        "what is left at the device",
    )
    .required(),
    SOURCE,
];
const CLASS: &[Key] = &[
    Key::new("class", Kind::Amount, "3", "0 to 8").required(),
    Key::new(
        "standard",
        Kind::Text,
        r#""802.3af""#,
        "the least standard that has it",
    )
    .required(),
    Key::new(
        "switch",
        Kind::Text,
        r#""15.4W""#,
        "what the switch reserves",
    )
    .required(),
    Key::new(
        "device",
        Kind::Text,
        r#""12.95W""#,
        "what is left at the device",
    )
    .required(),
    Key::new(
        "note",
        Kind::Text,
        r#""one maker prints another""#,
        "what to know about it",
    ),
    SOURCE,
];
const GAUGE: &[Key] = &[
    Key::new("awg", Kind::Count, "22", "American wire gauge").required(),
    Key::new("resistance", Kind::Text, r#""52.96mohm/m""#, "of copper").required(),
    SOURCE,
];
const PREFIX: &[Key] = &[
    Key::new(
        "begins",
        Kind::Text,
        r#""dc:a6:32""#,
        "the first digits, in lower case",
    )
    .required(),
    Key::new("maker", Kind::Text, r#""Raspberry Pi""#, "whose they are").required(),
    SOURCE,
];
const CHANGE: &[Key] = &[
    Key::new("date", Kind::Text, r#""2026-02""#, "when").required(),
    Key::new(
        "boards",
        Kind::List(&Kind::Text),
        r#"["rpi5"]"#,
        "which boards, by id",
    )
    .required(),
    Key::new(
        "add",
        Kind::List(&Kind::Table(ADD)),
        "[]",
        "how much dearer, by memory size",
    ),
    Key::new("least", Kind::Amount, "5", "how much dearer at the least"),
    Key::new("most", Kind::Amount, "25", "how much dearer at the most"),
    Key::new("currency", Kind::Text, r#""USD""#, "in which currency").required(),
    Key::new(
        "unchanged",
        Kind::Text,
        r#""others""#,
        "what did not change",
    ),
    SOURCE,
];
const ADD: &[Key] = &[
    Key::new("ram", Kind::Text, r#""4GB""#, "which size").required(),
    Key::new("amount", Kind::Amount, "15", "how much dearer").required(),
];
const LIST: &[Key] = &[
    Key::new("date", Kind::Text, r#""1993-06""#, "year and month").required(),
    Key::new("first", Kind::Text, r#""59.7Gflop/s""#, "the fastest").required(),
    Key::new(
        "first_name",
        Kind::Text,
        r#""CM-5/1024""#,
        "what it was called",
    ),
    Key::new(
        "last",
        Kind::Text,
        r#""0.422Gflop/s""#,
        "the five hundredth",
    )
    .required(),
    Key::new(
        "rank",
        Kind::List(&Kind::Table(RANK)),
        "[]",
        "places in between",
    ),
    SOURCE,
];
const RANK: &[Key] = &[
    Key::new("rank", Kind::Count, "100", "the place").required(),
    Key::new("rmax", Kind::Text, r#""2Gflop/s""#, "its speed").required(),
];

impl Reference {
    /// What comes with bramble.
    pub fn builtin() -> Self {
        let reports = registry::REFERENCE.map(|(_, text)| Report::new(text));
        let mut all = Self::default();
        for report in &reports {
            all.read(report);
        }
        all
    }

    /// The standard called `id`.
    pub fn standard(&self, id: &str) -> Option<&PoeStandard> {
        self.standards.iter().find(|standard| standard.id == id)
    }

    /// The class numbered `class`.
    pub fn class(&self, class: u32) -> Option<&PoeClass> {
        self.classes.iter().find(|known| known.class == class)
    }

    /// The resistance of a wire of gauge `awg`.
    pub fn resistance(&self, awg: u32) -> Option<Resistance> {
        let gauge = self.gauges.iter().find(|gauge| gauge.awg == awg)?;
        Some(gauge.resistance)
    }

    /// Whose board has the hardware address `mac`, if that can be told.
    pub fn maker(&self, mac: MacAddress) -> Option<&str> {
        let mac = mac.to_string();
        let known = self.prefixes.iter();
        let known = known.filter(|prefix| mac.starts_with(&prefix.begins));
        let longest = known.max_by_key(|prefix| prefix.begins.len())?;
        Some(&longest.maker)
    }

    fn read(&mut self, report: &Report<'_>) {
        let tree = reader::parse(report);
        let title = "the reference".to_owned();
        let mut root = Section::new(title, tree.span(), ROOT, tree.get_ref(), report);
        self.standards
            .extend(items(&mut root, "standard", standard));
        self.classes.extend(items(&mut root, "class", class));
        self.gauges.extend(items(&mut root, "gauge", gauge));
        self.prefixes.extend(items(&mut root, "prefix", prefix));
        self.price_changes
            .extend(items(&mut root, "change", change));
        self.top500.extend(items(&mut root, "list", list));
        drop(root.line("source"));
        root.finish();
    }
}

fn items<T>(
    section: &mut Section<'_>,
    key: &'static str,
    read: fn(&mut Section<'_>) -> Option<T>,
) -> Vec<T> {
    let items = section.get(key).and_then(Value::list).unwrap_or_default();
    let item = |value: Value<'_>| {
        let mut section = value.section(format!("`[[{key}]]`"))?;
        let item = read(&mut section);
        section.finish();
        item
    };
    items.into_iter().filter_map(item).collect()
}

fn standard(section: &mut Section<'_>) -> Option<PoeStandard> {
    Some(PoeStandard {
        id: section.line("id")?,
        switch: section.quantity("switch")?,
        device: section.quantity("device")?,
    })
}

fn class(section: &mut Section<'_>) -> Option<PoeClass> {
    let class = section.get("class")?.amount()?.to_string();
    Some(PoeClass {
        class: class.strip_suffix(".00")?.parse().ok()?,
        standard: section.line("standard")?,
        switch: section.quantity("switch")?,
        device: section.quantity("device")?,
    })
}

fn gauge(section: &mut Section<'_>) -> Option<WireGauge> {
    Some(WireGauge {
        awg: section.count("awg")?,
        resistance: section.quantity("resistance")?,
    })
}

fn prefix(section: &mut Section<'_>) -> Option<MacPrefix> {
    Some(MacPrefix {
        begins: section.line("begins")?,
        maker: section.line("maker")?,
    })
}

fn change(section: &mut Section<'_>) -> Option<PriceChange> {
    let amount = |section: &mut Section<'_>, key| section.get(key).and_then(Value::amount);
    let range = (amount(section, "least"), amount(section, "most"));
    Some(PriceChange {
        date: section.line("date")?,
        boards: section.lines("boards")?,
        add: items(section, "add", |entry| {
            Some((entry.quantity("ram")?, entry.get("amount")?.amount()?))
        }),
        range: range.0.zip(range.1),
        currency: section.get("currency")?.text()?.currency(),
        source: section.line("source"),
    })
}

fn list(section: &mut Section<'_>) -> Option<Top500List> {
    Some(Top500List {
        date: section.line("date")?,
        first: section.quantity("first")?,
        first_name: section.line("first_name"),
        last: section.quantity("last")?,
        ranks: items(section, "rank", |entry| {
            Some(Top500Rank {
                rank: entry.count("rank")?,
                rmax: entry.quantity("rmax")?,
            })
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_reads_without_a_word() {
        for (name, text) in registry::REFERENCE {
            let report = Report::new(text);
            Reference::default().read(&report);
            assert_eq!(report.into_diagnostics(), [], "{name}");
        }
    }

    #[test]
    fn boards_are_told_by_what_their_addresses_begin_with() {
        let all = Reference::builtin();
        let maker = |mac: &str| all.maker(mac.parse().unwrap()).map(str::to_owned);
        assert_eq!(maker("dc:a6:32:01:02:03").as_deref(), Some("Raspberry Pi"));
        assert_eq!(maker("C8:63:14:7A:02:03").as_deref(), Some("Khadas"));
        assert_eq!(maker("70:b3:d5:86:30:01").as_deref(), Some("Khadas"));
        assert_eq!(maker("70:b3:d5:86:40:01"), None);
        for MacPrefix { begins, .. } in &all.prefixes {
            let digits = begins.split(':').all(|pair| {
                pair.bytes()
                    .all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit))
            });
            assert!(digits && begins.len() >= 8, "{begins}");
        }
    }

    #[test]
    fn standards_classes_wires_and_lists_are_there() {
        let all = Reference::builtin();
        let watts = |power: Power| power.to_string();
        assert_eq!(
            all.standard("802.3af")
                .map(|one| watts(one.device))
                .as_deref(),
            Some("12.95 W")
        );
        assert_eq!(
            all.class(4).map(|one| watts(one.switch)).as_deref(),
            Some("30 W")
        );
        assert_eq!(all.classes.len(), 9);
        let copper = all.resistance(22).map(|one| one.to_string());
        assert_eq!(copper.as_deref(), Some("52.96 mohm/m"));
        assert!(all.top500.len() > 50 && all.top500.is_sorted_by_key(|list| list.date.clone()));
    }
}
