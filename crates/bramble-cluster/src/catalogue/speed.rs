//! How fast a board computes. Not in here: what that amounts to in a cluster
//! (`bramble-plan`).

use serde::Serialize;

use super::figures::SOURCE;
use crate::reader::{Key, Kind, Section, Value};
use crate::unit::{FlopRate, Memory, Power};

/// How fast a board computes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Speed {
    /// Solving linear equations (HPL), in 64-bit operations.
    pub hpl: Option<FlopRate>,
    /// The same for variants that were measured apart.
    pub by_memory: Vec<SpeedByMemory>,
    /// 7-Zip with all cores, in MIPS.
    pub sevenzip: Option<u32>,
    /// What to know about these figures.
    pub note: Option<String>,
    /// Who says so.
    pub source: Option<String>,
}

/// The speed of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpeedByMemory {
    /// Which.
    pub memory: Memory,
    /// Solving linear equations (HPL).
    pub hpl: FlopRate,
    /// What it draws meanwhile.
    pub power: Option<Power>,
}

pub(super) const SPEED: Key = Key::new(
    "speed",
    Kind::Table(SPEED_KEYS),
    r#"{ hpl = "11.889Gflop/s" }"#,
    "how fast it computes",
);

const SPEED_KEYS: &[Key] = &[
    Key::new(
        "hpl",
        Kind::Text,
        r#""11.889Gflop/s""#,
        "solving linear equations (HPL)",
    ),
    Key::new(
        "by_ram",
        Kind::List(&Kind::Table(BY_MEMORY_KEYS)),
        r#"[{ ram = "16GB", hpl = "37.888Gflop/s" }]"#,
        "variants that were measured apart",
    ),
    Key::new(
        "sevenzip",
        Kind::Count,
        "5790",
        "7-Zip with all cores, in MIPS",
    ),
    Key::new(
        "note",
        Kind::Text,
        r#""run in a container""#,
        "what to know about these figures",
    ),
    SOURCE,
];

const BY_MEMORY_KEYS: &[Key] = &[
    Key::new("ram", Kind::Text, r#""16GB""#, "which variant").required(),
    Key::new(
        "hpl",
        Kind::Text,
        r#""37.888Gflop/s""#,
        "solving linear equations (HPL)",
    )
    .required(),
    Key::new("power", Kind::Text, r#""13.8W""#, "what it draws meanwhile"),
];

pub(super) fn speed(board: &mut Section<'_>, base: Option<Speed>) -> Option<Speed> {
    let Some(mut section) = board.table("speed") else {
        return base;
    };
    let base = base.unwrap_or_default();
    let variants = section.get("by_ram").and_then(Value::list);
    let speed = Speed {
        hpl: section.quantity("hpl").or(base.hpl),
        by_memory: variants.map_or(base.by_memory, |items| {
            items.into_iter().filter_map(variant).collect()
        }),
        sevenzip: section.count("sevenzip").or(base.sevenzip),
        note: section.line("note").or(base.note),
        source: section.source(base.source),
    };
    section.finish();
    Some(speed)
}

fn variant(value: Value<'_>) -> Option<SpeedByMemory> {
    let mut section = value.section("an entry of `by_ram`")?;
    let (memory, hpl) = (section.quantity("ram"), section.quantity("hpl"));
    let power = section.quantity("power");
    section.finish();
    Some(SpeedByMemory {
        memory: memory?,
        hpl: hpl?,
        power,
    })
}

impl Speed {
    /// The speed of the variant with `memory`, else of the board at large.
    pub fn hpl(&self, memory: Memory) -> Option<FlopRate> {
        let variant = self
            .by_memory
            .iter()
            .find(|variant| variant.memory == memory);
        variant.map(|variant| variant.hpl).or(self.hpl)
    }

    /// What the variant with `memory` draws meanwhile, if it was measured apart.
    pub fn power(&self, memory: Memory) -> Option<Power> {
        let variant = self.by_memory.iter().find(|one| one.memory == memory);
        variant?.power
    }
}
