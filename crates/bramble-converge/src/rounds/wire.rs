//! What goes to the scripts on a node, and what their answers mean. Not in here:
//! the exchanges themselves.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::failure::NodeFailure;
use crate::plan::{Change, Seen};
use crate::record::{Record, SEPARATOR};
use crate::resource::Key;
use crate::script::Malformed;
use crate::transport::Answer;

/// How much of a field a message shows.
const FIELD_SHOWN: usize = 100;

/// The questions as input of the observe script, grouped by kind.
pub(super) fn sections(questions: impl Iterator<Item = (Key, Record)>) -> Vec<u8> {
    let mut by_kind: BTreeMap<String, String> = BTreeMap::new();
    for (key, question) in questions {
        by_kind
            .entry(key.kind)
            .or_default()
            .push_str(&question.line());
    }
    by_kind
        .into_iter()
        .flat_map(|(kind, questions)| format!("{kind}\n{questions}.\n").into_bytes())
        .collect()
}

/// The changes as input of the apply script.
pub(super) fn steps(changes: &[Change]) -> Vec<u8> {
    let record =
        |change: &Change, step: &Record| format!("{}{}{}", change.key.kind, SEPARATOR, step.line());
    let prepare = changes
        .iter()
        .filter_map(|change| change.prepare.as_ref().map(|step| record(change, step)))
        .chain(["begin\n".to_owned()]);
    let work = changes
        .iter()
        .map(|change| record(change, change.step.expose()))
        .chain(["verify\n".to_owned()]);
    let mut input: Vec<u8> = prepare.chain(work).flat_map(String::into_bytes).collect();
    input.extend(sections(
        changes
            .iter()
            .map(|change| (change.key.clone(), change.question.clone())),
    ));
    input
}

/// The last line of every observation: without it, what is missing may be true
/// all the same.
const END: &str = "end";

/// The facts of an answer: each line is a kind and a record that begins with the id.
pub(super) fn seen<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Seen, Malformed> {
    let mut seen = Seen::new();
    for line in lines {
        if line == END {
            return Ok(seen);
        }
        if let Some((kind, rest)) = line.split_once(SEPARATOR) {
            let record = Record::parse(rest);
            seen.insert(Key::new(kind, record.field(0)), record);
        }
    }
    Err(Malformed {
        what: "it breaks off".to_owned(),
    })
}

/// What the answer of an apply script says went wrong, if anything.
pub(super) fn judge(changes: &[Change], answer: &Answer) -> Option<NodeFailure> {
    let output = text(&answer.output);
    let complaint = tail(&answer.complaint);
    let mut lines = output.lines();
    for line in lines.by_ref().take_while(|line| *line != "verify") {
        let record = Record::parse(line);
        if record.field(0) == "failed" {
            return Some(NodeFailure::Step {
                key: Key::new(record.field(1), record.field(2)),
                status: record.field(3).to_owned(),
                complaint,
            });
        }
    }
    match seen(lines) {
        Ok(found) => surprise(changes, &found),
        Err(malformed) => Some(NodeFailure::Malformed {
            malformed,
            complaint,
        }),
    }
}

/// The first change that is not what it was predicted to be.
fn surprise(changes: &[Change], found: &Seen) -> Option<NodeFailure> {
    let surprise = changes
        .iter()
        .find(|change| found.get(&change.key) != change.expect.as_ref())?;
    Some(NodeFailure::Surprise {
        key: surprise.key.clone(),
        expected: show(surprise.expect.as_ref()),
        found: show(found.get(&surprise.key)),
    })
}

/// A fact in a message. A field may be a whole file, of which the beginning will
/// do.
fn show(fact: Option<&Record>) -> String {
    let short = |field: &String| match field.char_indices().nth(FIELD_SHOWN) {
        Some((end, _)) => format!("{} ...", &field[..end]),
        None => field.clone(),
    };
    fact.map_or_else(
        || "nothing".to_owned(),
        |fact| {
            let fields: Vec<_> = fact.fields().iter().map(short).collect();
            fields.join(" | ")
        },
    )
}

pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// The last lines of what a node complained, which name the cause.
pub(super) fn tail(complaint: &[u8]) -> String {
    let text = text(complaint);
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}
