//! The Debian packages that the twin needs on this machine. Not in here: those
//! of the virtual nodes.

use std::path::Path;

use bramble_cluster::event::{Event, Watch};

use crate::LabError;
use crate::program::{Program, found};

/// A Debian package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPackage {
    /// Its name.
    pub name: &'static str,
    /// A program it brings, or an absolute path, by which it is known to be there.
    pub program: &'static str,
    /// What the twin does with it.
    pub purpose: &'static str,
}

/// The same names in Debian and in Ubuntu.
const PACKAGES: &[HostPackage] = &[
    HostPackage {
        name: "mmdebstrap",
        program: "mmdebstrap",
        purpose: "makes the operating system of the virtual nodes",
    },
    HostPackage {
        name: "debian-archive-keyring",
        program: "/usr/share/keyrings/debian-archive-keyring.gpg",
        purpose: "tells genuine Debian packages from others",
    },
    HostPackage {
        name: "systemd-container",
        program: "systemd-nspawn",
        purpose: "runs the virtual nodes",
    },
    HostPackage {
        name: "iproute2",
        program: "ip",
        purpose: "wires the virtual nodes and limits the speed of their links",
    },
    HostPackage {
        name: "nftables",
        program: "nft",
        purpose: "translates addresses on the twin's way to the internet",
    },
    HostPackage {
        name: "slirp4netns",
        program: "slirp4netns",
        purpose: "is the twin's way to the internet, past the network of this machine",
    },
    HostPackage {
        name: "openssh-client",
        program: "ssh",
        purpose: "opens a terminal on a node",
    },
];

/// What making an image for cards needs, beside mmdebstrap and its keys.
const OF_IMAGES: &[HostPackage] = &[
    HostPackage {
        name: "dosfstools",
        program: "mkfs.fat",
        purpose: "makes the boot partition of an image",
    },
    HostPackage {
        name: "mtools",
        program: "mcopy",
        purpose: "puts files on the boot partition of an image",
    },
    HostPackage {
        name: "e2fsprogs",
        program: "mke2fs",
        purpose: "makes the root partition of an image",
    },
];

/// The packages that are not installed here.
pub fn missing_packages() -> Vec<&'static HostPackage> {
    PACKAGES
        .iter()
        .filter(|package| is_missing(package))
        .collect()
}

/// Of what making any image for cards needs, the packages that are not installed here.
pub(super) fn missing_of_images() -> impl Iterator<Item = &'static HostPackage> {
    let of_debian = PACKAGES
        .iter()
        .filter(|package| ["mmdebstrap", "debian-archive-keyring"].contains(&package.name));
    of_debian
        .chain(OF_IMAGES)
        .filter(|package| is_missing(package))
}

pub(super) fn is_missing(package: &HostPackage) -> bool {
    !is_there(package.program)
}

fn is_there(program: &str) -> bool {
    if program.starts_with('/') {
        Path::new(program).exists()
    } else {
        found(program)
    }
}

/// Installs `packages` without asking. The lists of what the registry has are
/// fetched only if the packages cannot be had without.
pub fn install(packages: &[&HostPackage], watch: Watch<'_>) -> Result<(), LabError> {
    if packages.is_empty() {
        return Ok(());
    }
    if !rustix::process::geteuid().is_root() {
        return Err(LabError::NotRoot);
    }
    let names: Vec<_> = packages.iter().map(|package| package.name).collect();
    watch(Event::Progress {
        message: format!("installing {}", names.join(", ")),
    });
    let install = || {
        let words = ["install", "--yes", "--no-install-recommends"];
        apt_get(words.into_iter().chain(names.iter().copied()))
    };
    if install().is_ok() {
        return Ok(());
    }
    watch(Event::Progress {
        message: "fetching the lists of packages".to_owned(),
    });
    apt_get(["update"])?;
    install()
}

fn apt_get<'a>(args: impl IntoIterator<Item = &'a str>) -> Result<(), LabError> {
    Program::new("apt-get")
        .args(args)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .remedy("see that this machine reaches its package registry, then try again")
        .run()
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_looked_for_by_name_and_a_file_by_path() {
        assert!(is_there("sh"));
        assert!(is_there("/proc/self/status"));
        assert!(!is_there("no-such-program"));
        assert!(!is_there("/proc/no-such-file"));
    }
}
