//! `cargo xtask bench`: the figures that the project promised, measured on this
//! machine. Not in here: the promises' reasons, which `bench/README.md` has.

mod again;
mod figure;
mod journey;
mod machine;
mod peers;
mod rest;
mod stand;

use std::path::Path;

use serde::Serialize;

use crate::bench::figure::Figure;
use crate::bench::machine::Machine;
use crate::bench::stand::Stand;
use crate::failure::Failure;
use crate::tree::Tree;

/// Measure what the project promised, and say which goals are met
///
/// Builds the release, boots twins of the example cluster in a temporary
/// directory, and writes the figures to `bench/last.json`. Needs root, and a
/// machine that does nothing else.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Leave out making a base image, which takes minutes
    #[arg(long)]
    cached_only: bool,
    /// Measure Ansible and pyinfra, too, where they are installed
    #[arg(long)]
    peers: bool,
    /// How many times the whole journey is made
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    journeys: u8,
}

/// What `bench/last.json` holds.
#[derive(Debug, Serialize)]
struct Report {
    machine: Machine,
    figures: Vec<Figure>,
}

pub(crate) fn run(args: &Args, tree: &Tree) -> Result<(), Failure> {
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::new(
            "only root can boot virtual nodes: run it again with sudo",
        ));
    }
    let machine = Machine::this()?;
    let stand = Stand::new(tree)?;
    let mut figures = journey::cached(&stand, args.journeys)?;
    figures.extend(rest::memory(&stand)?);
    figures.extend(again::second_up(&stand)?);
    if args.peers {
        figures.extend(peers::measure(&stand));
    }
    figures.push(journey::down(&stand)?);
    if !args.cached_only {
        figures.extend(journey::uncached(&stand)?);
    }
    let report = Report { machine, figures };
    write(&report, &tree.root.join("bench/last.json"))?;
    println!("\n{}\n\n{}", report.machine, figure::table(&report.figures));
    Ok(())
}

fn write(report: &Report, file: &Path) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(report)
        .map_err(|error| Failure::file("write", file, &error))?;
    std::fs::write(file, text + "\n").map_err(|error| Failure::file("write", file, &error))
}
