//! What the twin needs of this machine: packages, and a kernel that lets it.
//! Not in here: room on the disk, which the base image asks for itself.

mod for_images;
mod packages;

use rustix::process::geteuid;

pub use for_images::missing_for_image;
pub use packages::{HostPackage, install, missing_packages};

use crate::LabError;
use crate::program::Program;

/// What each word of `probe.sh` means to the user.
const REFUSALS: &[(&str, &str, &str)] = &[
    (
        "namespaces",
        "it may not make namespaces",
        "run it on the machine itself, or in a container with all privileges",
    ),
    (
        "cgroup2",
        "there is no control group file system of version 2",
        "mount one: mount -t cgroup2 none /sys/fs/cgroup/unified",
    ),
    (
        "overlay",
        "the kernel cannot overlay file systems",
        "load the module: modprobe overlay",
    ),
    (
        "bridge",
        "the kernel has no bridges for a virtual switch",
        "load the module: modprobe bridge",
    ),
    (
        "veth",
        "the kernel has no pairs of virtual Ethernet interfaces",
        "load the module: modprobe veth",
    ),
    (
        "tbf",
        "the kernel cannot limit the speed of a link",
        "load the module: modprobe sch_tbf",
    ),
    (
        "nftables",
        "the kernel has no nftables with address translation",
        "load the modules: modprobe -a nf_tables nft_masq nft_chain_nat",
    ),
    (
        "tun",
        "there is no /dev/net/tun for the twin's way to the internet",
        "load the module: modprobe tun",
    ),
];

/// Whether this process may do what a twin takes; nothing can be tried without.
pub fn check_root() -> Result<(), LabError> {
    if geteuid().is_root() {
        return Ok(());
    }
    Err(LabError::NotRoot)
}

/// Tries everything a twin is made of, in namespaces that end with the trial.
/// Its packages must be there.
pub fn check_host() -> Result<(), LabError> {
    check_root()?;
    let refused = Program::new("unshare")
        .args(["--mount", "--net", "--propagation", "private", "sh", "-s"])
        .input(include_str!("probe.sh"))
        .run();
    match refused {
        Ok(words) => match words.trim() {
            "" => Ok(()),
            word => Err(lacks(word)),
        },
        Err(LabError::Program { .. }) => Err(lacks("namespaces")),
        Err(other) => Err(other),
    }
}

fn lacks(word: &str) -> LabError {
    let (what, remedy) = REFUSALS
        .iter()
        .find(|(known, ..)| *known == word)
        .map_or((word, ""), |&(_, what, remedy)| (what, remedy));
    LabError::HostLacks {
        what: what.to_owned(),
        remedy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_probe_has_its_meaning_and_remedy() {
        let words = include_str!("probe.sh")
            .lines()
            .filter_map(|line| line.strip_prefix("try "));
        let words: Vec<_> = words.filter_map(|rest| rest.split(' ').next()).collect();
        let known: Vec<_> = REFUSALS.iter().map(|(word, ..)| *word).collect();
        assert_eq!(words, known[1..]);
    }
}
