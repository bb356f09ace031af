//! What can be typed. Nothing below `commands` knows the argument parser.

use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};

use crate::commands::{
    adopt, catalogue, check, completions, cp, draw, export, init, internet, job, keeper, lab,
    nodes, plan, run, schema, ssh, try_it, up,
};
use crate::console::Color;
use crate::exit;

/// A cluster of single-board computers, from one file to a job on every core.
///
/// Try it without any board: `bramble try` boots a whole cluster as a virtual
/// twin on this machine and runs a job on it.
#[derive(Debug, Parser)]
#[command(name = "bramble", version, after_help = exit::HELP, propagate_version = true)]
pub(crate) struct Args {
    /// The cluster file; without it, the nearest `bramble.toml` from here upwards
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Aim at the virtual twin on this machine instead of the boards
    #[arg(long, global = true)]
    pub(crate) lab: bool,
    /// Connect anew, instead of over connections kept from the last minutes
    #[arg(long, global = true)]
    pub(crate) cold: bool,
    /// Print the result as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What was typed. Where it cannot be read, that is said and the process ends.
pub(crate) fn typed() -> Args {
    Args::try_parse().unwrap_or_else(|error| {
        let typed: Vec<String> = std::env::args().collect();
        with_tip(error, &typed).exit()
    })
}

/// `ssh`, `pdsh` and `clush` take a command as it comes, and so it is typed here.
fn with_tip(mut error: clap::Error, typed: &[String]) -> clap::Error {
    let has = |word: &str| typed.iter().any(|typed| typed == word);
    if error.kind() == ErrorKind::UnknownArgument && (has("run") || has("ssh")) && !has("--") {
        let tip = "write `--` before the command: bramble run @all -- uname -r";
        let tips = ContextValue::StyledStrs(vec![tip.into()]);
        error.insert(ContextKind::Suggested, tips);
    }
    error
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(init::Args),
    Try(try_it::Args),
    Check(check::Args),
    Plan(plan::Args),
    Draw(draw::Args),
    Catalogue(catalogue::Args),
    Up(up::Args),
    Run(run::Args),
    Cp(cp::Args),
    Ssh(ssh::Args),
    Adopt(adopt::Args),
    Export(export::Args),
    Nodes(nodes::Args),
    Job(job::Args),
    Internet(internet::Args),
    Lab(lab::Args),
    #[command(hide = true)]
    Keeper(keeper::Args),
    Schema(schema::Args),
    Completions(completions::Args),
}
