//! What the system's `ssh` is told about the nodes: their ways, their pinned keys,
//! and what to log in with. Not in here: starting it (`commands::ssh`).

use std::fs;
use std::path::{Path, PathBuf};

use bramble_cluster::{NodeName, UserName};
use bramble_fleet::{AddressBook, Entry};

use crate::cluster_folder::ClusterFolder;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Target;
use crate::{keyring, safe_file};

/// Names on one line: older versions of ssh read lines of up to 1,023 bytes, and a
/// name has at most 63.
const NAMES_A_LINE: usize = 12;

/// A configuration for ssh, as a value.
#[derive(Debug)]
pub(crate) struct SshConfig {
    book: AddressBook,
    user: UserName,
    /// Private keys, and public keys of which an ssh-agent has the private half.
    identities: Vec<PathBuf>,
    known_hosts: PathBuf,
}

impl SshConfig {
    /// That of the target; the files that it names are there afterwards.
    pub(crate) fn of(target: &Target) -> Result<Self, Failure> {
        Ok(Self {
            book: target.book.clone(),
            user: target.cluster.user.clone(),
            identities: identities(target)?,
            known_hosts: keep_known_hosts(&target.folder, target.name, &target.book)?,
        })
    }

    /// As ssh reads it. Hosts are called as the nodes are, with `prefix` before it.
    pub(crate) fn text(&self, prefix: &str) -> Result<String, Failure> {
        let names: Vec<_> = self
            .book
            .entries
            .keys()
            .map(|node| format!("{prefix}{node}"))
            .collect();
        let settings = self.settings()?;
        let for_all = |names: &[String]| format!("Host {}\n{settings}", names.join(" "));
        let entries = self.book.entries.iter();
        Ok(entries
            .map(|(node, entry)| host(prefix, node, entry))
            .chain(names.chunks(NAMES_A_LINE).map(for_all))
            .collect())
    }

    /// What is true of every host. It says also what is ssh's own choice by default:
    /// the file may be read together with others.
    ///
    /// Connections are not shared (`ControlPersist`): ssh then hides what the `ssh`
    /// to the head says, such as that its host key is wrong, and where the node
    /// behind it is refused, the one to the head stays and holds the terminal.
    fn settings(&self) -> Result<String, Failure> {
        let identities = self.identities.iter().map(|path| quoted(path));
        let identities = identities.map(|path| Ok(format!("  IdentityFile {}\n", path?)));
        let identities: String = identities.collect::<Result<_, Failure>>()?;
        Ok(format!(
            "  User {}\n{identities}  IdentitiesOnly yes\n  UserKnownHostsFile {}\n  \
             GlobalKnownHostsFile /dev/null\n  StrictHostKeyChecking yes\n  \
             NoHostAuthenticationForLocalhost no\n  UpdateHostKeys no\n  VerifyHostKeyDNS no\n  \
             CheckHostIP no\n  PasswordAuthentication no\n  KbdInteractiveAuthentication no\n  \
             ServerAliveInterval 15\n",
            self.user,
            quoted(&self.known_hosts)?,
        ))
    }
}

fn host(prefix: &str, node: &NodeName, entry: &Entry) -> String {
    let way = match (&entry.via, &entry.network) {
        (Some(via), _) => format!("  ProxyJump {prefix}{via}\n"),
        (None, Some(network)) => relay(network),
        (None, None) => String::new(),
    };
    format!(
        "Host {prefix}{node}\n  HostName {}\n  Port {}\n  HostKeyAlias {node}\n{way}",
        entry.host, entry.port
    )
}

/// From inside another network, with what every Debian has. ssh itself stays
/// outside, so that the ports that it forwards are this machine's.
fn relay(network: &Path) -> String {
    let network = network.display();
    format!("  ProxyCommand nsenter --net={network} bash -c '{RELAY}'\n")
}

/// It ends with whichever side ends first. What reads from the node must not outlast
/// what writes to it: nobody would tell the node that the other side has gone.
const RELAY: &str =
    r#"exec 3<>/dev/tcp/%h/%p && { cat <&3 & trap "kill $! 2>&-" EXIT; exec >&3; cat; }"#;

/// The pinned keys, as ssh looks for them under a name; the file is there
/// afterwards.
pub(crate) fn keep_known_hosts(
    folder: &ClusterFolder,
    target: &str,
    book: &AddressBook,
) -> Result<PathBuf, Failure> {
    let path = folder.kept(&format!("known-hosts-{target}"))?;
    let line = |(node, entry): (&NodeName, &Entry)| format!("{node} {}\n", entry.host_key.trim());
    let lines: String = book.entries.iter().map(line).collect();
    keep(&path, &lines)?;
    Ok(path)
}

/// The owner's key, and those that the cluster file lets in besides.
fn identities(target: &Target) -> Result<Vec<PathBuf>, Failure> {
    let folder = &target.folder;
    let mut identities = vec![keyring::owner_key(folder)?];
    for (number, key) in target.cluster.authorized_keys.iter().enumerate() {
        let path = folder.kept(&format!("ssh-key-{}.pub", number + 1))?;
        keep(&path, &format!("{}\n", key.trim()))?;
        identities.push(path);
    }
    Ok(identities)
}

/// Writes what is not there already: a write takes until it is on the disk.
pub(crate) fn keep(path: &Path, text: &str) -> Result<(), Failure> {
    if fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    safe_file::write(path, text.as_bytes())
}

/// A path as ssh reads it between quotes (`ssh_config(5)`): there are escapes for
/// all but two things.
pub(crate) fn quoted(path: &Path) -> Result<String, Failure> {
    let unsayable = |why: &str| {
        let path = path.display();
        Failure::new(Exit::Usage, format!("ssh cannot be told of {path}: {why}"))
            .hint("move the cluster file to a folder with a plainer name")
    };
    let text = path.to_str().ok_or_else(|| unsayable("it is no UTF-8"))?;
    if text.contains(char::is_control) || text.contains("${") {
        return Err(unsayable("it has a line end or `${` in it"));
    }
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('%', "%%");
    Ok(format!("\"{escaped}\""))
}

#[cfg(test)]
mod tests;
