//! `bramble adopt`: taking over a machine that runs already, and believing a node that
//! shows another host key. Not in here: how a machine is taken over (`adopt`), and where
//! pinned keys are kept (`keyring`).

use std::path::PathBuf;

use bramble_cluster::{NodeName, UserName};
use serde::Serialize;

use crate::adopt::host_key::{self, HostKey, fingerprint};
use crate::adopt::order::{Order, SSH_PORT, host};
use crate::adopt::take_over;
use crate::advice;
use crate::aim::word;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt;
use crate::reach::{Choice, Target};

/// Take over a machine that runs already, or a node's new host key
///
/// With --address: makes a machine that runs Debian, Raspberry Pi OS, Ubuntu or the like
/// the node: shows its host key and pins it once somebody has compared it, logs in by key
/// or by a password that is asked for once, and says why if it does not fit. It gets the
/// cluster's account, the keys, the name and the address that the cluster file says, and
/// the cluster file learns which board it is. A second run changes nothing.
///
/// With --rekey: a node that was set up anew shows another host key than the one that is
/// pinned, and no command talks to it: it could be another machine. This asks the node for
/// its key without logging in, shows both fingerprints, and pins the new key once somebody
/// has compared it with what the node says at its own screen.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "bramble adopt <NODE> --address <HOST> [--user <NAME>] [--port <PORT>] [--identity <FILE>]\n       \
                      bramble adopt <NODE> --rekey [--fingerprint <SHA256:...>]",
    after_help = "Examples:\n  bramble adopt node3 --address 192.168.1.57 --user khadas\n  \
                  bramble adopt node3 --rekey\n  \
                  bramble adopt node3 --rekey --fingerprint SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU\n\n\
                  A password is asked for on the terminal, or taken from BRAMBLE_PASSWORD."
)]
pub(crate) struct Args {
    /// Which node
    node: String,
    /// Take over the machine at this name or address
    #[arg(long, value_name = "HOST", value_parser = host, conflicts_with = "rekey")]
    address: Option<String>,
    /// Pin the host key that the node shows now
    #[arg(long)]
    rekey: bool,
    /// The account to log in as there, instead of the cluster's own
    #[arg(
        long,
        short = 'u',
        value_name = "NAME",
        requires = "address",
        conflicts_with = "rekey"
    )]
    user: Option<UserName>,
    /// Where its SSH server listens
    #[arg(
        long,
        short,
        default_value_t = SSH_PORT,
        requires = "address",
        conflicts_with = "rekey"
    )]
    port: u16,
    /// A private key to log in with, besides the owner's and those of ~/.ssh and the agent
    #[arg(
        long,
        short,
        value_name = "FILE",
        requires = "address",
        conflicts_with = "rekey"
    )]
    identity: Option<PathBuf>,
    /// The fingerprint that the host key must have, instead of being asked
    #[arg(long, value_name = "SHA256:...", value_parser = fingerprint)]
    fingerprint: Option<String>,
}

/// What became of the key, as JSON.
#[derive(Debug, Serialize)]
struct Rekeyed<'a> {
    node: &'a NodeName,
    /// The fingerprint of the key that was pinned before.
    before: &'a str,
    /// That of the key that is pinned now.
    now: &'a str,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    if !args.rekey && args.address.is_none() {
        let message = format!("what of {} is to be adopted is not said", args.node);
        let node = word(&args.node);
        return Err(Failure::new(Exit::Usage, message)
            .hint(format!(
                "to take over a machine that runs already: `bramble adopt {node} --address HOST`"
            ))
            .hint(format!(
                "to take its new host key: `bramble adopt {node} --rekey`"
            )));
    }
    let folder = choice.folder()?;
    let cluster = folder.cluster(console)?;
    let _lock = folder.lock("adopt")?;
    let stop = interrupt::flag()?;
    let target = Target::of(folder, cluster, choice.lab, &stop)?;
    let node = target.one(&args.node)?;
    let Some(host) = &args.address else {
        return rekey(args, &target, &node, console);
    };
    let order = Order {
        host,
        port: args.port,
        user: args.user.as_ref(),
        key: args.identity.as_deref(),
        fingerprint: args.fingerprint.as_deref(),
    };
    take_over::take_over(target, &node, &order, console)
}

fn rekey(
    args: &Args,
    target: &Target,
    node: &NodeName,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let shown = bramble_fleet::look(&target.book, &target.identity(), node, &target.stop);
    let shown = HostKey::of(&shown.map_err(|why| advice::failure(target, node, why))?)?;
    let pinned = HostKey::pinned(target, node)?;
    if shown.print != pinned.print {
        console.say(&comparison(node, &pinned, &shown));
        let again = format!("bramble adopt {node} --rekey");
        let expected = (args.fingerprint.as_deref(), again.as_str());
        host_key::confirm(node, &shown, expected, console)?;
        shown.pin(target, node)?;
    }
    tell(node, [&pinned, &shown], console);
    Ok(Exit::Done)
}

fn comparison(node: &NodeName, pinned: &HostKey, shown: &HostKey) -> String {
    let file = shown.file();
    format!(
        "{node} shows another host key than the one that is pinned:\n  \
           pinned  {}\n  \
           shown   {}\n\
         Whoever is between here and {node} can show any key. Compare the one shown with what\n\
         {node} says of itself, at its own screen and keyboard:\n  \
           ssh-keygen -lf {file}\n\
         or with the same file on its card, read on this machine.",
        pinned.print, shown.print
    )
}

fn tell(node: &NodeName, [before, now]: [&HostKey; 2], console: &mut Console) {
    console.print_json(&Rekeyed {
        node,
        before: &before.print,
        now: &now.print,
    });
    let print = &now.print;
    if before.print == now.print {
        console.print(&format!(
            "{node} shows the key that is pinned, {print}: nothing to do\n"
        ));
        return;
    }
    console.print(&format!("{node} is known by {print} from now on\n"));
    console.hint("let the other nodes know it too: `bramble up`");
}
