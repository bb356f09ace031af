//! `bramble completions`: completion scripts for shells.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::console::Console;
use crate::exit::Exit;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  bramble completions bash > /etc/bash_completion.d/bramble")]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut crate::args::Args::command(),
        "bramble",
        &mut script,
    );
    console.raw(&script);
    Exit::Done
}
