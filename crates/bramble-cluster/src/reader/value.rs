//! A value under a key, with what the key expects. Not in here: what a text
//! means (`text`).

use std::borrow::Cow;

use toml::Spanned;
use toml::de::DeValue;

use super::{Key, Kind, Report, Section, Text};
use crate::diagnostic::{Diagnostic, Label, Span};
use crate::money::Amount;

/// The example of a key that begins a table of its own.
pub(super) const TABLE: &str = "{ }";

/// A value under a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value<'a> {
    pub(super) key: &'a str,
    pub(super) kind: &'static Kind,
    /// A value as the key expects it, as TOML: `"Europe/London"`.
    pub(super) example: &'static str,
    pub(super) found: &'a Spanned<DeValue<'a>>,
    pub(super) report: &'a Report<'a>,
}

impl<'a> Value<'a> {
    /// The key it stands under.
    pub(crate) fn key(&self) -> &'a str {
        self.key
    }

    /// Where it stands.
    pub(crate) fn span(&self) -> Span {
        self.found.span()
    }

    /// Where what is wrong with it goes.
    pub(crate) fn report(&self) -> &'a Report<'a> {
        self.report
    }

    /// Whether it is a table.
    pub(crate) fn is_table(&self) -> bool {
        self.found.get_ref().is_table()
    }

    /// Whether it is a text.
    pub(crate) fn is_text(&self) -> bool {
        self.found.get_ref().is_str()
    }

    /// The text it is.
    pub(crate) fn text(self) -> Option<Text<'a>> {
        match self.found.get_ref() {
            DeValue::String(text) => Some(Text {
                value: text,
                key: self.key,
                span: self.span(),
                report: self.report,
            }),
            _ => self.wrong_type("text between double quotes"),
        }
    }

    /// The truth value it is.
    pub(crate) fn boolean(self) -> Option<bool> {
        match self.found.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => self.wrong_type("`true` or `false`"),
        }
    }

    /// The whole number it is, from 1 to a million.
    pub(crate) fn count(self) -> Option<u32> {
        let DeValue::Integer(number) = self.found.get_ref() else {
            return self.wrong_type("a whole number");
        };
        let count = u32::from_str_radix(number.as_str(), number.radix()).ok();
        let count = count.filter(|count| (1..=1_000_000).contains(count));
        count.or_else(|| self.out_of_range("a number from 1 to 1000000"))
    }

    /// The whole number it is, from 1 to `most`.
    pub(crate) fn count_to(self, most: u32) -> Option<u32> {
        let count = self.count()?;
        if count <= most {
            return Some(count);
        }
        self.out_of_range(&format!("a number from 1 to {most}"))
    }

    /// The number it is, not negative and in ten-thousandths, exactly.
    pub(crate) fn amount(self) -> Option<Amount> {
        let digits = match self.found.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => return self.wrong_type("a number"),
        };
        let amount = digits.replace('_', "").parse().ok();
        amount.or_else(|| self.out_of_range("a number from 0 to 1000000, to four places"))
    }

    /// What is in the list it is.
    pub(crate) fn list(self) -> Option<Vec<Self>> {
        match self.found.get_ref() {
            DeValue::Array(items) => {
                let kind = match self.kind {
                    Kind::List(kind) => kind,
                    kind => kind,
                };
                let item = |found| Self {
                    kind,
                    found,
                    ..self
                };
                Some(items.iter().map(item).collect())
            }
            DeValue::Table(_) if matches!(self.kind, Kind::List(Kind::Table(_))) => {
                Some(self.one_table_for_several())
            }
            _ => self.wrong_type("a list"),
        }
    }

    /// `[nodes]` where `[[nodes]]` is meant: told, and taken for a list of one, so
    /// that what is in it is read.
    fn one_table_for_several(self) -> Vec<Self> {
        let key = self.key;
        let title = format!("`{key}` is a list of tables, and this is one table");
        let label = Label::new(self.span(), "one pair of brackets");
        let help = format!("write `[[{key}]]`, with two pairs of brackets");
        let diagnostic = Diagnostic::error("wrong-type", title, label).with_help(help);
        self.report.push(diagnostic);
        let kind = match self.kind {
            Kind::List(kind) => kind,
            kind => kind,
        };
        vec![Self { kind, ..self }]
    }

    /// The table it is, which sentences call `title`.
    pub(crate) fn section(self, title: impl Into<String>) -> Option<Section<'a>> {
        match self.found.get_ref() {
            DeValue::Table(table) => {
                let keys: &'static [Key] = match *self.kind {
                    Kind::Table(keys) => keys,
                    _ => &[],
                };
                let title = title.into();
                Some(Section::new(title, self.span(), keys, table, self.report))
            }
            _ => self.wrong_type("a table"),
        }
    }

    /// All entries of a table whose keys the user chooses.
    pub(crate) fn entries(self) -> Option<Vec<Self>> {
        let DeValue::Table(table) = self.found.get_ref() else {
            return self.wrong_type("a table");
        };
        let kind = match self.kind {
            Kind::Entries(kind) => kind,
            kind => kind,
        };
        let entry = |(key, found): (&'a Spanned<Cow<'a, str>>, &'a Spanned<DeValue<'a>>)| Self {
            key: key.get_ref(),
            kind,
            example: one_of(self.example),
            found,
            ..self
        };
        Some(table.iter().map(entry).collect())
    }

    /// Tells that the value is not `expected`.
    pub(crate) fn out_of_range<T>(&self, expected: &str) -> Option<T> {
        let title = format!("`{}` must be {expected}", self.key);
        let label = Label::new(self.span(), "out of range");
        self.report
            .push(Diagnostic::error("out-of-range", title, label).with_help(self.remedy()));
        None
    }

    fn wrong_type<T>(&self, expected: &str) -> Option<T> {
        let found = type_name(self.found.get_ref());
        let title = format!("`{}` must be {expected}, not {found}", self.key);
        let label = Label::new(self.span(), format!("this is {found}"));
        self.report
            .push(Diagnostic::error("wrong-type", title, label).with_help(self.remedy()));
        None
    }

    fn remedy(&self) -> String {
        if self.example == TABLE {
            return format!(
                "write `[{}]` on a line of its own, and keys below it",
                self.key
            );
        }
        format!("write it like `{} = {}`", self.key, self.example)
    }
}

/// The value in an example of a table with one entry: `0.79` of `{ USD = 0.79 }`.
fn one_of(example: &'static str) -> &'static str {
    let entry = example.split_once("= ").map_or(example, |(_, value)| value);
    entry.strip_suffix(" }").unwrap_or(entry)
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
