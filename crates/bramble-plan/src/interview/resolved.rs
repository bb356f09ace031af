//! All questions walked through: which are asked, and what is answered or
//! proposed. Not in here: the questions, and what is written.

use std::collections::BTreeMap;

use bramble_cluster::file::Vocabulary;

use super::Defaults;
use super::questions;

/// What was said, by step. Some of it may no longer fit what was said before.
pub(super) type Given = BTreeMap<&'static str, String>;

/// What a question may look at: the answers to those before it.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) vocabulary: Vocabulary<'a>,
    pub(super) defaults: &'a Defaults,
    pub(super) values: &'a BTreeMap<&'static str, String>,
}

impl<'a> View<'a> {
    /// The answer of a step; empty if it was left out.
    pub(super) fn get(&self, id: &str) -> &'a str {
        self.values.get(id).map_or("", String::as_str)
    }

    /// Whether the answer of a step is `value`.
    pub(super) fn is(&self, id: &str, value: &str) -> bool {
        self.get(id) == value
    }

    /// Whether `value` is among the answers of a step with several.
    pub(super) fn has(&self, id: &str, value: &str) -> bool {
        self.get(id).split(',').any(|one| one == value)
    }

    /// The answer of a step that takes a number; 0 if it was left out.
    pub(super) fn number(&self, id: &str) -> u32 {
        self.get(id).parse().unwrap_or(0)
    }
}

/// The answers of all steps that are asked: as given where that still fits, else
/// as proposed.
pub(super) fn resolve(
    vocabulary: Vocabulary<'_>,
    defaults: &Defaults,
    given: &Given,
) -> BTreeMap<&'static str, String> {
    let mut values = BTreeMap::new();
    for question in questions::all() {
        let view = View {
            vocabulary,
            defaults,
            values: &values,
        };
        let Some(form) = (question.form)(&view) else {
            continue;
        };
        let answer = given.get(question.id);
        let answer = answer.and_then(|answer| form.accept(answer, &view).ok());
        values.insert(question.id, answer.unwrap_or(form.default));
    }
    values
}
