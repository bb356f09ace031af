//! Quantities with their units. Not in here: money (`money`).

mod measured;

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

pub use measured::{Current, FlopRate, Length, Power, Resistance, Voltage};

/// Why a text is no quantity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// No number at the front.
    #[error("expected a number and a unit, such as `{example}`")]
    NoNumber {
        /// A well-formed quantity of this kind.
        example: &'static str,
    },
    /// A number with no unit, or one of another kind.
    #[error("`{found}` is no unit of {kind}: write one of {known}")]
    Unit {
        /// The unit as written; empty when there was none.
        found: String,
        /// What is being measured.
        kind: &'static str,
        /// The units that would do.
        known: String,
    },
    /// Not a whole number of the smallest unit, or too large to hold.
    #[error("{0} is outside what can be represented")]
    Range(String),
    /// Nothing in a cluster has so much or so little of it.
    #[error("{kind} is from {range}")]
    Implausible {
        /// What is being measured.
        kind: &'static str,
        /// What it can be, such as `1 mW to 1 MW`.
        range: &'static str,
    },
}

/// How a quantity is written, and what it can be.
#[derive(Debug)]
pub(crate) struct Measure {
    pub(crate) kind: &'static str,
    /// A well-formed quantity.
    pub(crate) example: &'static str,
    /// The units with how many of the smallest each is.
    pub(crate) units: &'static [(&'static str, u64)],
    /// The least and the most, in the smallest unit. The most is such that sums
    /// over all nodes that a file may have can be held.
    pub(crate) least: u64,
    pub(crate) most: u64,
    /// The same in words.
    pub(crate) range: &'static str,
}

/// Working memory, in MiB.
///
/// Boards are sold by powers of two under decimal names (a "4GB" board has
/// 4,096 MiB), so `GB` and `GiB` mean the same here; on a card they do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Memory(u32);

/// Speed of a link, in bits a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct BitRate(u64);

/// Room on a card, in bytes. Here `GB` are a thousand million bytes, as makers
/// of cards count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Capacity(u64);

impl Capacity {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// `bytes` of room.
    pub const fn from_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// In bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl Memory {
    /// `mebibytes` of memory.
    pub const fn from_mib(mebibytes: u32) -> Self {
        Self(mebibytes)
    }

    /// In MiB.
    pub const fn mib(self) -> u32 {
        self.0
    }
}

impl BitRate {
    /// In bits a second.
    pub const fn bits_per_second(self) -> u64 {
        self.0
    }
}

const MEMORY: Measure = Measure {
    kind: "memory",
    example: "4GB",
    units: &[("MB", 1), ("MiB", 1), ("GB", 1024), ("GiB", 1024)],
    least: 1,
    most: 16 * 1024 * 1024,
    range: "1 MB to 16384 GB",
};

const CAPACITY: Measure = Measure {
    kind: "room on a card",
    example: "32GB",
    units: CAPACITY_UNITS,
    least: 1_000_000,
    most: 100_000_000_000_000,
    range: "1 MB to 100 TB",
};

const RATE: Measure = Measure {
    kind: "link speed",
    example: "1Gb/s",
    units: RATE_UNITS,
    least: 1,
    most: 10_000_000_000_000,
    range: "1 bit/s to 10000 Gb/s",
};

const CAPACITY_UNITS: &[(&str, u64)] = &[
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];
const RATE_UNITS: &[(&str, u64)] = &[
    ("kb/s", 1_000),
    ("Mb/s", 1_000_000),
    ("Gb/s", 1_000_000_000),
    ("bit/s", 1),
];

impl FromStr for Memory {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let mib = parse(text, &MEMORY)?;
        u32::try_from(mib)
            .map(Self)
            .map_err(|_| UnitError::Range(text.to_owned()))
    }
}

impl FromStr for Capacity {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        parse(text, &CAPACITY).map(Self)
    }
}

impl FromStr for BitRate {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        parse(text, &RATE).map(Self)
    }
}

/// Reads `1.5GB` exactly, without floating point: the digits after the point
/// are scaled with the unit.
pub(crate) fn parse(text: &str, measure: &Measure) -> Result<u64, UnitError> {
    let &Measure {
        kind,
        example,
        units,
        least,
        most,
        range,
    } = measure;
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = (&text[..end], text[end..].trim_start());
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || fraction.contains('.') {
        return Err(UnitError::NoNumber { example });
    }
    let Some(&(_, factor)) = units.iter().find(|(name, _)| *name == unit) else {
        let known: Vec<_> = units.iter().map(|(name, _)| format!("`{name}`")).collect();
        return Err(UnitError::Unit {
            found: unit.to_owned(),
            kind,
            known: known.join(", "),
        });
    };
    let value = scale(whole, fraction, factor).ok_or_else(|| UnitError::Range(text.to_owned()))?;
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(UnitError::Implausible { kind, range })
    }
}

fn scale(whole: &str, fraction: &str, factor: u64) -> Option<u64> {
    let fraction = fraction.trim_end_matches('0');
    let divisor = 10_u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let digits: u64 = format!("{whole}{fraction}").parse().ok()?;
    let scaled = digits.checked_mul(factor)?;
    scaled.is_multiple_of(divisor).then_some(scaled / divisor)
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(1024) {
            f.pad(&format!("{} GB", self.0 / 1024))
        } else {
            f.pad(&format!("{} MB", self.0))
        }
    }
}

impl fmt::Display for Capacity {
    /// In the largest of makers' units that is not below one, to one place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, size) = match self.0 {
            1_000_000_000_000.. => ("TB", 1_000_000_000_000),
            1_000_000_000.. => ("GB", 1_000_000_000),
            _ => ("MB", 1_000_000),
        };
        f.pad(&format!("{} {unit}", tenths(self.0, size)))
    }
}

/// `value` in units of `size`, to one place where that is not nought.
fn tenths(value: u64, size: u64) -> String {
    let tenths = (u128::from(value) * 10 + u128::from(size) / 2) / u128::from(size);
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        tenth => format!("{}.{tenth}", tenths / 10),
    }
}

impl fmt::Display for BitRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 {
            bits if bits.is_multiple_of(1_000_000_000) => format!("{} Gb/s", bits / 1_000_000_000),
            bits if bits.is_multiple_of(1_000_000) => format!("{} Mb/s", bits / 1_000_000),
            bits if bits.is_multiple_of(1_000) => format!("{} kb/s", bits / 1_000),
            bits => format!("{bits} bit/s"),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_counted_in_powers_of_two() {
        assert_eq!("4GB".parse(), Ok(Memory::from_mib(4096)));
        assert_eq!("512 MB".parse(), Ok(Memory::from_mib(512)));
        assert_eq!("0.5GB".parse(), Ok(Memory::from_mib(512)));
    }

    #[test]
    fn a_wrong_unit_names_the_right_ones() {
        let error = "4Gb".parse::<Memory>().unwrap_err().to_string();
        assert_eq!(
            error,
            "`Gb` is no unit of memory: write one of `MB`, `MiB`, `GB`, `GiB`"
        );
        assert_eq!(
            "GB".parse::<Memory>(),
            Err(UnitError::NoNumber { example: "4GB" })
        );
        assert_eq!(
            "0.3MB".parse::<Memory>(),
            Err(UnitError::Range("0.3MB".to_owned()))
        );
    }

    #[test]
    fn a_card_is_counted_in_powers_of_ten() {
        assert_eq!(
            "32GB".parse::<Capacity>().map(Capacity::bytes),
            Ok(32_000_000_000)
        );
        assert_eq!("1GiB".parse::<Capacity>().map(Capacity::bytes), Ok(1 << 30));
    }

    #[test]
    fn a_link_speed_reads_as_it_is_written() {
        let speed: BitRate = "253Mb/s".parse().unwrap();
        assert_eq!(speed.bits_per_second(), 253_000_000);
        assert_eq!(speed.to_string(), "253 Mb/s");
    }
}
