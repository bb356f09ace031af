//! What the project does with itself: `cargo xtask test`, `tidy`, `bench`,
//! `picture`.
//!
//! Not in here: anything that a user of bramble would need.

#![allow(
    clippy::print_stdout,
    reason = "a tool of the project, read by people and by CI, on standard output"
)]

mod bench;
mod failure;
mod picture;
mod program;
mod table;
mod test;
mod tidy;
mod tree;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::tree::Tree;

/// What the project does with itself
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    Test(test::Args),
    Tidy(tidy::Args),
    Bench(bench::Args),
    Picture(picture::Args),
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            println!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Failure> {
    let tree = Tree::of_this_project();
    match &args.task {
        Task::Test(args) => test::run(args, &tree),
        Task::Tidy(args) => tidy::run(args, &tree),
        Task::Bench(args) => bench::run(args, &tree),
        Task::Picture(args) => picture::run(args, &tree),
    }
}
