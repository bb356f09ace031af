//! `bramble ssh`: a login by the system's `ssh`, with our keys and ways.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use bramble_cluster::NodeName;
use bramble_fleet::{AddressBook, Entry};

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{Choice, Target};
use crate::{keyring, safe_file};

/// Log in to a node
///
/// By the system's `ssh`, with the cluster's keys, its pinned host keys and the
/// way through the head.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  bramble ssh head\n  bramble ssh node3 -- df -h")]
pub(crate) struct Args {
    /// Which node
    node: String,
    /// A command to run there instead of a shell
    #[arg(last = true)]
    command: Vec<String>,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let target = choice.target(console)?;
    let nodes = target.select(&args.node)?;
    let mut names = nodes.iter();
    let (Some(node), None) = (names.next(), names.next()) else {
        return Err(
            Failure::new(Exit::Usage, format!("`{}` is not one node", args.node))
                .hint("to reach several, use `bramble run`"),
        );
    };
    let config = write_config(&target)?;
    let mut command = command(&target.book, node);
    command
        .arg("-F")
        .arg(config)
        .arg(node.as_str())
        .args(&args.command);
    let error = command.exec();
    Err(
        Failure::new(Exit::Host, format!("cannot start ssh: {error}"))
            .hint("install it: `apt-get install openssh-client`"),
    )
}

/// `ssh`, inside the network that the way to `node` begins in.
fn command(book: &AddressBook, node: &NodeName) -> Command {
    let mut entry = book.entries.get(node);
    while let Some(via) = entry.and_then(|entry| entry.via.as_ref()) {
        entry = book.entries.get(via);
    }
    match entry.and_then(|entry| entry.network.as_ref()) {
        Some(network) => {
            let mut command = Command::new("nsenter");
            command
                .arg(format!("--net={}", network.display()))
                .arg("ssh");
            command
        }
        None => Command::new("ssh"),
    }
}

fn write_config(target: &Target) -> Result<std::path::PathBuf, Failure> {
    let known = target
        .folder
        .kept(&format!("known-hosts-{}", target.name))?;
    let config = target.folder.kept(&format!("ssh-config-{}", target.name))?;
    let key = keyring::owner_key(&target.folder)?;
    let pinned = |(name, entry): (&NodeName, &Entry)| format!("{name} {}\n", entry.host_key.trim());
    let hosts: String = target.book.entries.iter().map(pinned).collect();
    safe_file::write(&known, hosts.as_bytes())?;
    let entries = target.book.entries.iter();
    let hosts = entries.map(|(name, entry)| host(&config, name, entry));
    let all = format!(
        "Host *\n  User {}\n  IdentityFile \"{}\"\n  IdentitiesOnly yes\n  UserKnownHostsFile \"{}\"\n  \
         GlobalKnownHostsFile none\n  StrictHostKeyChecking yes\n  \
         PasswordAuthentication no\n",
        target.cluster.user,
        key.display(),
        known.display()
    );
    let text: String = hosts.chain([all]).collect();
    safe_file::write(&config, text.as_bytes())?;
    Ok(config)
}

/// The jump is a command of its own, since `ProxyJump` would start an `ssh`
/// that reads another configuration.
fn host(config: &std::path::Path, name: &NodeName, entry: &Entry) -> String {
    let jump = entry.via.as_ref().map(|via| {
        format!(
            "  ProxyCommand ssh -F \"{}\" -W [%h]:%p {via}\n",
            config.display()
        )
    });
    format!(
        "Host {name}\n  HostName {}\n  Port {}\n  HostKeyAlias {name}\n{}",
        entry.host,
        entry.port,
        jump.unwrap_or_default()
    )
}
