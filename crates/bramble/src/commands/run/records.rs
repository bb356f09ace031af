//! Answers as JSON, one record a node. Not in here: anything for people.

use std::collections::BTreeSet;
use std::time::Duration;

use bramble_fleet::Stream;
use bramble_view::outcome::Outcome;
use bramble_view::unreachable::reason;
use bramble_view::utf8::Utf8;
use serde_json::{Value, json};

use super::course::Ended;
use super::gathered::Shown;
use super::page::Page;
use super::trouble::Trouble;
use crate::capture::Captured;
use crate::console::Console;

/// An array with a record on each line, in the order of the nodes. Output is
/// written piece by piece: it may be larger than memory.
pub(super) fn print(shown: &Shown<'_>, console: &mut Console) -> Result<(), Trouble> {
    let mut page = Page::new(console, Stream::Output, true);
    page.bytes(b"[")?;
    for place in 0..shown.course.len() {
        page.bytes(if place == 0 { b"\n  " } else { b",\n  " })?;
        print_record(shown, place, &mut page)?;
    }
    page.bytes(b"\n]\n")?;
    page.flush()
}

fn print_record(shown: &Shown<'_>, place: usize, page: &mut Page<'_>) -> Result<(), Trouble> {
    let name = json!(shown.course.name(place).as_str());
    page.bytes(format!("{{\"node\": {name}").as_bytes())?;
    if let Some(Ended { outcome, took }) = shown.course.ended(place) {
        let (key, value) = told(outcome);
        page.bytes(format!(", \"{key}\": {value}").as_bytes())?;
        let seconds = rounded(*took);
        page.bytes(format!(", \"seconds\": {seconds}").as_bytes())?;
    }
    for (key, stream) in [("output", Stream::Output), ("complaint", Stream::Complaint)] {
        page.bytes(format!(", \"{key}\": \"").as_bytes())?;
        if let Some(answer) = shown.answers.of(place, stream) {
            print_text(shown, answer, page)?;
        }
        page.bytes(b"\"")?;
    }
    page.bytes(b"}")
}

/// How it ended: one of these keys is in every record.
fn told(outcome: &Outcome) -> (&'static str, Value) {
    match outcome {
        Outcome::Status(status) => ("status", json!(status)),
        Outcome::NotFed(reason) => ("not_fed", json!(reason.to_string())),
        Outcome::TimedOut(reason) => ("timed_out", json!(reason.to_string())),
        Outcome::Unreachable(why) => ("unreachable", json!(reason(why, &BTreeSet::new()))),
        Outcome::Interrupted => ("interrupted", json!("it was ended while it ran")),
        Outcome::NotBegun => ("interrupted", json!("it was not begun")),
    }
}

/// In milliseconds' steps; what is below is chance.
fn rounded(took: Duration) -> Value {
    json!((took.as_secs_f64() * 1000.0).round() / 1000.0)
}

fn print_text(shown: &Shown<'_>, answer: &Captured, page: &mut Page<'_>) -> Result<(), Trouble> {
    let (mut utf8, mut text) = (Utf8::default(), String::new());
    shown.store.read(answer, &mut |bytes| {
        text.clear();
        utf8.push(bytes, &mut text);
        page.bytes(inner(&text).as_bytes())
    })?;
    text.clear();
    utf8.finish(&mut text);
    page.bytes(inner(&text).as_bytes())
}

/// The text as it stands between the quotes of a JSON string.
fn inner(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}
