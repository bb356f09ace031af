//! `cargo xtask bench`: the figures that the project promised, measured on this
//! machine. Not in here: the promises' reasons, which `bench/README.md` has.

mod again;
mod card;
mod figure;
mod fleet;
mod journey;
mod machine;
mod peers;
mod plan;
mod report;
mod rest;
mod sample;
mod stand;

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
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    alone: Option<Alone>,
    /// What to measure; plan and journey if nothing is named
    #[arg(value_enum)]
    part: Option<Part>,
    /// Leave out making a base image, which takes minutes
    #[arg(long)]
    cached_only: bool,
    /// Measure Ansible and pyinfra, too, where they are installed
    #[arg(long)]
    peers: bool,
    /// How many times the whole journey is made
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    journeys: u8,
    #[command(flatten)]
    fleet: fleet::Wanted,
}

/// What can be measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Check, plan and drawing: needs neither root nor a twin
    Plan,
    /// From nothing to a job in the twin
    Journey,
    /// Many nodes at once against pdsh, clush, Ansible, nodeset: installs them
    Fleet,
    /// What `fleet` starts in namespaces of its own
    #[value(hide = true)]
    FleetBed,
    /// The server that `fleet` starts in there
    #[value(hide = true)]
    FleetServer,
}

/// What is measured by itself, with options of its own.
#[derive(Debug, clap::Subcommand)]
enum Alone {
    Card(card::Wanted),
}

/// What `bench/last.json` holds.
#[derive(Debug, Serialize)]
struct Report {
    machine: Machine,
    figures: Vec<Figure>,
}

pub(crate) fn run(args: &Args, tree: &Tree) -> Result<(), Failure> {
    if let Some(Alone::Card(wanted)) = &args.alone {
        return card::measure(wanted, tree);
    }
    match args.part {
        Some(Part::Fleet) => fleet::measure(&args.fleet, tree),
        Some(Part::FleetBed) => fleet::in_bed(&args.fleet, tree),
        Some(Part::FleetServer) => fleet::serve(),
        _ => promises(args, tree),
    }
}

/// What one cluster does, as file and as twin.
fn promises(args: &Args, tree: &Tree) -> Result<(), Failure> {
    let machine = Machine::this()?;
    let mut figures = Vec::new();
    if args.part != Some(Part::Journey) {
        figures.extend(plan::measure(tree)?);
    }
    if args.part != Some(Part::Plan) {
        figures.extend(journeys(args, tree)?);
    }
    let report = Report { machine, figures };
    if args.part.is_none() {
        report::keep(&report, &tree.root.join("bench/last.json"))?;
    }
    println!("\n{}\n\n{}", report.machine, figure::table(&report.figures));
    Ok(())
}

/// Everything that takes the twin.
fn journeys(args: &Args, tree: &Tree) -> Result<Vec<Figure>, Failure> {
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::new(
            "only root can boot virtual nodes: run it again with sudo, or `bench plan`",
        ));
    }
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
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[derive(Debug, clap::Parser)]
    struct Typed {
        #[command(flatten)]
        _args: Args,
    }

    #[test]
    fn what_can_be_typed_does_not_contradict_itself() {
        Typed::command().debug_assert();
    }
}
