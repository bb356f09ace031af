//! `bramble export`: what other programs need to know of the cluster, in their own
//! formats. Not in here: what ssh is told (`ssh_config`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{Choice, Target};
use crate::safe_file;
use crate::ssh_config::{self, SshConfig};

/// Tell other programs about the cluster
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    SshConfig(Config),
    KnownHosts(KnownHosts),
}

/// The nodes for plain `ssh node3`, `scp`, `rsync`, Ansible and editors
///
/// With the pinned host keys, the cluster's own key and the way through the head.
/// It names files in `.bramble`, so it is good on this machine; export it again
/// when nodes come or go.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bramble export ssh-config -o ~/.ssh/garden\n  bramble export ssh-config --prefix garden- > config"
)]
struct Config {
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Put this before every node's name: for who has two clusters
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true, value_parser = prefix)]
    prefix: String,
}

/// The nodes' public host keys, as `known_hosts` lists them
#[derive(Debug, clap::Args)]
struct KnownHosts {
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    console.refuse_json(
        "export",
        "what it writes is in the format of another program",
    )?;
    let target = choice.target(console)?;
    match &args.what {
        What::SshConfig(args) => {
            let text = SshConfig::of(&target)?.text(&args.prefix)?;
            put(args.output.as_deref(), &heading(&target, &text), console)?;
            console.say(&next(args, &target)?);
        }
        What::KnownHosts(args) => {
            put(args.output.as_deref(), &known_hosts(&target), console)?;
        }
    }
    Ok(Exit::Done)
}

/// What can stand before a name without being more than part of it.
fn prefix(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if text.starts_with('-') || !text.chars().all(plain) {
        return Err(format!(
            "`{text}` is no beginning of a name: write letters, digits, `-`, `_` and `.`, such as \
             `garden-`"
        ));
    }
    Ok(text.to_owned())
}

fn heading(target: &Target, text: &str) -> String {
    let name = &target.cluster.name;
    format!("# The nodes of {name}, by `bramble export ssh-config`; do not edit.\n{text}")
}

/// ssh takes no configuration that others can write to.
fn put(path: Option<&Path>, text: &str, console: &mut Console) -> Result<(), Failure> {
    if let Some(path) = path {
        return safe_file::write_named(path, text.as_bytes());
    }
    console.raw(text.as_bytes());
    Ok(())
}

/// How the file comes into use.
fn next(args: &Config, target: &Target) -> Result<String, Failure> {
    let path = args.output.as_deref();
    let node = format!("{}{}", args.prefix, target.cluster.head().name);
    let file = match path {
        Some(path) => {
            let full = path
                .canonicalize()
                .map_err(|error| Failure::file("find", path, &error))?;
            ssh_config::quoted(&full)?.replace("%%", "%")
        }
        None => "FILE".to_owned(),
    };
    let saved = match path {
        Some(_) => "",
        None => "save this as FILE (`-o FILE`); ",
    };
    Ok(format!(
        "next: {saved}for plain `ssh`, `scp` and `rsync`, make this the first line of \
         ~/.ssh/config:\n  Include {file}\nor name it each time: `ssh -F {file} {node}`"
    ))
}

/// Each under its name, its full name and its addresses.
fn known_hosts(target: &Target) -> String {
    let domain = &target.cluster.network.domain;
    let line = |node: &bramble_cluster::Node| {
        let entry = target.book.entries.get(&node.name)?;
        let name = &node.name;
        let more = BTreeSet::from([
            format!("{name}.{domain}"),
            node.address.to_string(),
            entry.host.clone(),
        ]);
        let more = Vec::from_iter(more).join(",");
        Some(format!("{name},{more} {}\n", entry.host_key.trim()))
    };
    target.cluster.nodes.iter().filter_map(line).collect()
}
