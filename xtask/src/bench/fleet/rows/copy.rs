//! One file to 16 nodes, each with a disk of its own in memory, and once more when
//! it is there. Not in here: trees of files, and the way back.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::super::bed::{self, Bed, HOME, address};
use super::super::clusters::{self, Way};
use super::super::measure::{Tool, rounds};
use super::super::ours::Ours;
use super::super::peers::{CLUSH_COPY, Peers};
use super::super::report::{Kind, Outcome};
use super::super::servers::Server;
use super::Plan;
use crate::failure::Failure;
use crate::program::{self, command};

const NODES: u32 = 16;
const BYTES: u64 = 50_000_000;

/// What ours may take of clush's time, and of its own when nothing has changed.
const GOAL: f64 = 0.60;
const GOAL_AGAIN: f64 = 0.05;

const COLD: &str = "bramble cp --cold";
const FIRST: &str = "bramble cp, starts the keeper";
const AGAIN: &str = "bramble cp, nothing changed";

pub(super) fn measure(bed: &Bed, plan: &Plan) -> Result<Outcome, Failure> {
    let file = random(bed)?;
    let roots = bed.roots(NODES)?;
    let server = Server::with_roots(bed, &roots)?;
    let ours = Ours::new(bed, &clusters::write(bed, NODES, Way::Direct)?);
    let hosts: Vec<_> = (0..NODES).map(|node| address(node).to_string()).collect();
    let peers = Peers::new(bed, &hosts, false)?;
    let to = format!("{HOME}/big.bin");
    let (from, nodes) = (file.display().to_string(), format!("@worker:{to}"));
    let cold = ["cp", &from, &nodes, "--cold"];
    let kept = ["cp", &from, &nodes];
    let empty = || empty(&roots);
    let mut tools = vec![
        ours.tool(COLD, &cold).fresh().after(empty),
        ours.tool(FIRST, &kept).fresh().after(empty),
        ours.tool(AGAIN, &kept),
    ];
    let copies = peers.copies(&file, &to).into_iter();
    tools.extend(copies.map(|tool: Tool<'_>| tool.after(empty)));
    let mut outcome = Outcome::new("50 MB to 16 nodes", rounds(bed, &tools, plan.runs));
    arrived(&file, &roots)?;
    drop(server);
    outcome.ratio(Kind::Wall, COLD, CLUSH_COPY, Some(GOAL));
    outcome.ratio(Kind::Wall, FIRST, CLUSH_COPY, Some(GOAL));
    outcome.ratio(Kind::Wall, AGAIN, FIRST, Some(GOAL_AGAIN));
    Ok(outcome)
}

/// No node has the file.
fn empty(roots: &[PathBuf]) -> Result<(), Failure> {
    roots.iter().try_for_each(|root| bed::wipe(root))
}

/// Content that nobody can compress.
fn random(bed: &Bed) -> Result<PathBuf, Failure> {
    let path = bed.path("big.bin");
    let mut made = File::create(&path).map_err(|error| Failure::file("make", &path, &error))?;
    let source = File::open("/dev/urandom");
    let copied = source.and_then(|source| io::copy(&mut source.take(BYTES), &mut made));
    copied
        .map(|_| path.clone())
        .map_err(|error| Failure::file("fill", &path, &error))
}

/// The last program's file is whole on every node, so the bed is what it says.
fn arrived(file: &Path, roots: &[PathBuf]) -> Result<(), Failure> {
    for root in roots {
        let there = format!("{}{HOME}/big.bin", root.display());
        program::output(command("cmp").arg(file).arg(there))?;
    }
    Ok(())
}
