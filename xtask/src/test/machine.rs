//! What this machine must have for the tests. Not in here: what users need, which
//! `bramble-lab` knows and this reads from it.

use std::path::Path;

use super::steps::Outcome;
use crate::failure::Failure;
use crate::program::{self, command};
use crate::tree::Tree;

/// Packages of the tests alone: a program or file by which each is known to be
/// there, and its name.
const OF_TESTS: &[(&str, &str)] = &[
    ("/usr/sbin/sshd", "openssh-server"),
    ("shellcheck", "shellcheck"),
    ("nodeset", "clustershell"),
    ("/usr/sbin/mkfs.fat", "dosfstools"),
    ("mcopy", "mtools"),
    ("xz", "xz-utils"),
    ("zstd", "zstd"),
    ("bzip2", "bzip2"),
    ("zip", "zip"),
    ("/usr/sbin/sfdisk", "fdisk"),
    ("/usr/sbin/mke2fs", "e2fsprogs"),
    ("bmaptool", "bmap-tools"),
];

/// Where the packages are listed that bramble asks its users for. They are read
/// as text: this tool must work also when that crate does not compile.
const OF_USERS: &str = "crates/bramble-lab/src/host/packages.rs";

pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Whether a server runs this, which nobody watches.
pub(super) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// Installs what is missing.
pub(super) fn prepare(tree: &Tree) -> Result<Outcome, Failure> {
    let listed = tree.read(Path::new(OF_USERS))?;
    let of_users = listed_packages(&listed);
    if of_users.is_empty() {
        return Err(Failure::new(format!(
            "{OF_USERS} lists no package as `name:` and `program:`; adapt xtask to what it has"
        )));
    }
    let of_tests = OF_TESTS.iter().copied();
    let missing: Vec<_> = of_tests
        .chain(of_users)
        .filter(|(program, _)| !is_installed(program))
        .map(|(_, name)| name)
        .collect();
    if missing.is_empty() {
        println!("all there");
        return Ok(Outcome::Passed);
    }
    let names = missing.join(" ");
    if !is_root() {
        let reason = format!("only root can install: apt-get install {names}");
        return Ok(Outcome::Skipped(reason));
    }
    println!("installing {names}");
    install(&missing).map(|()| Outcome::Passed)
}

fn is_installed(program: &str) -> bool {
    if program.starts_with('/') {
        Path::new(program).exists()
    } else {
        program::is_there(program)
    }
}

/// The lists of what the registry has are fetched only if it does not go without:
/// a new machine has none, or old ones.
fn install(names: &[&str]) -> Result<(), Failure> {
    let apt_get = |words: &[&str]| {
        let mut apt_get = command("apt-get");
        apt_get.env("DEBIAN_FRONTEND", "noninteractive");
        apt_get.args(words);
        apt_get
    };
    let install = || {
        let mut install = apt_get(&["install", "--yes", "--no-install-recommends"]);
        program::output(install.args(names)).map(drop)
    };
    install().or_else(|_| {
        program::output(&mut apt_get(&["update"]))?;
        install()
    })
}

/// Programs and names of the packages in Rust source that lists them.
fn listed_packages(source: &str) -> Vec<(&str, &str)> {
    let value = |line: &'static str| {
        source.lines().filter_map(move |text| {
            let text = text.trim().strip_prefix(line)?;
            text.trim().strip_prefix('"')?.strip_suffix("\",")
        })
    };
    value("program:").zip(value("name:")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packages_of_users_are_found_in_the_source() {
        let source = Tree::of_this_project().read(Path::new(OF_USERS)).unwrap();
        let found = listed_packages(&source);
        assert!(found.contains(&("mmdebstrap", "mmdebstrap")), "{found:?}");
        assert!(found.contains(&("nft", "nftables")), "{found:?}");
        assert_eq!(found.len(), source.matches("purpose: \"").count());
    }
}
