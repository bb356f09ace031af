//! `bramble draw`: the schematic of the cluster, as SVG or PNG. Not in here: what
//! it shows (`bramble_plan::drawing`).

mod png;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use bramble_plan::drawing::{self, Scheme};
use bramble_plan::plan::Found;
use clap::ValueEnum;
use serde::Serialize;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Choice;
use crate::safe_file;
use crate::survey::Survey;

/// Draw the cluster: boards, switches, supplies, cables, addresses
///
/// Every port is numbered and every cable ends where it will be plugged in;
/// findings of `bramble check` are marked where they are. Without `-o` the drawing
/// goes to standard output, with `--json` in an object with the findings. An SVG is light or dark as its reader wishes. Errors
/// in the plan are drawn too, and do not change the exit code.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bramble draw -o cluster.svg\n  bramble draw -o cluster.png --dark\n  bramble draw > cluster.svg"
)]
pub(crate) struct Args {
    /// Write to a file instead, as SVG or PNG by its ending
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What to write, whatever the file is called
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Pixels of a PNG for each unit of the drawing
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=8))]
    scale: u8,
    /// Dark colours, whatever the reader wishes
    #[arg(long)]
    dark: bool,
}

/// What the drawing is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines and text, sharp at any size.
    Svg,
    /// Pixels.
    Png,
}

/// What is drawn, as JSON.
#[derive(Debug, Serialize)]
struct Drawn {
    /// Where it was written to.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
    /// The drawing itself, if it was written nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    svg: Option<String>,
    /// What is marked in it, in the order of its numbers.
    findings: Vec<Found>,
}

/// `as_json` says whether the result is wanted as JSON.
pub(crate) fn run(
    args: &Args,
    as_json: bool,
    choice: &Choice,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let format = format(args)?;
    if as_json && format == Format::Png && args.output.is_none() {
        let failure = Failure::new(Exit::Usage, "a PNG cannot be written into JSON");
        return Err(failure.hint("write it to a file: `bramble draw --json -o cluster.png`"));
    }
    if format == Format::Png && args.output.is_none() && std::io::stdout().is_terminal() {
        let failure = Failure::new(Exit::Usage, "a PNG is nothing to show on a terminal");
        return Err(failure.hint("write it to a file: `bramble draw -o cluster.png`"));
    }
    let folder = choice.folder()?;
    let survey = Survey::of_cluster(&folder, console)?;
    if let Some(site) = survey.site() {
        let svg = drawing::draw_in(scheme(args, format), &site, &survey.findings);
        let shown = (as_json && args.output.is_none()).then(|| svg.clone());
        if shown.is_none() {
            let bytes = match format {
                Format::Svg => svg.into_bytes(),
                Format::Png => png::png(&svg, args.scale)?,
            };
            put(args.output.as_deref(), &bytes, console)?;
        }
        console.print_json(&Drawn {
            file: args.output.clone(),
            svg: shown,
            findings: survey.findings.iter().map(Found::of).collect(),
        });
    }
    Ok(Exit::Done)
}

/// What was asked for, else what the file's ending says, else SVG.
fn format(args: &Args) -> Result<Format, Failure> {
    if let Some(format) = args.format {
        return Ok(format);
    }
    let Some(path) = &args.output else {
        return Ok(Format::Svg);
    };
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("svg") => Ok(Format::Svg),
        Some("png") => Ok(Format::Png),
        _ => Err(Failure::new(
            Exit::Usage,
            format!("{}: its ending is neither .svg nor .png", path.display()),
        )
        .hint("end the name by one of them, or say which with `--format svg|png`")),
    }
}

/// Pixels cannot change with their reader.
const fn scheme(args: &Args, format: Format) -> Scheme {
    match (args.dark, format) {
        (true, _) => Scheme::Dark,
        (false, Format::Svg) => Scheme::Reader,
        (false, Format::Png) => Scheme::Light,
    }
}

fn put(path: Option<&Path>, bytes: &[u8], console: &mut Console) -> Result<(), Failure> {
    let Some(path) = path else {
        console.raw(bytes);
        return Ok(());
    };
    if path.is_dir() {
        let message = format!("cannot write {}: it is a directory", path.display());
        let example = path.join("cluster.svg");
        return Err(Failure::new(Exit::Usage, message)
            .hint(format!("name a file in it: `-o {}`", example.display())));
    }
    safe_file::publish(path, bytes).map_err(|failure| {
        failure.hint("choose a file in a directory that is there and that you may write to")
    })
}
