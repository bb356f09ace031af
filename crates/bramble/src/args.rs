//! What can be typed. Nothing below `commands` knows the argument parser.

use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};

use crate::aim::word;
use crate::commands::{
    adopt, card, catalogue, check, completions, cp, discover, draw, export, image, init, internet,
    job, keeper, lab, nodes, plan, run, schema, ssh, try_it, up,
};
use crate::console::Color;
use crate::exit;
use crate::reach::Choice;

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
    #[arg(long, global = true, overrides_with = "lab")]
    pub(crate) lab: bool,
    /// Connect anew, instead of over connections kept from the last minutes
    #[arg(long, global = true, overrides_with = "cold")]
    pub(crate) cold: bool,
    /// Print the result as JSON
    #[arg(long, global = true, overrides_with = "json")]
    pub(crate) json: bool,
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Args {
    /// Which cluster is meant.
    pub(crate) fn choice(&self) -> Choice {
        Choice {
            file: self.file.clone(),
            lab: self.lab,
            cold: self.cold,
        }
    }
}

/// What was typed. Where it cannot be read, that is said and the process ends.
pub(crate) fn typed() -> Args {
    Args::try_parse().unwrap_or_else(|error| {
        let typed: Vec<String> = std::env::args().collect();
        with_tip(error, &typed).exit()
    })
}

/// What is likely to be meant where a word is too many.
fn with_tip(mut error: clap::Error, typed: &[String]) -> clap::Error {
    let odd = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(odd)) if error.kind() == ErrorKind::UnknownArgument => odd,
        _ => return error,
    };
    let tip = match typed.iter().position(|word| word == "--") {
        Some(end) => one_argument(odd, &typed[..end]),
        None => before_command(odd, typed),
    };
    if let Some(tip) = tip {
        let tips = ContextValue::StyledStrs(vec![tip.into()]);
        error.insert(ContextKind::Suggested, tips);
    }
    error
}

/// `ssh`, `pdsh` and `clush` take a command as it comes, and so it is typed here.
fn before_command(odd: &str, typed: &[String]) -> Option<String> {
    let is_verb = |word: &String| ["run", "ssh"].contains(&word.as_str());
    let verb = typed.iter().position(is_verb)?;
    // The nodes come first.
    let mut later = typed.iter().skip(verb + 2);
    let at = later.position(|word| word == odd).map(|at| at + verb + 2);
    let whole = match at {
        Some(at) if !odd.starts_with('-') => {
            format!("{} -- {}", words(&typed[1..at]), words(&typed[at..]))
        }
        _ => format!("{} node1 -- uname -r", typed[verb]),
    };
    Some(format!("write `--` before the command: bramble {whole}"))
}

fn words(typed: &[String]) -> String {
    let words: Vec<_> = typed.iter().map(|typed| word(typed)).collect();
    words.join(" ")
}

/// Others take nodes one by one.
fn one_argument(odd: &str, typed: &[String]) -> Option<String> {
    let at = typed.iter().rposition(|word| word == odd)?;
    let is_node = |word: &&String| !word.starts_with('-');
    let first = typed[..at].last().filter(is_node)?;
    let run = typed.iter().any(|word| word == "run");
    let nodes = [first]
        .into_iter()
        .chain(typed[at..].iter().take_while(is_node));
    let nodes: Vec<_> = nodes.map(String::as_str).collect();
    let nodes = word(&nodes.join(","));
    run.then(|| format!("write node sets as one argument: {nodes}"))
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
    Card(card::Args),
    Up(up::Args),
    Run(run::Args),
    Cp(cp::Args),
    Ssh(ssh::Args),
    Discover(discover::Args),
    Adopt(adopt::Args),
    Export(export::Args),
    Nodes(nodes::Args),
    Job(job::Args),
    Internet(internet::Args),
    Lab(lab::Args),
    Image(image::Args),
    #[command(hide = true)]
    Keeper(keeper::Args),
    Schema(schema::Args),
    Completions(completions::Args),
}
