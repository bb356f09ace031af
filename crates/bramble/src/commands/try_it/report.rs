//! What stands at the end of `bramble try`, how long it took, and how to go on.

use std::collections::BTreeMap;
use std::time::Duration;

use bramble_cluster::Node;
use bramble_cluster::name::RoleName;
use bramble_view::progress::name;
use bramble_view::seconds;
use bramble_view::style::Label;
use bramble_view::table::table;
use serde::Serialize;
use serde_json::json;

use crate::console::Console;
use crate::failure::Failure;
use crate::jobs::{self, Ended};
use crate::reach::Target;

/// One node that stands.
#[derive(Debug, Serialize)]
struct Standing<'a> {
    name: &'a str,
    address: String,
    board: &'a str,
    /// As Slurm says it; `up` where Slurm knows nothing of the node.
    state: String,
    roles: Vec<&'a str>,
}

/// Prints the end of the journey.
pub(super) fn print(
    target: &Target,
    ended: Option<&Ended>,
    took: Duration,
    console: &mut Console,
) -> Result<(), Failure> {
    let nodes = standing(target)?;
    console.print(&node_table(&nodes));
    let stages: Vec<_> = console
        .stages()
        .iter()
        .map(|(stage, took)| [name(*stage).to_owned(), format!("{:>8}", seconds(*took))])
        .collect();
    console.print(&format!("\n{}", table(["stage", "    took"], &stages)));
    console.print(&format!(
        "from start to result: {}\n\n{}",
        seconds(took),
        next(target)
    ));
    let stages: Vec<_> = console
        .stages()
        .iter()
        .map(|(stage, took)| json!({ "stage": stage, "seconds": took.as_secs_f64() }))
        .collect();
    console.print_json(&json!({
        "cluster_file": target.folder.file(),
        "job": ended,
        "nodes": nodes,
        "stages": stages,
        "seconds": took.as_secs_f64(),
    }));
    Ok(())
}

fn standing(target: &Target) -> Result<Vec<Standing<'_>>, Failure> {
    let states = match target.cluster.scheduler {
        Some(_) => jobs::worker_states(target)?,
        None => BTreeMap::new(),
    };
    let state = |node: &Node| states.get(node.name.as_str()).cloned();
    let nodes = target.cluster.nodes.iter().map(|node| Standing {
        name: node.name.as_str(),
        address: node.address.to_string(),
        board: &node.hardware.board.name,
        state: state(node).unwrap_or_else(|| "up".to_owned()),
        roles: node.roles.iter().map(RoleName::as_str).collect(),
    });
    Ok(nodes.collect())
}

fn node_table(nodes: &[Standing<'_>]) -> String {
    let row = |node: &Standing<'_>| {
        [
            node.name.to_owned(),
            node.address.clone(),
            node.board.to_owned(),
            node.state.clone(),
            node.roles.join(", "),
        ]
    };
    let rows: Vec<_> = nodes.iter().map(row).collect();
    table(["node", "address", "stands for", "state", "roles"], &rows)
}

fn next(target: &Target) -> String {
    let login = format!("--lab ssh {}", target.cluster.head().name);
    let mut commands = vec![
        ("--lab run @all -- uptime", "a command on all nodes"),
        (&login, "log in"),
    ];
    if target.cluster.gateway().is_some() {
        commands.push(("--lab internet on --for 30m", "let workers out"));
    }
    if target.cluster.scheduler.is_some() {
        let purpose = "a job of your own, on every core";
        commands.push(("--lab job submit FILE.py", purpose));
    }
    commands.push(("--lab up --dry-run", "what differs from the cluster file"));
    commands.push(("lab down", "end it; nothing is left behind"));
    let mut text = format!(
        "The cluster file: {}\nGo on with:\n",
        target.folder.file().display()
    );
    let bramble = called_as();
    let line = |(words, purpose): (&str, &str)| {
        let padding = " ".repeat(28_usize.saturating_sub(words.len()));
        let command = Label::Command.paint(format!("{bramble} {words}"));
        format!("  {command}{padding} {purpose}\n")
    };
    text.extend(commands.into_iter().map(line));
    text
}

/// As the user called us, so that the commands can be typed as they stand: from
/// `cargo run` that is a path.
fn called_as() -> String {
    let called = std::env::args_os().next().unwrap_or_default();
    called
        .into_string()
        .unwrap_or_else(|_| "bramble".to_owned())
}
