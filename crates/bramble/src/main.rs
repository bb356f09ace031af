//! The `bramble` command: arguments, commands, failures, exit codes.
//!
//! Alone of all crates it knows the others. Not in here: decisions, which the
//! pure crates take, and looks, which `bramble-view` has.

mod adopt;
mod advice;
mod aim;
mod args;
mod capture;
mod card;
mod child;
mod cluster_folder;
mod commands;
mod console;
mod convergence;
mod copy;
mod desk;
mod discover;
mod example;
mod exit;
mod failure;
mod hidden;
mod identity_file;
mod interrupt;
mod jobs;
mod keeper;
mod keyring;
mod memory;
mod reach;
mod refusal;
mod safe_file;
mod ssh_config;
mod survey;
mod twin;
mod typed;
mod way_out;
mod whose;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args = args::typed();
    let aim = aim::Aim::of(&args.choice());
    let mut console = console::Console::new(args.color, args.json).aimed(aim);
    let exit = match commands::run(&args, &mut console) {
        Ok(exit) => exit,
        Err(failure) => {
            console.failure(&failure);
            failure.exit()
        }
    };
    exit.into()
}
