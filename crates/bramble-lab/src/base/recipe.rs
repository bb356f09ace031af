//! What goes into the base image, and the key it is cached under. Not in here:
//! building it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The release that current Raspberry Pi OS is based on.
pub(super) const SUITE: &str = "trixie";

pub(super) const CUSTOMISE: &str = include_str!("customise.sh");
const PACKAGES: &str = include_str!("packages.txt");

/// Options of mmdebstrap. Nothing of the image is worth keeping if this machine
/// goes down while it is built, so dpkg need not wait for the disk; manuals and
/// translations are a third of the image.
const OPTIONS: &[&str] = &[
    "--mode=root",
    "--format=directory",
    "--variant=minbase",
    "--aptopt=APT::Install-Recommends \"false\"",
    "--aptopt=Acquire::Languages \"none\"",
    "--dpkgopt=force-unsafe-io",
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
];

/// What mmdebstrap is asked for, save where to put it.
pub(super) fn options() -> impl Iterator<Item = String> {
    let packages = format!("--include={}", packages().collect::<Vec<_>>().join(","));
    OPTIONS
        .iter()
        .map(|&option| option.to_owned())
        .chain([packages])
}

fn packages() -> impl Iterator<Item = &'static str> {
    PACKAGES
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Names the image after all that decides what is in it, as
/// `trixie-ARCHITECTURE-0123456789ab`.
pub(super) fn key() -> String {
    let mut hash = Sha256::new();
    for part in options().chain([CUSTOMISE.to_owned()]) {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    format!(
        "{SUITE}-{}-{}",
        std::env::consts::ARCH,
        hex(&hash.finalize(), 6)
    )
}

/// The first `bytes` of a digest, as text.
pub(crate) fn hex(digest: &[u8], bytes: usize) -> String {
    digest
        .iter()
        .take(bytes)
        .fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            write!(text, "{byte:02x}").ok();
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_the_suite_the_architecture_and_twelve_digits() {
        let key = key();
        let (front, digits) = key.rsplit_once('-').unwrap();
        assert_eq!(front, format!("trixie-{}", std::env::consts::ARCH));
        assert_eq!(digits.len(), 12);
        assert!(digits.chars().all(|c| c.is_ascii_hexdigit()));
    }

    #[test]
    fn comments_of_the_package_list_are_no_packages() {
        assert!(packages().all(|name| !name.contains(['#', ' ', ','])));
        assert!(packages().any(|name| name == "cloud-init"));
    }
}
