//! `bramble ssh`: a login by the system's `ssh`, with our keys and ways. Not in
//! here: what it is told about them (`ssh_config`).

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use bramble_cluster::NodeName;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{Choice, Target};
use crate::ssh_config::{self, SshConfig};

/// Log in to a node
///
/// By the system's `ssh`, with the cluster's keys, its pinned host keys and the
/// way through the head. The exit code is that of the command, or 255 if the node
/// was not reached.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bramble ssh head\n  bramble ssh node3 -- df -h\n  bramble ssh -t node3 -- htop"
)]
pub(crate) struct Args {
    /// Which node
    node: String,
    /// Give the command a terminal; a shell has one anyway
    #[arg(short, long)]
    tty: bool,
    /// A command to run there instead of a shell
    #[arg(last = true)]
    command: Vec<String>,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let target = choice.target(console)?;
    let node = target
        .one(&args.node)
        .map_err(|failure| failure.hint("to reach several, use `bramble run`"))?;
    log_in(&target, &node, args.tty, &args.command)
}

/// Becomes an `ssh` to `node`, with a terminal for `command` if `tty` says so. It
/// comes back only if there is no `ssh`.
pub(crate) fn log_in(
    target: &Target,
    node: &NodeName,
    tty: bool,
    command: &[String],
) -> Result<Exit, Failure> {
    let text = SshConfig::of(target)?.text("")?;
    let config = format!("ssh-config-{}", target.name);
    ssh_config::keep(&target.folder.kept(&config)?, &text)?;
    // A jump is an `ssh` that this one starts by a shell and gives the file's name
    // as it stands: a name from here has nothing in it that a shell would read.
    let mut ssh = Command::new("ssh");
    ssh.current_dir(target.folder.kept("")?)
        .args(["-F", &config])
        .args(tty.then_some("-t"))
        .arg(node.as_str());
    if !command.is_empty() {
        ssh.arg("--").args(command);
    }
    let error = ssh.exec();
    Err(
        Failure::new(Exit::Host, format!("cannot start ssh: {error}"))
            .hint("install it: `apt-get install openssh-client`"),
    )
}
