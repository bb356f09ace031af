//! `bramble ssh`: a login by the system's `ssh`, with our keys and ways. Not in
//! here: what it is told about them (`ssh_config`).

use std::process::Command;

use bramble_cluster::NodeName;
use bramble_converge::Unreachable;
use bramble_fleet::keys;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{Choice, Target};
use crate::ssh_config::{self, SshConfig};
use crate::{advice, child};

/// Log in to a node
///
/// By the system's `ssh`, with the cluster's keys, its pinned host keys and the
/// way through the head. The exit code is that of the command, or 255 if the node
/// was not reached.
///
/// It is for one node and a person: as with `ssh`, the words of a command are joined by
/// spaces and read by the shell there. For several nodes, and for words that arrive as
/// they were typed, there is `bramble run`.
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
    console.refuse_json(
        "ssh",
        "what is printed is the node's own; `bramble run` tells it as JSON",
    )?;
    let target = choice.target(console)?;
    let node = target
        .one(&args.node)
        .map_err(|failure| failure.hint("to reach several, use `bramble run`"))?;
    log_in(&target, &node, (args.tty, &args.command), console)
}

/// What ssh ends with if it did not reach the node. The command there may have ended
/// so, too.
const NOT_REACHED: u8 = 255;

/// Runs an `ssh` to `node`, for a command with a terminal if `tty` says so. If it was not
/// reached, what is known about that is said behind what ssh said.
pub(crate) fn log_in(
    target: &Target,
    node: &NodeName,
    (tty, command): (bool, &[String]),
    console: &mut Console,
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
    let status = child::wait(ssh, &target.stop).map_err(|error| {
        Failure::new(Exit::Host, format!("cannot start ssh: {error}"))
            .hint("install it: `apt-get install openssh-client`")
    })?;
    if status == NOT_REACHED {
        explain(target, node, console);
    }
    Ok(match status {
        0 => Exit::Done,
        status => Exit::Status(status),
    })
}

/// What ssh says is in the user's language and of many versions, so the node is looked
/// at anew instead. Nothing is said if its door is as it should be.
fn explain(target: &Target, node: &NodeName, console: &mut Console) {
    let Some(entry) = target.book.entries.get(node) else {
        return;
    };
    let seen = bramble_fleet::look(&target.book, &target.identity(), node, &target.stop);
    let seen = seen.and_then(|shown| match keys::fingerprint(&shown) {
        Ok(found) => same(&entry.host_key, found),
        Err(_) => Ok(()),
    });
    let Err(why) = seen else {
        return;
    };
    for hint in advice::about(target, [(node, &why)]) {
        console.hint(&hint);
    }
}

fn same(pinned: &str, found: String) -> Result<(), Unreachable> {
    match keys::fingerprint(pinned) {
        Ok(expected) if expected != found => Err(Unreachable::WrongHostKey { expected, found }),
        _ => Ok(()),
    }
}
