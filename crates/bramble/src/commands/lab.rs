//! `bramble lab`: the virtual twin of a cluster on this machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bramble_cluster::event::Event;
use bramble_cluster::{Cluster, NodeName, NodeSet};
use bramble_lab::twin::NodeStatus;
use bramble_lab::{LabError, Layout, Twin, WrittenCard};
use bramble_view::table::table;
use clap::Subcommand;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Choice;
use crate::{interrupt, twin};

/// Start, stop and look at the virtual twin of a cluster
///
/// The twin boots the operating system of the nodes with the seed that their
/// cards would have, in a network of its own. `--lab` aims any other command at
/// it. Needs root.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bramble lab up
  bramble --lab up
  bramble lab up --cards cards
  bramble --lab run @all -- uptime
  bramble lab fail node3
  bramble lab down")]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Boot the nodes of the cluster file; those of an earlier start are removed
    Up {
        /// Install missing packages on this machine without asking
        #[arg(long, short)]
        yes: bool,
        /// Boot each node that has a file NODE.img in this folder from it, as `bramble
        /// card image` writes them; the files stay as they are
        #[arg(long, value_name = "DIR")]
        cards: Option<PathBuf>,
    },
    /// End all nodes and remove every trace of them
    Down,
    /// Say which nodes run, and what memory they take
    Status,
    /// Cut the power of a node
    Fail {
        /// Which node
        node: NodeName,
    },
    /// Give a node its power back
    Heal {
        /// Which node
        node: NodeName,
    },
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let choice = Choice {
        lab: true,
        ..choice.clone()
    };
    match &args.action {
        Action::Up { yes, cards } => up(*yes, cards.as_deref(), &choice, console),
        Action::Down => down(&choice, console),
        Action::Status => status(&choice, console),
        Action::Fail { node } => power(node, false, &choice, console),
        Action::Heal { node } => power(node, true, &choice, console),
    }
}

fn up(
    yes: bool,
    cards: Option<&Path>,
    choice: &Choice,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let folder = choice.folder()?;
    let cluster = folder.cluster(console)?;
    let written = cards.map_or_else(|| Ok(BTreeMap::new()), |cards| written(cards, &cluster))?;
    let _lock = folder.lock("lab up")?;
    if !written.is_empty() {
        let nodes: NodeSet = written.keys().cloned().collect();
        let message = format!("from cards: {}", nodes.fold());
        console.event(&Event::Note { message });
    }
    let stop = interrupt::flag()?;
    twin::prepare_host(yes, console)?;
    twin::boot(folder, cluster, &written, &stop, console)?;
    console.print_with_command(
        "The twin is up. Bring its nodes to what the cluster file says: `bramble --lab up`\n",
    );
    Ok(Exit::Done)
}

/// The cards of `cluster`'s nodes that are in a folder; there is at least one.
fn written(cards: &Path, cluster: &Cluster) -> Result<BTreeMap<NodeName, WrittenCard>, Failure> {
    let files = cluster.nodes.iter().map(|node| &node.name);
    let files = files.map(|node| (node, cards.join(format!("{node}.img"))));
    let written: BTreeMap<_, _> = files
        .filter(|(_, file)| file.is_file())
        .map(|(node, file)| Ok((node.clone(), WrittenCard::open(node, &file)?)))
        .collect::<Result<_, _>>()
        .map_err(wrong_card)?;
    if !written.is_empty() {
        return Ok(written);
    }
    let first = &cluster.nodes[0].name;
    let message = format!(
        "{} has no card of a node of {}: no {first}.img",
        cards.display(),
        cluster.name
    );
    Err(Failure::new(Exit::Usage, message).hint(
        "write them: `bramble card image @all --image IMAGE -o DIR`, from an image for this \
         machine's processor",
    ))
}

/// Which file it is was told on the command line.
fn wrong_card(error: LabError) -> Failure {
    match error {
        LabError::Card(error) => Failure::new(Exit::Usage, error.to_string()).hint(error.remedy()),
        other => other.into(),
    }
}

fn down(choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let folder = choice.folder()?;
    let _lock = folder.lock("lab down")?;
    // The file may have errors by now, or another name for the cluster.
    let named = folder
        .read()?
        .cluster
        .map(|cluster| Twin::of(folder.file(), &cluster.name));
    for twin in Twin::recorded(folder.file()).into_iter().chain(named) {
        twin::take_down(&twin, &folder, console)?;
    }
    console.print(&format!(
        "the twin of {} is down, and nothing of it is left\n",
        folder.name()
    ));
    Ok(Exit::Done)
}

fn status(choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let folder = choice.folder()?;
    let cluster = folder.cluster(console)?;
    let twin = Twin::of(folder.file(), &cluster.name);
    let status = twin.status();
    console.print_json(&status);
    let rows: Vec<_> = cluster
        .nodes
        .iter()
        .map(|node| {
            let found = status.nodes.iter().find(|found| found.name == node.name);
            let state = if found.is_some_and(|found| found.running) {
                "runs"
            } else {
                "off"
            };
            let memory = found.and_then(|found| found.memory);
            let memory = memory
                .map(|bytes| format!("{} MB", bytes / 1_000_000))
                .unwrap_or_default();
            [
                node.name.to_string(),
                node.address.to_string(),
                state.to_owned(),
                memory,
            ]
        })
        .collect();
    console.print(&table(["node", "address", "state", "memory"], &rows));
    Ok(Exit::Done)
}

fn power(
    node: &NodeName,
    on: bool,
    choice: &Choice,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let folder = choice.folder()?;
    let cluster = folder.cluster(console)?;
    if cluster.node(node).is_none() {
        let message = format!("{} has no node {node}", cluster.name);
        return Err(Failure::new(Exit::Usage, message).hint("see its nodes: `bramble lab status`"));
    }
    let twin = Twin::of(folder.file(), &cluster.name);
    let runs = |status: &NodeStatus| status.name == *node && status.running;
    let runs = twin.status().nodes.iter().any(runs);
    let state = match (on, runs) {
        (true, true) => "runs already",
        (true, false) => {
            twin.power_on(node, &Layout::of(&cluster))?;
            "is starting"
        }
        (false, _) => {
            twin.power_off(node)?;
            "is off"
        }
    };
    console.print(&format!("{node} {state}\n"));
    Ok(Exit::Done)
}
