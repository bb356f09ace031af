//! Cluster files, good and bad: what is read and what is told.

mod good;
mod grammar;
mod identity;
mod members;
mod properties;
mod values;
mod wires;
mod words;

use std::fmt::Write as _;

use super::*;

/// The example of the recipe, which has nothing wrong with it.
const RECIPE: &str = include_str!("../../../../examples/002-recipe/bramble.toml");

/// The examples, each from a guide or notes that somebody wrote.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "000-vim3",
        include_str!("../../../../examples/000-vim3/bramble.toml"),
    ),
    (
        "001-notes",
        include_str!("../../../../examples/001-notes/bramble.toml"),
    ),
    ("002-recipe", RECIPE),
    (
        "003-dox",
        include_str!("../../../../examples/003-dox/bramble.toml"),
    ),
    (
        "004-super",
        include_str!("../../../../examples/004-super/bramble.toml"),
    ),
];

/// The least that is a cluster.
const LEAST: &str = r#"
[cluster]
name = "garden"
[network]
subnet = "10.55.0.0/24"
[head]
name = "head"
board = "rpi3b"
[[nodes]]
names = "node[1-2]"
board = "rpi3b"
"#;

fn read(text: &str) -> Reading {
    let catalogue = Catalogue::builtin();
    let roles = &["gateway", "time", "storage", "scheduler", "worker", "mpi"];
    super::read(
        text,
        &Vocabulary {
            catalogue: &catalogue,
            roles,
        },
    )
}

/// What is told about `text`: code, title, and the marked places and remedy.
fn told(text: &str) -> String {
    let mut out = String::new();
    for diagnostic in read(text).diagnostics {
        let line = |place: &crate::diagnostic::Span| text[..place.start].matches('\n').count() + 1;
        let Diagnostic {
            code,
            severity,
            title,
            primary,
            secondary,
            figures: _,
            help,
        } = diagnostic;
        writeln!(out, "{severity:?} {code}: {title}").unwrap();
        for label in std::iter::once(&primary).chain(&secondary) {
            let (line, marked) = (line(&label.span), &text[label.span.clone()]);
            writeln!(out, "  {line}: {marked:?} {}", label.text).unwrap();
        }
        writeln!(out, "  help: {}", help.unwrap_or_default()).unwrap();
    }
    out
}

/// The recipe with one piece replaced: what is told about that.
fn changed(from: &str, to: &str) -> String {
    assert!(RECIPE.contains(from), "{from}");
    told(&RECIPE.replacen(from, to, 1))
}

/// The least cluster file with lines added after `[table]`.
fn added(table: &str, lines: &str) -> String {
    let header = format!("{table}\n");
    assert!(LEAST.contains(&header), "{table}");
    told(&LEAST.replacen(&header, &format!("{header}{lines}\n"), 1))
}
