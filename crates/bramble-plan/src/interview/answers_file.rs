//! Answers from a file: TOML, one key a step. Not in here: opening the file, and
//! the file to fill in (`questionnaire`).

use std::collections::BTreeMap;
use std::fmt;

use bramble_cluster::file::Vocabulary;
use bramble_cluster::suggest::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Defaults;
use super::complaint::Complaint;
use super::questions;
use super::resolved::{Given, View};

/// Something wrong in an answers file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerError {
    /// The line, counted from one.
    pub line: usize,
    /// What is wrong, and what could stand there.
    pub complaint: Complaint,
}

/// An answer that has no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerNote {
    /// The line, counted from one.
    pub line: usize,
    /// The step that was not asked.
    pub id: &'static str,
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.complaint.what)
    }
}

impl fmt::Display for AnswerNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, id } = self;
        write!(
            f,
            "line {line}: {id} has no effect: other answers leave it out"
        )
    }
}

/// An answer as it is written.
struct Written {
    line: usize,
    answer: Result<String, Complaint>,
}

/// What the file answers, and which of it has no effect.
pub(super) fn read(
    text: &str,
    vocabulary: Vocabulary<'_>,
    defaults: &Defaults,
) -> Result<(Given, Vec<AnswerNote>), Vec<AnswerError>> {
    let tree = DeTable::parse(text).map_err(|error| {
        let at = error.span().unwrap_or_default().start;
        vec![AnswerError {
            line: line(text, at),
            complaint: Complaint::new(
                format!("TOML's grammar is broken here: {}", error.message()),
                "each line is a step, `=`, and an answer between double quotes",
            ),
        }]
    })?;
    let mut errors = Vec::new();
    let mut written = BTreeMap::new();
    for (key, value) in tree.get_ref() {
        let place = line(text, key.span().start);
        match questions::all().find(|one| one.id == key.get_ref().as_ref()) {
            Some(question) => {
                let answer = plain(question.id, value);
                written.insert(
                    question.id,
                    Written {
                        line: place,
                        answer,
                    },
                );
            }
            None => errors.push(AnswerError {
                line: place,
                complaint: unknown(key.get_ref()),
            }),
        }
    }
    let (given, notes, wrong) = accept(written, vocabulary, defaults);
    errors.extend(wrong);
    errors.sort_by_key(|error| error.line);
    if errors.is_empty() {
        Ok((given, notes))
    } else {
        Err(errors)
    }
}

type Accepted = (Given, Vec<AnswerNote>, Vec<AnswerError>);

/// Holds every answer against its step, in the order in which they are asked.
fn accept(
    mut written: BTreeMap<&'static str, Written>,
    vocabulary: Vocabulary<'_>,
    defaults: &Defaults,
) -> Accepted {
    let (mut given, mut notes, mut errors) = (Given::new(), Vec::new(), Vec::new());
    let mut values = Given::new();
    for question in questions::all() {
        let view = View {
            vocabulary,
            defaults,
            values: &values,
        };
        let form = (question.form)(&view);
        let answer = written.remove(question.id);
        let value = match (form, answer) {
            (None, None) => continue,
            (None, Some(Written { line, .. })) => {
                notes.push(AnswerNote {
                    line,
                    id: question.id,
                });
                continue;
            }
            (Some(form), None) => form.default,
            (Some(form), Some(Written { line, answer })) => {
                let taken = answer.and_then(|answer| form.accept(&answer, &view));
                match taken {
                    Ok(answer) => {
                        given.insert(question.id, answer.clone());
                        answer
                    }
                    Err(complaint) => {
                        let what = format!("{}: {}", question.id, complaint.what);
                        let complaint = Complaint { what, ..complaint };
                        errors.push(AnswerError { line, complaint });
                        form.default
                    }
                }
            }
        };
        values.insert(question.id, value);
    }
    (given, notes, errors)
}

fn line(text: &str, at: usize) -> usize {
    // A line begins after every end of a line before the place.
    text[..text.floor_char_boundary(at)].matches('\n').count() + 1
}

/// A text, a number, or a list of texts.
fn plain(id: &str, value: &Spanned<DeValue<'_>>) -> Result<String, Complaint> {
    match value.get_ref() {
        DeValue::String(text) if !text.trim().is_empty() => Ok(text.to_string()),
        DeValue::String(_) => Err(Complaint::new(
            "the answer is empty",
            "leave the whole line out to take what is proposed",
        )),
        DeValue::Integer(number) => Ok(number.to_string()),
        DeValue::Array(items) if !items.is_empty() => {
            let items: Result<Vec<_>, _> = items.iter().map(|item| plain(id, item)).collect();
            Ok(items?.join(","))
        }
        _ => Err(Complaint::new(
            "this is no answer",
            format!("write a text between double quotes: {id} = \"...\""),
        )),
    }
}

fn unknown(key: &str) -> Complaint {
    let ids = || questions::all().map(|question| question.id);
    let short: String = key.chars().take(40).collect();
    let what = format!("no step is called {short}");
    match nearest(key, ids()) {
        Some(near) => Complaint::new(what, format!("did you mean {near}?")),
        None => Complaint::new(what, "`bramble init --questions` lists all steps"),
    }
}
