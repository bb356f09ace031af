//! `bramble card list`: what could be written.

use std::path::Path;

use bramble_media::disk::{self, Disk, Wish};
use bramble_view::copy::size;
use bramble_view::table::table;
use serde::Serialize;

use crate::card::place::{self, About};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

/// Show removable disks: size, model, serial, and what is on them
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Show all disks, also those that no card is in
    #[arg(long)]
    all: bool,
}

/// A disk as JSON.
#[derive(Debug, Serialize)]
struct Told {
    #[serde(flatten)]
    about: About,
    /// Why it is not written to, whatever the image.
    refused: Option<String>,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let disks = place::disks(args.all)?;
    let told: Vec<Told> = disks.iter().map(told).collect();
    console.print_json(&told);
    if told.is_empty() {
        console.print("no removable disk is plugged in\n");
        console.hint("put a card into a reader, or see every disk: `bramble card list --all`");
        return Ok(Exit::Done);
    }
    let rows: Vec<_> = told.iter().map(row).collect();
    let heading = [
        "disk",
        "size",
        "model",
        "serial",
        "on it",
        "name that stays",
    ];
    console.print(&table(heading, &rows));
    for refused in told.iter().filter_map(|told| told.refused.as_ref()) {
        console.print(&format!("{refused}\n"));
    }
    Ok(Exit::Done)
}

fn told(disk: &Disk) -> Told {
    let by_id = disk.by_id.first().unwrap_or(&disk.path);
    let wish = Wish {
        disk,
        given: by_id,
        needs: 0,
        source: None,
        yes: false,
    };
    Told {
        about: place::about(disk),
        refused: disk::refusal(&wish).map(|refusal| refusal.to_string()),
    }
}

fn row(told: &Told) -> [String; 6] {
    let About {
        path,
        model,
        serial,
        by_id,
        ..
    } = &told.about;
    let shown = |path: &Path| path.display().to_string();
    [
        shown(path),
        size(told.about.size),
        model.clone().unwrap_or_default(),
        serial.clone().unwrap_or_default(),
        told.about.content(),
        by_id.first().map(|path| shown(path)).unwrap_or_default(),
    ]
}
