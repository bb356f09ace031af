//! `bramble schema`: what may stand in a cluster file, for editors.

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

/// Print the JSON Schema of the cluster file
///
/// Editors complete and check bramble.toml by it: save it, and begin the cluster
/// file with the line `#:schema ./bramble.schema.json`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  bramble schema > bramble.schema.json")]
pub(crate) struct Args;

pub(crate) fn run(_: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let schema = bramble_cluster::schema::json();
    let text = serde_json::to_string_pretty(&schema)
        .map_err(|error| Failure::new(Exit::Host, format!("cannot write the schema: {error}")))?;
    console.raw(format!("{text}\n").as_bytes());
    Ok(Exit::Done)
}
