//! A table that knows which keys were asked for. Not in here: values.

use toml::de::{DeTable, DeValue};

use super::value::TABLE;
use super::{Report, Value};
use crate::diagnostic::{Diagnostic, Label, Span};
use crate::suggest;

/// A table being read.
#[derive(Debug)]
pub(crate) struct Section<'a> {
    title: String,
    span: Span,
    table: &'a DeTable<'a>,
    report: &'a Report<'a>,
    asked: Vec<&'static str>,
    missing: Vec<(&'static str, Diagnostic)>,
}

impl<'a> Section<'a> {
    /// The table at `span`, which sentences call `title`: `[network]`.
    pub(crate) fn new(
        title: String,
        span: Span,
        table: &'a DeTable<'a>,
        report: &'a Report<'a>,
    ) -> Self {
        Self {
            title,
            span,
            table,
            report,
            asked: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Where the table begins: its header, or all of an inline table.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Where what is wrong with the table goes.
    pub(crate) fn report(&self) -> &'a Report<'a> {
        self.report
    }

    /// The value of `key`, which looks like `example`.
    pub(crate) fn optional(
        &mut self,
        key: &'static str,
        example: &'static str,
    ) -> Option<Value<'a>> {
        self.asked.push(key);
        let found = self.table.get(key)?;
        Some(Value {
            key,
            example,
            found,
            report: self.report,
        })
    }

    /// The value of `key`, which looks like `example` and must be there.
    pub(crate) fn required(
        &mut self,
        key: &'static str,
        example: &'static str,
    ) -> Option<Value<'a>> {
        let title = format!("{} needs `{key}`", self.title);
        let label = Label::new(self.span.clone(), format!("`{key}` is missing here"));
        let help = format!("add `{key} = {example}`");
        let missing = Diagnostic::error("missing-key", title, label).with_help(help);
        self.required_or(key, example, missing)
    }

    /// The value of `key`, or else `missing`.
    fn required_or(
        &mut self,
        key: &'static str,
        example: &'static str,
        missing: Diagnostic,
    ) -> Option<Value<'a>> {
        let value = self.optional(key, example);
        if value.is_none() {
            self.missing.push((key, missing));
        }
        value
    }

    /// A key without effect yet: its value is only checked.
    pub(crate) fn check<T>(
        &mut self,
        key: &'static str,
        example: &'static str,
        read: impl FnOnce(Value<'a>) -> Option<T>,
    ) {
        drop(self.optional(key, example).and_then(read));
    }

    /// The table `[key]`, if it is there.
    pub(crate) fn table(&mut self, key: &'static str) -> Option<Self> {
        self.optional(key, TABLE)?.section(format!("`[{key}]`"))
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
        let title = format!("there is no `[{key}]`: {why}");
        let label = Label::new(
            self.report.end(),
            format!("the file ends without a `[{key}]`"),
        );
        let missing = Diagnostic::error(code, title, label).with_help(help);
        self.required_or(key, TABLE, missing)?
            .section(format!("`[{key}]`"))
    }

    /// All entries of a table whose keys the user chooses. Each looks like
    /// `example`.
    pub(crate) fn entries(self, example: &'static str) -> Vec<Value<'a>> {
        let report = self.report;
        let entry = |(key, found): (&'a toml::Spanned<_>, _)| {
            let key: &std::borrow::Cow<'a, str> = key.get_ref();
            Value {
                key,
                example,
                found,
                report,
            }
        };
        self.table.iter().map(entry).collect()
    }

    /// Tells about keys that nobody asked for, and about keys that are missing
    /// unless one of the former was probably meant to be it. Returns whether all
    /// keys were known.
    pub(crate) fn finish(self) -> bool {
        let mut all_known = true;
        let mut meant = Vec::new();
        for (key, value) in self.table {
            let name: &str = key.get_ref();
            if self.asked.contains(&name) {
                continue;
            }
            all_known = false;
            let free = self
                .asked
                .iter()
                .copied()
                .filter(|asked| !self.table.contains_key(*asked));
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
        let help = match (near, suggest::list(self.asked.iter().copied())) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, Some(known)) => format!("delete it; what can stand here is {known}"),
            (None, None) => "delete it".to_owned(),
        };
        let label = Label::new(span, "not a key here");
        Diagnostic::error("unknown-key", title, label).with_help(help)
    }
}
