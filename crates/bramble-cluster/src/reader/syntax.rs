//! TOML's own grammar: the text as a tree, and every violation told. Not in
//! here: keys and values.

use toml::Spanned;
use toml::de::{DeTable, Error};

use super::Report;
use super::report::{Extent, SYNTAX_CODE};
use crate::diagnostic::{Diagnostic, Label, Span};

/// What a violation says, and what is to be done about it.
const REMEDIES: &[(&str, &str)] = &[
    ("duplicate key", "keep one of the two and delete the other"),
    (
        "invalid basic string",
        "close the text with a double quote on the same line",
    ),
    (
        "invalid literal string",
        "close the text with a single quote on the same line",
    ),
    (
        "string values must be quoted",
        "put the value between double quotes",
    ),
    ("opening quote", "put the value between double quotes"),
    ("unclosed array table", "close the table's name with `]]`"),
    ("unclosed table", "close the table's name with `]`"),
    ("unclosed array", "close the list with `]`"),
    ("unclosed inline table", "close the table with `}`"),
    ("missing comma", "put a comma between the two"),
    ("extra comma", "delete the comma"),
    ("missing value", "write a value after the `=`"),
    ("key with no value", "write `= ` and a value after the key"),
    (
        "invalid unquoted key",
        "write the key with letters, digits, `-` and `_` only",
    ),
    (
        "leading zero",
        "put the value between double quotes, or write it without the zero",
    ),
    (
        "recurs",
        "tables and lists are never nested this deep in a cluster file",
    ),
];

/// For violations of which the message says enough.
const GENERAL: &str = "each line is `key = value` with text between double quotes, \
                       or `[name]` to begin a table";

/// Most violations that are told. A text with more is no cluster file with
/// slips, but something else altogether.
const MOST: usize = 50;

/// The tree of what could be read. TOML allows nesting up to 80 levels, which
/// the parser holds, so that walking the tree cannot exhaust the stack.
pub(crate) fn parse<'a>(report: &Report<'a>) -> Spanned<DeTable<'a>> {
    let (tree, errors) = DeTable::parse_recoverable(report.text());
    // After a bracket that is never closed everything looks wrong: the first
    // error tells where that begins.
    let unclosed = errors
        .iter()
        .any(|error| error.message().contains("unclosed array, "));
    let comma = |error: &Error| unclosed && error.message().starts_with("missing comma");
    for error in errors.iter().take(MOST) {
        if comma(error) {
            report.push_syntax(unclosed_list(error, report), Extent::Rest);
            return tree;
        }
        let diagnostic = explain(error, report);
        let extent = extent(error, report, &diagnostic.primary.span);
        report.push_syntax(diagnostic, extent);
    }
    if errors.len() > MOST {
        report.give_up();
    }
    tree
}

/// How much of the text a violation makes a guess.
fn extent(error: &Error, report: &Report<'_>, place: &Span) -> Extent {
    let header = report.line(place.start).trim_start().starts_with('[');
    if header || error.message().contains("unclosed") {
        Extent::Rest
    } else {
        Extent::Line
    }
}

fn unclosed_list(error: &Error, report: &Report<'_>) -> Diagnostic {
    let label = Label::new(
        error.span().unwrap_or(report.end()),
        "a `,` or a `]` is missing here",
    );
    let help = "close the list with `]`, or put a comma between its items";
    Diagnostic::error(SYNTAX_CODE, "a list is never closed", label).with_help(help)
}

fn explain(error: &Error, report: &Report<'_>) -> Diagnostic {
    let message = error.message();
    let remedy = REMEDIES.iter().find(|(part, _)| message.contains(part));
    // What the parser expected says less than a remedy.
    let title = match remedy {
        Some(_) => message
            .split_once(", expected")
            .map_or(message, |(title, _)| title),
        None => message,
    };
    let place = error.span().unwrap_or(report.end());
    let help = match decimal_comma(report.line(place.start)) {
        Some(number) => format!("write a point in numbers: `{number}`"),
        None => remedy.map_or(GENERAL, |(_, remedy)| remedy).to_owned(),
    };
    let label = Label::new(place, "TOML's grammar is broken here");
    Diagnostic::error(SYNTAX_CODE, title, label).with_help(help)
}

/// A number with a comma that was meant to be its point, mended: `199.90` of
/// `price = 199,90`.
fn decimal_comma(line: &str) -> Option<String> {
    let mut values = line.split('=').skip(1);
    let mended = |value: &str| {
        let (whole, rest) = value.trim_start().split_once(',')?;
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let places = &rest[..end];
        (digits(whole) && digits(places)).then(|| format!("{whole}.{places}"))
    };
    values.find_map(mended)
}
