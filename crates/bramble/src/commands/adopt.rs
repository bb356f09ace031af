//! `bramble adopt`: believing a node that shows another host key. Not in here:
//! where pinned keys are kept (`keyring`).

use std::io::{IsTerminal as _, stderr, stdin};

use bramble_cluster::NodeName;
use bramble_fleet::keys;
use serde::Serialize;

use crate::advice;
use crate::aim::word;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{Choice, Target};
use crate::{interrupt, keyring, ssh_config};

/// Take a node's new host key for the right one
///
/// A node that was set up anew shows another host key than the one that is pinned,
/// and no command talks to it: it could be another machine. This asks the node for
/// its key without logging in, shows both fingerprints, and pins the new key once
/// somebody has compared it with what the node says at its own screen.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "bramble adopt <NODE> --rekey [--fingerprint <SHA256:...>]",
    after_help = "Examples:\n  bramble adopt node3 --rekey\n  bramble adopt node3 --rekey --fingerprint SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"
)]
pub(crate) struct Args {
    /// Which node
    node: String,
    /// Pin the host key that the node shows now; there is nothing else to adopt yet
    #[arg(long)]
    rekey: bool,
    /// The fingerprint that the new key must have, instead of being asked
    #[arg(long, value_name = "SHA256:...", value_parser = fingerprint)]
    fingerprint: Option<String>,
}

/// What became of it, as JSON.
#[derive(Debug, Serialize)]
struct Adopted<'a> {
    node: &'a NodeName,
    /// The fingerprint of the key that was pinned before.
    before: &'a str,
    /// That of the key that is pinned now.
    now: &'a str,
}

/// A host key as people compare it.
struct Key {
    line: String,
    print: String,
}

impl Key {
    fn of(line: &str) -> Result<Self, Failure> {
        let print = keys::fingerprint(line).map_err(|error| {
            Failure::new(Exit::Host, format!("a host key cannot be read: {error}"))
        })?;
        Ok(Self {
            line: line.to_owned(),
            print,
        })
    }

    /// The file that a node keeps it in.
    fn file(&self) -> &'static str {
        if self.line.starts_with("ecdsa") {
            "/etc/ssh/ssh_host_ecdsa_key.pub"
        } else {
            "/etc/ssh/ssh_host_ed25519_key.pub"
        }
    }
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    if !args.rekey {
        let message = format!("what of {} is to be adopted is not said", args.node);
        let next = format!(
            "to take its new host key: `bramble adopt {} --rekey`",
            word(&args.node)
        );
        return Err(Failure::new(Exit::Usage, message).hint(next));
    }
    let folder = choice.folder()?;
    let cluster = folder.cluster(console)?;
    let _lock = folder.lock("adopt")?;
    let stop = interrupt::flag()?;
    let target = Target::of(folder, cluster, choice.lab, &stop)?;
    let node = target.one(&args.node)?;
    let shown = bramble_fleet::look(&target.book, &target.identity(), &node, &stop);
    let shown = Key::of(&shown.map_err(|why| advice::failure(&target, &node, why))?)?;
    let pinned = Key::of(pinned(&target, &node))?;
    if shown.print != pinned.print {
        console.say(&comparison(&node, &pinned, &shown));
        confirm(args, &node, &shown, console)?;
        pin(&target, &node, &shown)?;
    }
    tell(&node, [&pinned, &shown], console);
    Ok(Exit::Done)
}

/// As `ssh-keygen -l` prints it: 256 bits in base 64.
fn fingerprint(text: &str) -> Result<String, String> {
    let digits = text.trim_end_matches('=').strip_prefix("SHA256:");
    let base64 = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '/';
    match digits {
        Some(digits) if digits.len() == 43 && digits.chars().all(base64) => {
            Ok(format!("SHA256:{digits}"))
        }
        _ => Err(format!(
            "`{text}` is no fingerprint: write it as `ssh-keygen -l` prints it, `SHA256:` and 43 \
             characters"
        )),
    }
}

fn pinned<'a>(target: &'a Target, node: &NodeName) -> &'a str {
    let entry = target.book.entries.get(node);
    entry.map_or("", |entry| entry.host_key.as_str())
}

fn comparison(node: &NodeName, pinned: &Key, shown: &Key) -> String {
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

/// A yes of somebody who is there, or who was there and wrote it down.
fn confirm(
    args: &Args,
    node: &NodeName,
    shown: &Key,
    console: &mut Console,
) -> Result<(), Failure> {
    match &args.fingerprint {
        Some(expected) if *expected == shown.print => Ok(()),
        Some(expected) => Err(Failure::new(
            Exit::Failed,
            format!("{node} shows {}, not {expected}; nothing was changed", shown.print),
        )
        .hint("find out which machine answers there before anything else")),
        None if !stdin().is_terminal() || !stderr().is_terminal() => Err(Failure::new(
            Exit::Usage,
            format!("nobody is at a terminal to say that the new key of {node} is right"),
        )
        .hint(format!(
            "name the fingerprint that {node} itself says: `bramble adopt {node} --rekey --fingerprint SHA256:...`"
        ))),
        None if says_yes(console)? => Ok(()),
        None => Err(Failure::new(
            Exit::Failed,
            format!("the pinned key of {node} stays; nothing was changed"),
        )),
    }
}

/// Not by the return key alone, which says yes to anything.
fn says_yes(console: &mut Console) -> Result<bool, Failure> {
    console.prompt("Are they the same? Type `yes` to pin the key shown: ");
    let mut answer = String::new();
    stdin()
        .read_line(&mut answer)
        .map_err(|error| Failure::new(Exit::Host, format!("no answer can be read: {error}")))?;
    Ok(answer.trim() == "yes")
}

fn pin(target: &Target, node: &NodeName, shown: &Key) -> Result<(), Failure> {
    keyring::adopt(&target.folder, target.name, node, &shown.line)?;
    let mut book = target.book.clone();
    if let Some(entry) = book.entries.get_mut(node) {
        entry.host_key.clone_from(&shown.line);
    }
    // Configurations that were exported read this file.
    ssh_config::keep_known_hosts(&target.folder, target.name, &book)?;
    Ok(())
}

fn tell(node: &NodeName, [before, now]: [&Key; 2], console: &mut Console) {
    console.print_json(&Adopted {
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

#[cfg(test)]
mod tests {
    use super::*;

    const PRINT: &str = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";

    #[test]
    fn a_fingerprint_is_taken_with_its_padding_and_without() {
        assert_eq!(fingerprint(PRINT).as_deref(), Ok(PRINT));
        assert_eq!(fingerprint(&format!("{PRINT}=")).as_deref(), Ok(PRINT));
    }

    #[test]
    fn what_is_no_fingerprint_is_refused() {
        for odd in [
            "",
            "SHA256:",
            &PRINT[7..],
            &PRINT[..49],
            "MD5:16:27:ac",
            "SHA256:...",
        ] {
            assert!(fingerprint(odd).is_err(), "{odd}");
        }
    }
}
