//! `bramble completions`: completion scripts for shells.

use clap::{Command, CommandFactory as _};
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
    let mut offered = offered(&crate::args::Args::command());
    clap_complete::generate(args.shell, &mut offered, "bramble", &mut script);
    console.raw(&script);
    Exit::Done
}

/// The command without the verbs that no help shows, such as the one that bramble starts
/// for itself. Neither can one be taken out of a command, nor do the scripts' makers ask
/// whether it is hidden (`clap_complete` 4.6).
fn offered(all: &Command) -> Command {
    let shown = all.get_subcommands().filter(|verb| !verb.is_hide_set());
    Command::new("bramble")
        .version(env!("CARGO_PKG_VERSION"))
        .propagate_version(true)
        .args(all.get_arguments())
        .subcommands(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_is_all_that_is_typed_and_shown() {
        let all = crate::args::Args::command();
        let offered = offered(&all);
        let hidden = |command: &Command| command.get_subcommands().any(Command::is_hide_set);
        assert!(hidden(&all) && !hidden(&offered));
        // Below the verbs nothing is hidden; what is taken out is taken out here alone.
        assert!(!all.get_subcommands().any(hidden));
        let count = |command: &Command| command.get_subcommands().count();
        assert_eq!(count(&offered) + 1, count(&all));
        assert!(all.get_arguments().eq(offered.get_arguments()));
        assert_eq!(offered.get_version(), all.get_version());
    }
}
