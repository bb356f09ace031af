//! `cargo xtask bench fleet`: one command, one file and one set of nodes, for many
//! nodes at once, against the programs that people use for it today; all in one run
//! on a bed of this machine's own namespaces. Not in here: what each row measures
//! (`rows`), and what the bed is made of (`bed`, `servers`).

mod bed;
mod cheap;
mod clusters;
mod keeper;
mod measure;
mod ours;
mod packages;
mod peers;
mod report;
mod rows;
mod servers;

use std::process::Command;

use crate::bench::machine::Machine;
use crate::bench::report::Report;
use crate::failure::Failure;
use crate::program::{self, command};
use crate::tree::Tree;

use bed::Bed;
use rows::Row;

/// Where the last figures are kept, from the root of the project.
const LAST: &str = "bench/fleet.json";

/// What of it is wanted.
#[derive(Debug, clap::Args)]
pub(super) struct Wanted {
    /// How often each program is measured, after one run to warm up (`fleet`)
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    runs: u8,
    /// Measure these rows only, and keep no figures (`fleet`)
    #[arg(long, value_enum, value_name = "ROW")]
    only: Vec<Row>,
    /// Let `nodeset` fold a million two-dimensional names: three minutes, 2.7 GB
    /// (`fleet`)
    #[arg(long)]
    peers_long: bool,
}

/// Prepares what needs the machine's network, and measures in a bed without it.
pub(super) fn measure(wanted: &Wanted, tree: &Tree) -> Result<(), Failure> {
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::new(
            "only root can make the namespaces that the servers run in: run it again with sudo",
        ));
    }
    for (package, why) in packages::prepare() {
        println!("{package} cannot be installed, and is not measured: {why}");
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = ["build", "--release", "--locked"];
    let both = ["--package", "bramble", "--package", "xtask"];
    let mut cargo = command(cargo);
    program::run(cargo.args(build).args(both).current_dir(&tree.root))?;
    program::run(&mut inside(wanted, tree))
}

/// The same command in namespaces of its own. All in them is gone as soon as its
/// first process is, and that goes when this one does, however it ends.
fn inside(wanted: &Wanted, tree: &Tree) -> Command {
    let mut inside = command("setpriv");
    inside.args(["--pdeathsig", "KILL", "unshare", "--net", "--mount"]);
    inside.args(["--pid", "--fork", "--kill-child", "--mount-proc"]);
    inside.arg(tree.built("release", "xtask"));
    inside.args(["bench", "fleet-bed", "--runs", &wanted.runs.to_string()]);
    for row in &wanted.only {
        inside.arg("--only").arg(row.to_string());
    }
    inside.args(wanted.peers_long.then_some("--peers-long"));
    inside
}

/// What runs inside: makes the bed, measures row after row and prints the tables.
pub(super) fn in_bed(wanted: &Wanted, tree: &Tree) -> Result<(), Failure> {
    let machine = Machine::this()?;
    let bed = Bed::make(tree.built("release", "bramble"))?;
    let plan = rows::Plan {
        runs: wanted.runs,
        peers_long: wanted.peers_long,
    };
    let mut rows = Vec::new();
    for row in Row::all() {
        if wanted.only.is_empty() || wanted.only.contains(&row) {
            let measured = row.measure(&bed, &plan);
            println!("\n{}", report::shown(&measured));
            rows.push(measured);
        }
    }
    let report = Report::new(machine, peers::versions(), rows);
    let promised = report::promised(&report.rows);
    println!("\n{}", report.under_its_heading(&promised));
    if wanted.only.is_empty() {
        report.write(&tree.root.join(LAST))?;
    }
    Ok(())
}

/// The server that costs next to nothing, until it is ended.
pub(super) fn serve() -> Result<(), Failure> {
    cheap::serve(&Bed::made().host_key())
}
