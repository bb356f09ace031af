//! `bramble up`: makes the nodes what the cluster file says.

use bramble_cluster::nodeset::NodeSet;
use bramble_converge::Outcome;
use bramble_view::count;
use bramble_view::plan as view;
use bramble_view::style::Label;
use serde_json::json;

use crate::console::Console;
use crate::convergence::{self, Planned};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{Choice, Target};

/// Bring all nodes to what the cluster file says
///
/// Reads what the nodes are and hold, and changes what differs: the head first,
/// then nodes that run services, then workers. A second run changes nothing. A
/// node that cannot be reached is named with its reason, and the others are
/// finished.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  bramble up --dry-run\n  bramble up\n  bramble --lab up")]
pub(crate) struct Args {
    /// Show what would change, line by line, and change nothing
    #[arg(long, short = 'n')]
    dry_run: bool,
    /// With --dry-run: exit with 3 if there is anything to change
    #[arg(long, requires = "dry_run")]
    exit_code: bool,
    /// Show every change line by line before it is made
    #[arg(long)]
    diff: bool,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let target = choice.target(console)?;
    let _lock = target.folder.lock("up")?;
    let planned = convergence::plan(&target, &mut |event| console.event(&event))?;
    if args.dry_run {
        return Ok(dry_run(args, &target, &planned, console));
    }
    if args.diff {
        console.print(&view::plan(&planned.plan));
    }
    let outcome = converge(&target, planned, console);
    console.print_json(&json!({ "made": outcome.made, "failed": outcome.failed }));
    Ok(convergence::exit(&outcome.failed))
}

/// Shows the plan, and changes nothing.
fn dry_run(args: &Args, target: &Target, planned: &Planned, console: &mut Console) -> Exit {
    console.print_json(
        &json!({ "plan": planned.plan, "digest": planned.plan.digest(), "failed": planned.failed }),
    );
    console.print(&view::plan(&planned.plan));
    console.print(&format!("{} to make\n", view::summary(&planned.plan)));
    for hint in convergence::advice(target, &planned.failed) {
        console.hint(&hint);
    }
    match convergence::exit(&planned.failed) {
        Exit::Done if args.exit_code && !planned.plan.is_empty() => Exit::Pending,
        exit => exit,
    }
}

/// Carries out the plan, and says in a sentence how that went.
pub(crate) fn converge(target: &Target, planned: Planned, console: &mut Console) -> Outcome {
    let nothing = planned.plan.is_empty();
    let outcome = if nothing {
        Outcome {
            failed: planned.failed,
            ..Outcome::default()
        }
    } else {
        convergence::apply(target, planned, &mut |event| console.event(&event))
    };
    console.print(&format!("{}\n", ending(&outcome)));
    for hint in convergence::advice(target, &outcome.failed) {
        console.hint(&hint);
    }
    outcome
}

fn ending(outcome: &Outcome) -> String {
    let made: usize = outcome.made.values().map(Vec::len).sum();
    let nodes = outcome
        .made
        .values()
        .filter(|made| !made.is_empty())
        .count();
    let summary = match made {
        0 => "0 changes".to_owned(),
        made => format!("{} made on {}", count(made, "change"), count(nodes, "node")),
    };
    if outcome.failed.is_empty() {
        return format!("{summary}: all nodes are what the cluster file says");
    }
    let names: NodeSet = outcome.failed.keys().cloned().collect();
    format!(
        "{summary}; {}",
        Label::Bad.paint(format!("not finished: {names}"))
    )
}
