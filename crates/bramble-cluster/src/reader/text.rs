//! A text under a key, made into what it means. Not in here: other kinds of
//! values (`value`).

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::Report;
use crate::diagnostic::{Diagnostic, Label, Span};
use crate::money::Currency;
use crate::name::NameError;
use crate::suggest;
use crate::unit::UnitError;

/// Most characters of a text that a message repeats.
const SHOWN: usize = 40;

/// A text under a key. Messages show it by `Display`: shortened, since the file
/// may hold anything.
#[derive(Debug, Clone)]
pub(crate) struct Text<'a> {
    /// What stands between the quotes, with escapes resolved.
    pub(crate) value: &'a str,
    /// The key.
    pub(crate) key: &'a str,
    /// Where it stands, with its quotes.
    pub(crate) span: Span,
    pub(super) report: &'a Report<'a>,
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short: String = self.value.chars().take(SHOWN).collect();
        f.write_str(&short)?;
        if short.len() < self.value.len() {
            f.write_str("…")
        } else {
            Ok(())
        }
    }
}

impl Text<'_> {
    /// Tells that the text cannot be what it is, and what it should be.
    pub(crate) fn fail<T>(
        &self,
        code: &'static str,
        title: String,
        label: &str,
        help: impl Into<String>,
    ) -> Option<T> {
        let label = Label::new(self.span.clone(), label);
        self.report
            .push(Diagnostic::error(code, title, label).with_help(help));
        None
    }

    /// Tells something worth knowing about the text, with which nothing is wrong.
    pub(crate) fn note(&self, code: &'static str, title: &str, label: &str) {
        let label = Label::new(self.span.clone(), label);
        self.report.push(Diagnostic::note(code, title, label));
    }

    /// The same about what is missing beside it.
    pub(crate) fn lack<T>(
        &self,
        code: &'static str,
        title: String,
        label: &str,
        help: &str,
    ) -> Option<T> {
        let label = Label::new(self.span.clone(), label);
        self.report
            .push_missing(Diagnostic::error(code, title, label).with_help(help));
        None
    }

    /// Tells about a part of the text, in bytes of it.
    pub(crate) fn fail_inside<T>(
        &self,
        part: Range<usize>,
        diagnostic: impl FnOnce(Span) -> Diagnostic,
    ) -> Option<T> {
        self.report.push(diagnostic(self.inside(part)));
        None
    }

    /// Where a part of the text stands: the whole, if escapes or line ends hide
    /// what stands where.
    fn inside(&self, part: Range<usize>) -> Span {
        let written = self
            .report
            .text()
            .get(self.span.clone())
            .unwrap_or_default();
        let unquoted = written
            .get(1..written.len().saturating_sub(1))
            .unwrap_or_default();
        if unquoted != self.value || part.is_empty() {
            return self.span.clone();
        }
        let from = self.span.start + 1;
        from + part.start..from + part.end
    }

    /// The text, provided that there is something to read in it and nothing
    /// that would break a line.
    pub(crate) fn line(&self) -> Option<String> {
        if self.value.trim().is_empty() {
            let title = format!("`{}` is empty", self.key);
            return self.fail(
                "empty",
                title,
                "nothing to read here",
                "write something, or delete the key",
            );
        }
        if self.value.chars().any(char::is_control) {
            let title = format!("`{}` must be one line of plain characters", self.key);
            let help = "delete the line breaks and control characters";
            return self.fail("invalid-text", title, "not plain", help);
        }
        Some(self.value.to_owned())
    }

    /// The one of `options` that the text names.
    pub(crate) fn choice<T: Copy>(&self, options: &[(&'static str, T)]) -> Option<T> {
        let chosen = options.iter().find(|(name, _)| *name == self.value);
        if let Some((_, value)) = chosen {
            return Some(*value);
        }
        let names = options.iter().map(|(name, _)| *name);
        let title = format!("`{self}` is no value of `{}`", self.key);
        self.fail(
            "unknown-value",
            title,
            "not a value of this key",
            suggest::remedy(self.value, names).unwrap_or_default(),
        )
    }

    /// The text as a quantity with its unit, or whatever else can fail alike.
    pub(crate) fn quantity<T: FromStr<Err = UnitError>>(&self) -> Option<T> {
        self.quantity_by(str::parse)
    }

    /// The text as a quantity that `parse` reads.
    pub(crate) fn quantity_by<T>(
        &self,
        parse: impl FnOnce(&str) -> Result<T, UnitError>,
    ) -> Option<T> {
        let error = match parse(self.value) {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        let title = format!("`{self}` is no quantity for `{}`", self.key);
        if self.has_decimal_comma() {
            return self.fail("wrong-unit", title, "a comma", self.with_point());
        }
        match &error {
            UnitError::Unit { found, known, .. } => {
                let at = self.value.len() - found.len();
                let label = if found.is_empty() {
                    "no unit"
                } else {
                    "not a unit of this"
                };
                let help = format!("write one of the units {known}");
                self.fail_inside(at..self.value.len(), |span| {
                    Diagnostic::error("wrong-unit", title, Label::new(span, label)).with_help(help)
                })
            }
            UnitError::NoNumber { example } => {
                let help = format!("write a number and a unit, such as `\"{example}\"`");
                self.fail("wrong-unit", title, "not a number and a unit", help)
            }
            UnitError::Implausible { range, .. } => {
                let help = format!("write {range}; leave the key out if it is not known");
                self.fail("out-of-range", title, "not plausible", help)
            }
            UnitError::Range(_) => {
                let help = "write a whole number of a smaller unit, or a smaller number";
                self.fail("out-of-range", title, "cannot be represented", help)
            }
        }
    }

    /// Whether a comma in it was probably meant as the point of a number.
    pub(crate) fn has_decimal_comma(&self) -> bool {
        let mut parts = self.value.splitn(2, ',');
        let digit =
            |text: &str, at: fn(&str) -> Option<char>| at(text).is_some_and(|c| c.is_ascii_digit());
        let before = parts
            .next()
            .is_some_and(|text| digit(text, |text| text.chars().last()));
        before
            && parts
                .next()
                .is_some_and(|text| digit(text, |text| text.chars().next()))
    }

    /// What to write in place of a comma.
    pub(crate) fn with_point(&self) -> String {
        format!(
            "write a point in numbers: `\"{}\"`",
            self.value.replace(',', ".")
        )
    }

    /// The text as a currency's code.
    pub(crate) fn currency(&self) -> Option<Currency> {
        if let Some(currency) = Currency::from_code(self.value) {
            return Some(currency);
        }
        let title = format!("`{self}` is no currency");
        let help = "write the three capital letters of its ISO 4217 code, such as `USD` or `EUR`";
        self.fail("unknown-currency", title, "not a currency's code", help)
    }

    /// The text as a name.
    pub(crate) fn name<T: FromStr<Err = NameError>>(&self) -> Option<T> {
        match self.value.parse() {
            Ok(name) => Some(name),
            Err(error) => {
                let title = format!("`{self}` is no name for `{}`: {error}", self.key);
                self.fail(
                    "invalid-name",
                    title,
                    "not a valid name",
                    name_remedy::<T>(self.value),
                )
            }
        }
    }
}

/// How a name that is not valid could be written.
pub(crate) fn name_remedy<T: FromStr<Err = NameError>>(text: &str) -> String {
    let plain: String = text
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let plain = plain.trim_matches('-');
    match plain.parse::<T>() {
        Ok(_) => format!("write it like `{plain}`"),
        Err(_) => "a name has lower-case letters, digits and `-`, begins with a letter and has \
                   at most 63 characters (an account 32)"
            .to_owned(),
    }
}
