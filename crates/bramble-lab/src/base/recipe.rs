//! What goes into the base image, and the key it is cached under. Not in here:
//! building it.

use sha2::{Digest as _, Sha256};

use super::mmdebstrap::OPTIONS;
use crate::hex::hex;

/// The release that current Raspberry Pi OS is based on.
pub(super) const SUITE: &str = "trixie";

/// What mmdebstrap runs at the end.
pub(super) const HOOKS: &[&str] = &[SEEDED, include_str!("twin.sh")];

/// Makes a root take its first boot from a seed.
pub(crate) const SEEDED: &str = include_str!("seeded.sh");

const PACKAGES: &str = include_str!("packages.txt");

/// What mmdebstrap is asked for, save where to put it.
pub(super) fn options() -> Vec<String> {
    let packages = format!("--include={}", packages().collect::<Vec<_>>().join(","));
    let options = OPTIONS.iter().map(|&option| option.to_owned());
    options.chain([packages]).collect()
}

/// What all nodes have, boards' and virtual ones.
pub(crate) fn packages() -> impl Iterator<Item = &'static str> {
    listed(PACKAGES)
}

/// The packages of a list: one a line, among comments.
pub(crate) fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Names the image after all that decides what is in it, as
/// `trixie-ARCHITECTURE-0123456789ab`.
pub(super) fn key() -> String {
    let mut hash = Sha256::new();
    let options = options();
    let hooks = HOOKS.iter().copied();
    for part in options.iter().map(String::as_str).chain(hooks) {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    format!(
        "{SUITE}-{}-{}",
        std::env::consts::ARCH,
        hex(&hash.finalize(), 6)
    )
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
