//! A table with the keys it may have. Not in here: values.

use std::str::FromStr;

use toml::de::{DeTable, DeValue};

use super::{Key, Kind, Report, Value};
use crate::diagnostic::{Diagnostic, Label, Span};
use crate::place::Table;
use crate::suggest;
use crate::unit::UnitError;

/// A table being read.
#[derive(Debug)]
pub(crate) struct Section<'a> {
    title: String,
    span: Span,
    keys: &'static [Key],
    table: &'a DeTable<'a>,
    report: &'a Report<'a>,
    /// Which table it is, if what is found in it may be pointed to later.
    place: Option<Table>,
    missing: Vec<(&'static str, Diagnostic)>,
}

/// A key that no table of keys lists; the tests ask for every key there is.
static UNLISTED: Key = Key::new("", Kind::Text, "", "");

impl<'a> Section<'a> {
    /// The table at `span` with `keys`, which sentences call `title`: `[network]`.
    pub(crate) fn new(
        title: String,
        span: Span,
        keys: &'static [Key],
        table: &'a DeTable<'a>,
        report: &'a Report<'a>,
    ) -> Self {
        Self {
            title,
            span,
            keys,
            table,
            report,
            place: None,
            missing: Vec::new(),
        }
    }

    /// The same, remembered as `table`: what is found in it may be pointed to
    /// later.
    pub(crate) fn at(mut self, table: Table) -> Self {
        self.report.mark(table.header(), self.span.clone());
        self.place = Some(table);
        self
    }

    /// Where the table begins: its header, or all of an inline table.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Where what is wrong with the table goes.
    pub(crate) fn report(&self) -> &'a Report<'a> {
        self.report
    }

    /// The value of `key`, if it is there; if it must be, that is told.
    pub(crate) fn get(&mut self, key: &'static str) -> Option<Value<'a>> {
        let key = self.key(key);
        let value = self.value(key);
        if value.is_none() && key.required {
            self.lacks(key.name);
        }
        value
    }

    /// Tells that `key` is missing.
    pub(crate) fn lacks(&mut self, key: &'static str) {
        let key = self.key(key);
        let title = format!("{} needs `{}`", self.title, key.name);
        let text = format!("`{}` is missing here", key.name);
        let help = format!("add `{} = {}`", key.name, key.example);
        let label = Label::new(self.span.clone(), text);
        let missing = Diagnostic::error("missing-key", title, label).with_help(help);
        self.missing.push((key.name, missing));
    }

    /// Whether `key` is there, whatever it holds.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// One line of text under `key`.
    pub(crate) fn line(&mut self, key: &'static str) -> Option<String> {
        self.get(key)?.text()?.line()
    }

    /// The lines of text under `key`.
    pub(crate) fn lines(&mut self, key: &'static str) -> Option<Vec<String>> {
        let items = self.get(key)?.list()?;
        Some(
            items
                .into_iter()
                .filter_map(|item| item.text()?.line())
                .collect(),
        )
    }

    /// The line under `name`, which must be there unless there is a `base`.
    pub(crate) fn name_or(&mut self, base: String) -> Option<String> {
        if base.is_empty() || self.has("name") {
            self.line("name")
        } else {
            Some(base)
        }
    }

    /// Who says what is in the table: as told, else who said what it changes.
    pub(crate) fn source(&mut self, base: Option<String>) -> Option<String> {
        let changed = |base| format!("{base}; changed in the cluster file");
        self.line("source").or(base.map(changed))
    }

    /// A whole number under `key`.
    pub(crate) fn count(&mut self, key: &'static str) -> Option<u32> {
        self.get(key)?.count()
    }

    /// A truth value under `key`.
    pub(crate) fn boolean(&mut self, key: &'static str) -> Option<bool> {
        self.get(key)?.boolean()
    }

    /// A quantity with its unit under `key`.
    pub(crate) fn quantity<T: FromStr<Err = UnitError>>(&mut self, key: &'static str) -> Option<T> {
        self.get(key)?.text()?.quantity()
    }

    /// The one of `options` under `key`.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        options: &[(&'static str, T)],
    ) -> Option<T> {
        self.get(key)?.text()?.choice(options)
    }

    fn key(&self, name: &'static str) -> &'static Key {
        let found = self.keys.iter().find(|key| key.name == name);
        debug_assert!(found.is_some(), "{}: `{name}` is not listed", self.title);
        found.unwrap_or(&UNLISTED)
    }

    fn value(&self, key: &'static Key) -> Option<Value<'a>> {
        let found = self.table.get(key.name)?;
        if let Some(table) = self.place {
            self.report.mark(table.key(key.name), found.span());
        }
        Some(Value {
            key: key.name,
            kind: &key.kind,
            example: key.example,
            found,
            report: self.report,
        })
    }

    /// The table `[key]`, if it is there.
    pub(crate) fn table(&mut self, key: &'static str) -> Option<Self> {
        self.value(self.key(key))?.section(format!("`[{key}]`"))
    }

    /// The table `[key]`, which must be there: else `missing` says why, at the
    /// end of the text, with what to write.
    pub(crate) fn required_table(
        &mut self,
        key: &'static str,
        code: &'static str,
        why: &str,
        help: &str,
    ) -> Option<Self> {
        if let Some(value) = self.value(self.key(key)) {
            return value.section(format!("`[{key}]`"));
        }
        let title = format!("there is no `[{key}]`: {why}");
        let text = format!("the file ends without a `[{key}]`");
        let label = Label::new(self.report.end(), text);
        let missing = Diagnostic::error(code, title, label).with_help(help);
        self.missing.push((key, missing));
        None
    }

    /// Tells about keys that the table does not have, and about keys that are missing
    /// unless one of the former was probably meant to be it. Returns whether all
    /// keys were known.
    pub(crate) fn finish(self) -> bool {
        let mut all_known = true;
        let mut meant = Vec::new();
        for (key, value) in self.table {
            let name: &str = key.get_ref();
            if self.keys.iter().any(|key| key.name == name) {
                continue;
            }
            all_known = false;
            let free = self
                .keys
                .iter()
                .map(|key| key.name)
                .filter(|known| !self.table.contains_key(*known));
            let near = suggest::nearest(name, free);
            meant.extend(near);
            self.report
                .push(self.unknown(name, key.span(), value.get_ref(), near));
        }
        for (key, missing) in self.missing {
            if !meant.contains(&key) {
                self.report.push_missing(missing);
            }
        }
        all_known
    }

    fn unknown(
        &self,
        name: &str,
        span: Span,
        value: &DeValue<'_>,
        near: Option<&str>,
    ) -> Diagnostic {
        let title = match value {
            DeValue::Table(_) if self.title.is_empty() => format!("unknown table `[{name}]`"),
            DeValue::Array(items)
                if self.title.is_empty() && items.iter().any(|item| item.get_ref().is_table()) =>
            {
                format!("unknown table `[[{name}]]`")
            }
            _ if self.title.is_empty() => format!("unknown key `{name}` before the first table"),
            _ => format!("unknown key `{name}` in {}", self.title),
        };
        let help = match (near, suggest::list(self.keys.iter().map(|key| key.name))) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, Some(known)) => format!("delete it; what can stand here is {known}"),
            (None, None) => "delete it".to_owned(),
        };
        let label = Label::new(span, "not a key here");
        Diagnostic::error("unknown-key", title, label).with_help(help)
    }
}
