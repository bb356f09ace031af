//! The verbs, one file each: its arguments and its pipeline.

pub(crate) mod adopt;
pub(crate) mod card;
pub(crate) mod catalogue;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod cp;
pub(crate) mod discover;
pub(crate) mod draw;
pub(crate) mod export;
pub(crate) mod image;
pub(crate) mod init;
pub(crate) mod internet;
pub(crate) mod job;
pub(crate) mod keeper;
pub(crate) mod lab;
pub(crate) mod nodes;
pub(crate) mod plan;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod ssh;
pub(crate) mod try_it;
pub(crate) mod up;

use crate::args::{Args, Command};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

/// Carries out what was typed.
pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let choice = args.choice();
    match &args.command {
        Command::Init(args) => init::run(args, &choice, console),
        Command::Try(args) => try_it::run(args, &choice, console),
        Command::Check(args) => check::run(args, &choice, console),
        Command::Card(args) => card::run(args, &choice, console),
        Command::Catalogue(args) => catalogue::run(args, &choice, console),
        Command::Plan(verb) => plan::run(verb, args.json, &choice, console),
        Command::Discover(args) => discover::run(args, &choice, console),
        Command::Draw(verb) => draw::run(verb, args.json, &choice, console),
        Command::Up(args) => up::run(args, &choice, console),
        Command::Run(args) => run::run(args, &choice, console),
        Command::Cp(args) => cp::run(args, &choice, console),
        Command::Ssh(args) => ssh::run(args, &choice, console),
        Command::Adopt(args) => adopt::run(args, &choice, console),
        Command::Export(args) => export::run(args, &choice, console),
        Command::Nodes(args) => nodes::run(args, &choice, console),
        Command::Job(args) => job::run(args, &choice, console),
        Command::Internet(args) => internet::run(args, &choice, console),
        Command::Lab(args) => lab::run(args, &choice, console),
        Command::Image(args) => image::run(args, console),
        Command::Keeper(args) => keeper::run(args),
        Command::Schema(args) => schema::run(args, console),
        Command::Completions(args) => Ok(completions::run(args, console)),
    }
}
