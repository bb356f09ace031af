//! What people see, as snapshots: every look once plain and once with styles.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]

mod answers;
mod catalogue;
mod diagnostics;
mod outcome;
mod plan;
mod progress;
mod purchase;
mod small;

/// `text` as it is written to something that is no terminal.
fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// `text` with its styles made visible: `^[` is the escape character.
fn styled(text: &str) -> String {
    text.replace('\u{1b}', "^[")
}
