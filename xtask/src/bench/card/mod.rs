//! `cargo xtask bench card`: boot cards made by bramble against `dd`, `bmaptool` and
//! caligula, all in one run on the same devices. Not in here: what each row measures
//! (`rows`), and what is written (`image`).

mod desk;
mod disk;
mod image;
mod limit;
mod measure;
mod mounted;
mod ours;
mod peers;
mod report;
mod rows;

use crate::bench::machine::Machine;
use crate::bench::report::Report;
use crate::failure::Failure;
use crate::program::{self, command};
use crate::tree::Tree;

use desk::Desk;
use rows::Row;

/// Where the last figures are kept, from the root of the project.
const LAST: &str = "bench/card.json";

/// Boot cards against dd, bmaptool and caligula
///
/// Makes an image and loop devices in a temporary directory beside what cargo built,
/// some 10 GB, and writes the figures to `bench/card.json`. Needs root. Installs what it
/// measures against where it is missing.
#[derive(Debug, clap::Args)]
pub(super) struct Wanted {
    /// How often each program is measured, in turn with the others
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    runs: u8,
    /// Measure these rows only, and keep no figures
    #[arg(long, value_enum, value_name = "ROW")]
    only: Vec<Row>,
}

/// Measures row after row, prints what was found and keeps it.
pub(super) fn measure(wanted: &Wanted, tree: &Tree) -> Result<(), Failure> {
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::new(
            "only root can make the devices that are written to: run it again with sudo",
        ));
    }
    build(tree)?;
    let machine = Machine::this()?;
    let desk = Desk::new(tree, wanted.runs)?;
    let mut rows = Vec::new();
    for row in Row::all() {
        if wanted.only.is_empty() || wanted.only.contains(&row) {
            let measured = row.measure(&desk);
            println!("\n{}", measured.shown());
            rows.push(measured);
        }
    }
    let report = Report::new(machine, peers::versions(&desk), rows);
    let promised = report::promised(&report.rows);
    println!("\n{}", report.under_its_heading(&promised));
    if wanted.only.is_empty() {
        report.write(&tree.root.join(LAST))?;
    }
    Ok(())
}

fn build(tree: &Tree) -> Result<(), Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut cargo = command(cargo);
    cargo.args(["build", "--release", "--locked", "--package", "bramble"]);
    program::run(cargo.current_dir(&tree.root))
}
