//! Money, exactly: amounts in ten-thousandths, never added across currencies. Not
//! in here: what things cost (`catalogue`, `bramble-plan`).

use std::fmt;
use std::iter::Sum;
use std::ops::Add;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::unit::{Measure, UnitError, parse};

/// A number of currency units, exact to four places: prices of electricity need
/// more than two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Amount(u64);

/// Ten-thousandths in one.
const ONE: u64 = 10_000;

/// More than a million is a slip.
const MONEY: Measure = Measure {
    kind: "money",
    example: "12.50",
    units: &[("", ONE)],
    least: 0,
    most: 1_000_000 * ONE,
    range: "0 to 1000000",
};

/// A currency by its ISO 4217 code, such as `USD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

/// An amount in a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Money {
    /// How many.
    pub amount: Amount,
    /// Of what.
    pub currency: Currency,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// `times` the amount; nothing is lost, since prices and quantities are
    /// bounded when they are read (10^10 by 10^6).
    #[must_use]
    pub const fn times(self, times: u32) -> Self {
        Self(self.0.saturating_mul(times as u64))
    }

    /// By how many units, rounded to a ten-thousandth: a price by its rate.
    #[must_use]
    pub fn at_rate(self, rate: Self) -> Self {
        let product = u128::from(self.0) * u128::from(rate.0);
        let rounded = (product + u128::from(ONE / 2)) / u128::from(ONE);
        Self(u64::try_from(rounded).unwrap_or(u64::MAX))
    }

    /// As a number, for what is an estimate anyway.
    #[expect(clippy::cast_precision_loss, reason = "estimates need three digits")]
    pub const fn as_f64(self) -> f64 {
        self.0 as f64 / ONE as f64
    }

    /// The amount nearest to `value`; nothing where that is no amount.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a cast to an integer saturates, which is what is wanted; ten thousand is exact"
    )]
    pub fn from_f64(value: f64) -> Self {
        Self((value * ONE as f64).round() as u64)
    }
}

impl FromStr for Amount {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        parse(text, &MONEY).map(Self)
    }
}

impl fmt::Display for Amount {
    /// With two places, or as many more as it has.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / ONE, self.0 % ONE);
        let text = if rest.is_multiple_of(100) {
            format!("{whole}.{:02}", rest / 100)
        } else {
            format!("{whole}.{rest:04}")
                .trim_end_matches('0')
                .to_owned()
        };
        f.pad(&text)
    }
}

impl Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.as_f64())
    }
}

impl Currency {
    /// The code.
    pub fn as_str(&self) -> &str {
        // Proof: only capital ASCII letters are ever put in.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The currency of the code `text`, which is three capital letters.
    pub fn from_code(text: &str) -> Option<Self> {
        let code: [u8; 3] = text.as_bytes().try_into().ok()?;
        code.iter()
            .all(u8::is_ascii_uppercase)
            .then_some(Self(code))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.amount, self.currency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_are_exact_and_shown_with_two_places_or_more() {
        assert_eq!(amount("1.60").times(5).to_string(), "8.00");
        assert_eq!(amount("0.2873").to_string(), "0.2873");
        assert_eq!(amount("404").to_string(), "404.00");
        assert_eq!(amount("45").at_rate(amount("0.79")).to_string(), "35.55");
    }

    #[test]
    fn a_negative_or_absurd_amount_is_none() {
        for text in ["-1", "1e9", "1000001", "0.00001", "", "nan"] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_currency_is_three_capital_letters() {
        assert_eq!(
            Currency::from_code("GBP")
                .map(|code| code.to_string())
                .as_deref(),
            Some("GBP")
        );
        for text in ["gbp", "GB", "EURO", ""] {
            assert_eq!(Currency::from_code(text), None, "{text}");
        }
    }
}
