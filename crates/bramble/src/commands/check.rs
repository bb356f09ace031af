//! `bramble check`: what is wrong with the cluster file.

use bramble_cluster::diagnostic::{Diagnostic, Severity};
use bramble_view::count;
use serde_json::{Value, json};

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Choice;

/// Check the cluster file
///
/// Reads the file and says everything that is wrong with it, with the place and
/// the remedy. Exits with 0 if there is no error, and with 2 otherwise.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  bramble check\n  bramble check -f garden.toml --json")]
pub(crate) struct Args;

pub(crate) fn run(_: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let folder = choice.folder()?;
    let read = folder.read()?;
    let counted = |severity| {
        read.diagnostics
            .iter()
            .filter(|one| one.severity == severity)
            .count()
    };
    let (errors, warnings) = (counted(Severity::Error), counted(Severity::Warning));
    let diagnostics: Vec<_> = read
        .diagnostics
        .iter()
        .map(|one| with_line(&read.text, one))
        .collect();
    console.print_json(&json!({
        "file": folder.file(),
        "errors": errors,
        "warnings": warnings,
        "diagnostics": diagnostics,
    }));
    console.print(&folder.show(&read));
    let nodes = read
        .cluster
        .as_ref()
        .map(|cluster| format!("{}, ", count(cluster.nodes.len(), "node")));
    console.print(&format!(
        "{}: {}{}, {}\n",
        folder.name(),
        nodes.unwrap_or_default(),
        count(errors, "error"),
        count(warnings, "warning")
    ));
    Ok(if errors == 0 { Exit::Done } else { Exit::Usage })
}

/// The diagnostic with the line it is about, counted from one, as editors do.
fn with_line(text: &str, diagnostic: &Diagnostic) -> Value {
    let before = &text[..diagnostic.primary.span.start];
    let line = before.matches('\n').count() + 1;
    let mut value = json!(diagnostic);
    value["line"] = json!(line);
    value
}
