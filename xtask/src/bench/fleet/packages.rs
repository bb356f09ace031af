//! What the bed and the peers need of this machine's distribution. Not in here:
//! their use.

use crate::failure::Failure;
use crate::program::{self, command};

/// A program by which each package is known to be there.
const PACKAGES: &[(&str, &str)] = &[
    ("sshd", "openssh-server"),
    ("ssh", "openssh-client"),
    ("ip", "iproute2"),
    ("pdsh", "pdsh"),
    ("clush", "clustershell"),
    ("ansible", "ansible-core"),
];

/// Installs what is missing; gives what cannot be had, and why.
pub(super) fn prepare() -> Vec<(&'static str, Failure)> {
    let missing = PACKAGES
        .iter()
        .filter(|(program, _)| !program::is_there(program));
    let failed = missing.filter_map(|(_, name)| Some((*name, install(name).err()?)));
    failed.collect()
}

/// The lists of what the registry has are fetched only if it does not go without.
fn install(name: &str) -> Result<(), Failure> {
    println!("installing {name}");
    let apt_get = |words: &[&str]| {
        let mut apt_get = command("apt-get");
        apt_get.env("DEBIAN_FRONTEND", "noninteractive").args(words);
        program::output(&mut apt_get).map(drop)
    };
    let install = || apt_get(&["install", "--yes", "--no-install-recommends", name]);
    install().or_else(|_| {
        apt_get(&["update"])?;
        install()
    })
}
