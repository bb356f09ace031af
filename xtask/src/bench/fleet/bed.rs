//! The bed: this machine as thousands of nodes, in mount, network and process
//! namespaces that nobody else sees. Not in here: entering them, and the servers.

use std::fmt::Write as _;
use std::fs;
use std::net::Ipv4Addr;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::program::{self, command};

/// All that the bed keeps is in memory, under a file system of its own.
const RUN: &str = "/run";
const FOLDER: &str = "/run/bed";

/// The account that all log into, and its folder on each node.
pub(super) const USER: &str = "pi";
pub(super) const HOME: &str = "/run/pi";
const UID: u32 = 1000;

/// Every address of this subnet is this machine.
pub(super) const SUBNET: &str = "10.77.0.0/16";

/// Of the first node; the head, which is never asked, has the one before.
pub(super) const FIRST: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 2);

#[derive(Debug)]
pub(super) struct Bed {
    folder: PathBuf,
    pub(super) bramble: PathBuf,
}

impl Bed {
    /// Makes it; the caller is in namespaces of its own already.
    pub(super) fn make(bramble: PathBuf) -> Result<Self, Failure> {
        if std::process::id() != 1 {
            return Err(Failure::new(
                "this is a part of `cargo xtask bench fleet`, which starts it in namespaces of \
                 its own",
            ));
        }
        let bed = Self {
            bramble,
            ..Self::made()
        };
        mount(&["-t", "tmpfs", "-o", "mode=755", "bed", RUN])?;
        for folder in [FOLDER, HOME, "/run/sshd", "/run/bed/home", "/run/bed/out"] {
            make_folder(Path::new(folder))?;
        }
        own(Path::new(HOME))?;
        bed.account()?;
        bed.keys()?;
        ip(&["link", "set", "lo", "up"])?;
        ip(&["route", "add", "local", SUBNET, "dev", "lo"])?;
        Ok(bed)
    }

    /// The bed that this process was started in.
    pub(super) fn made() -> Self {
        Self {
            folder: PathBuf::from(FOLDER),
            bramble: PathBuf::new(),
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The private key of all nodes: they are one machine.
    pub(super) fn host_key(&self) -> PathBuf {
        self.path("host")
    }

    /// The private key of who logs in.
    pub(super) fn owner_key(&self) -> PathBuf {
        self.path("owner")
    }

    /// So many nodes' root directories, in each of which all is as on this machine
    /// but the account's folder: by it a server shows one disk a node.
    pub(super) fn roots(&self, many: u32) -> Result<Vec<PathBuf>, Failure> {
        (0..many).map(|node| self.root(node)).collect()
    }

    fn root(&self, node: u32) -> Result<PathBuf, Failure> {
        let root = self.path(&format!("roots/{node}"));
        if root.exists() {
            return Ok(root);
        }
        make_folder(&root)?;
        let at = |path: &str| format!("{}{path}", root.display());
        mount(&["--bind", "/", &at("")])?;
        for shared in ["/dev", "/proc", "/etc/passwd"] {
            mount(&["--rbind", shared, &at(shared)])?;
        }
        mount(&["-t", "tmpfs", "-o", "mode=755", "disk", &at(RUN)])?;
        Ok(root)
    }

    /// An account for these namespaces alone. Its line is laid over the machine's
    /// file, which stays as it is.
    fn account(&self) -> Result<(), Failure> {
        let real = Path::new("/etc/passwd");
        let read = fs::read_to_string(real).map_err(|error| Failure::file("read", real, &error))?;
        let others = read.lines().filter(|line| {
            let mut fields = line.split(':');
            fields.next() != Some(USER) && fields.nth(1) != Some(&UID.to_string())
        });
        let mut text: String = others.flat_map(|line| [line, "\n"]).collect();
        // Proof: writing to a string does not fail.
        let _infallible = writeln!(text, "{USER}:*:{UID}:{UID}::{HOME}:/bin/sh");
        let ours = self.path("passwd");
        write(&ours, &text)?;
        mount(&["--bind", &ours.display().to_string(), "/etc/passwd"])
    }

    fn keys(&self) -> Result<(), Failure> {
        for key in [self.host_key(), self.owner_key()] {
            let mut keygen = command("ssh-keygen");
            keygen.args(["-q", "-t", "ed25519", "-N", "", "-C", "bed", "-f"]);
            program::run(keygen.arg(key))?;
        }
        let owner = self.path("owner.pub");
        let authorized = self.path("authorized_keys");
        fs::copy(&owner, &authorized)
            .map(drop)
            .map_err(|error| Failure::file("copy", &owner, &error))
    }
}

/// The address of a node, counted from 0.
pub(super) fn address(node: u32) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(FIRST) + node)
}

/// Empties the account's folder on a node with this root directory.
pub(super) fn wipe(root: &Path) -> Result<(), Failure> {
    let home = PathBuf::from(format!("{}{HOME}", root.display()));
    if home.exists() {
        fs::remove_dir_all(&home).map_err(|error| Failure::file("empty", &home, &error))?;
    }
    make_folder(&home)?;
    own(&home)
}

pub(super) fn make_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| Failure::file("make", path, &error))
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| Failure::file("write", path, &error))
}

/// Writes what only its owner may read.
pub(super) fn write_secret(path: &Path, text: &str) -> Result<(), Failure> {
    write(path, text)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
        .map_err(|error| Failure::file("protect", path, &error))
}

pub(super) fn ip(words: &[&str]) -> Result<(), Failure> {
    program::output(command("ip").args(words)).map(drop)
}

fn mount(words: &[&str]) -> Result<(), Failure> {
    program::output(command("mount").args(words)).map(drop)
}

fn own(path: &Path) -> Result<(), Failure> {
    chown(path, Some(UID), Some(UID)).map_err(|error| Failure::file("give away", path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_have_addresses_one_after_the_other() {
        assert_eq!(address(0).to_string(), "10.77.0.2");
        assert_eq!(address(254).to_string(), "10.77.1.0");
        assert_eq!(address(4095).to_string(), "10.77.16.1");
    }
}
