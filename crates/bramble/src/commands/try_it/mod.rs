//! `bramble try`: the whole journey on this machine.

mod report;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use bramble_cluster::Cluster;
use bramble_cluster::event::{Event, Stage};
use bramble_lab::Twin;
use bramble_view::count;
use bramble_view::style::Label;

use super::up;
use crate::cluster_folder::{ClusterFolder, FILE_NAME};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::jobs::{self, Ended, Program};
use crate::reach::{Choice, Target};
use crate::{convergence, example, interrupt, safe_file, twin};

/// See a whole cluster work on this machine, before buying anything
///
/// Boots the cluster of a cluster file as virtual nodes, brings them to what the
/// file says, and runs an MPI job on every core of its workers. Without a file
/// it is the cluster of a well-known guide: five Raspberry Pi 3B+ behind a Pi 4.
/// Needs root; the first time it takes some minutes to make the nodes' system.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  bramble try\n  bramble try garden/bramble.toml")]
pub(crate) struct Args {
    /// The cluster file to try
    #[arg(value_name = "FILE")]
    cluster: Option<PathBuf>,
    /// Install missing packages on this machine without asking
    #[arg(long, short)]
    yes: bool,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let started = Instant::now();
    let own = args.cluster.clone().or_else(|| choice.file.clone());
    let folder = ClusterFolder::of(&match &own {
        Some(file) => file.clone(),
        None => example_file()?,
    })?;
    let cluster = folder.cluster(console)?;
    let _lock = folder.lock("try")?;
    let stop = interrupt::flag()?;
    twin::prepare_host(args.yes, console)?;
    console.say(&introduction(&cluster));

    let twin = Twin::of(folder.file(), &cluster.name);
    let exit = journey(folder.clone(), cluster, &stop, started, console);
    if stop.load(Ordering::Relaxed) {
        twin::take_down(&twin, &folder, console)?;
        return Err(Failure::new(
            Exit::Interrupted,
            "interrupted; nothing of the twin is left",
        ));
    }
    exit
}

/// Boots, converges, runs the job and reports.
fn journey(
    folder: ClusterFolder,
    cluster: Cluster,
    stop: &Arc<AtomicBool>,
    started: Instant,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let target = twin::boot(folder, cluster, &BTreeMap::new(), stop, console)?;
    let planned = convergence::plan(&target, &mut |event| console.event(&event))?;
    let outcome = up::converge(&target, planned, console);
    if !outcome.failed.is_empty() {
        return Ok(convergence::exit(&outcome.failed));
    }
    let ended = job(&target, console)?;
    let took = started.elapsed();
    if let Some(ended) = &ended {
        console.print(&format!("\n{}\n", ended.output));
    }
    report::print(&target, ended.as_ref(), took, console)?;
    Ok(match ended {
        Some(ended) if !ended.succeeded() => Exit::Failed,
        _ => Exit::Done,
    })
}

/// The example, written where it stays, so that later commands find it.
fn example_file() -> Result<PathBuf, Failure> {
    let folder = twin::state()?.join("try");
    fs::create_dir_all(&folder).map_err(|error| Failure::file("make", &folder, &error))?;
    let file = folder.join(FILE_NAME);
    if fs::read(&file).ok().as_deref() != Some(example::CLUSTER.as_bytes()) {
        safe_file::write(&file, example::CLUSTER.as_bytes())?;
    }
    Ok(file)
}

fn introduction(cluster: &Cluster) -> String {
    let head = cluster.head();
    let workers: Vec<_> = cluster.with_role("worker").collect();
    let cores = cluster.worker_cores();
    let mut boards: BTreeMap<&str, usize> = BTreeMap::new();
    for node in &workers {
        *boards.entry(&node.hardware.board.name).or_default() += 1;
    }
    let boards: Vec<_> = boards
        .into_iter()
        .map(|(board, number)| format!("{number} x {board}"))
        .collect();
    format!(
        "{}: {} as head, {} as {}: {} for jobs",
        Label::Heading.paint(&cluster.name),
        head.hardware.board.name,
        boards.join(" and "),
        if workers.len() == 1 {
            "worker"
        } else {
            "workers"
        },
        count(cores as usize, "core"),
    )
}

/// Runs the example program on every worker core. Without a scheduler there are
/// no jobs, and without a shared directory workers cannot see the program.
fn job(target: &Target, console: &mut Console) -> Result<Option<Ended>, Failure> {
    let cores = target.cluster.worker_cores();
    if target.cluster.scheduler.is_none() || target.cluster.shares.is_empty() || cores == 0 {
        let message = "no job is run: that takes a scheduler, a worker and a shared directory";
        console.event(&Event::Note {
            message: message.to_owned(),
        });
        return Ok(None);
    }
    twin::timed(Stage::Job, console, |_| {
        let program = Program {
            name: "pi.py".to_owned(),
            content: example::PI.as_bytes().to_vec(),
            tasks: Some(cores),
        };
        let id = jobs::submit(target, &program)?;
        jobs::wait(target, &id).map(Some)
    })
}
