//! Physical quantities, in whole thousandths of their unit, so that sums are
//! exact. Not in here: sizes and link speeds.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::{Measure, UnitError, parse};

/// Declares a quantity kept in thousandths of its unit.
macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $unit:literal, $measure:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
        pub struct $name(u64);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// So many thousandths of the unit.
            pub const fn from_milli(milli: u64) -> Self {
                Self(milli)
            }

            /// In thousandths of the unit.
            pub const fn milli(self) -> u64 {
                self.0
            }

            /// `count` times as much.
            #[must_use]
            pub const fn times(self, count: u32) -> Self {
                Self(self.0.saturating_mul(count as u64))
            }

            /// As a number of units, for what is an estimate anyway.
            #[expect(clippy::cast_precision_loss, reason = "estimates need three digits")]
            pub const fn as_f64(self) -> f64 {
                self.0 as f64 / 1000.0
            }
        }

        impl FromStr for $name {
            type Err = UnitError;

            fn from_str(text: &str) -> Result<Self, UnitError> {
                const MEASURE: Measure = $measure;
                parse(text, &MEASURE).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&format!("{} {}", thousandths(self.0), $unit))
            }
        }

        impl Add for $name {
            type Output = Self;

            fn add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::ZERO, Add::add)
            }
        }

        impl Serialize for $name {
            /// As a number of units.
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_f64(self.as_f64())
            }
        }
    };
}

quantity!(
    /// Electric power, in milliwatts; JSON has watts.
    Power,
    "W",
    Measure {
        kind: "power",
        example: "60W",
        units: &[("mW", 1), ("W", 1000), ("kW", 1_000_000)],
        least: 1,
        most: 1_000_000_000,
        range: "1 mW to 1000 kW",
    }
);
quantity!(
    /// Voltage, in millivolts; JSON has volts.
    Voltage,
    "V",
    Measure {
        kind: "voltage",
        example: "5.1V",
        units: &[("mV", 1), ("V", 1000)],
        least: 1,
        most: 1_000_000,
        range: "1 mV to 1000 V",
    }
);
quantity!(
    /// Electric current, in milliamperes; JSON has amperes.
    Current,
    "A",
    Measure {
        kind: "current",
        example: "2.4A",
        units: &[("mA", 1), ("A", 1000)],
        least: 0,
        most: 1_000_000,
        range: "0 to 1000 A",
    }
);
quantity!(
    /// Length, in millimetres; JSON has metres.
    Length,
    "m",
    Measure {
        kind: "length",
        example: "0.3m",
        units: &[("mm", 1), ("cm", 10), ("m", 1000)],
        least: 1,
        most: 1_000_000,
        range: "1 mm to 1000 m",
    }
);
quantity!(
    /// Resistance of a wire by its length, in microohms a metre; JSON has
    /// milliohms a metre.
    Resistance,
    "mohm/m",
    Measure {
        kind: "resistance of a wire",
        example: "52.96mohm/m",
        units: &[("mohm/m", 1000)],
        least: 1,
        most: 1_000_000_000,
        range: "0.001 mohm/m to 1000000 mohm/m",
    }
);
quantity!(
    /// Floating-point operations a second, in millions; JSON has Gflop/s.
    FlopRate,
    "Gflop/s",
    Measure {
        kind: "speed",
        example: "35.169Gflop/s",
        units: &[
            ("Mflop/s", 1),
            ("Gflop/s", 1000),
            ("Tflop/s", 1_000_000),
            ("Pflop/s", 1_000_000_000),
        ],
        least: 1,
        most: 100_000_000_000_000,
        range: "1 Mflop/s to 100000 Pflop/s",
    }
);

impl Voltage {
    /// What flows at this voltage with `current`.
    #[must_use]
    pub const fn at(self, current: Current) -> Power {
        Power((self.0.saturating_mul(current.0)) / 1000)
    }
}

/// `12.7` of 12,700 thousandths.
fn thousandths(milli: u64) -> String {
    match milli % 1000 {
        0 => (milli / 1000).to_string(),
        rest => format!("{}.{rest:03}", milli / 1000)
            .trim_end_matches('0')
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_reads_as_it_is_written() {
        let power: Power = "12.7W".parse().unwrap();
        assert_eq!(
            (power.milli(), power.to_string().as_str()),
            (12_700, "12.7 W")
        );
        assert_eq!("800mA".parse(), Ok(Current::from_milli(800)));
        assert_eq!(
            "35.169Gflop/s".parse::<FlopRate>().unwrap().to_string(),
            "35.169 Gflop/s"
        );
        assert_eq!("52.96mohm/m".parse(), Ok(Resistance::from_milli(52_960)));
        assert!("60A".parse::<Power>().is_err());
    }

    #[test]
    fn power_is_voltage_times_current() {
        let volts: Voltage = "5.1V".parse().unwrap();
        assert_eq!(volts.at(Current::from_milli(2_500)).to_string(), "12.75 W");
    }
}
