//! What can be wished for of an image. Not in here: what it means for the image.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use bramble_cluster::unit::Capacity;

use crate::Architecture;

/// An image to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageOrder {
    /// For which processors.
    pub architecture: Architecture,
    /// The release of Debian.
    pub suite: Suite,
    /// How large it is to be; `None` for no larger than it must be.
    pub size: Option<Capacity>,
    /// Packages beside those that every image has.
    pub include: Vec<PackageName>,
    /// What it starts with.
    pub firmware: Firmware,
    /// What its partitions are found by.
    pub disk_id: u32,
    /// The file.
    pub output: PathBuf,
}

/// What starts an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Firmware {
    /// Nothing: it has no kernel, which a virtual node needs none of.
    None,
    /// UEFI, or an emulator that is told the kernel.
    Uefi,
    /// A Raspberry Pi's.
    RaspberryPi,
}

/// A word that cannot be what it was given for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` cannot be the name of a {kind}: it takes {letters}")]
pub struct WordError {
    word: String,
    kind: &'static str,
    letters: &'static str,
}

/// The name of a release: `trixie`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suite(String);

/// The name of a Debian package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageName(String);

impl Suite {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PackageName {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Suite {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        const LETTERS: &str = "small letters, digits and `-`, a letter first";
        let first = text.starts_with(|c: char| c.is_ascii_lowercase());
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if first && text.chars().all(fits) {
            return Ok(Self(text.to_owned()));
        }
        Err(wrong(text, "release", LETTERS))
    }
}

impl FromStr for PackageName {
    type Err = WordError;

    /// As Debian's policy has it (section 5.6.1).
    fn from_str(text: &str) -> Result<Self, WordError> {
        const LETTERS: &str = "small letters, digits, `+`, `-` and `.`, at least two";
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let fits = |c: char| plain(c) || "+-.".contains(c);
        if text.len() >= 2 && text.starts_with(plain) && text.chars().all(fits) {
            return Ok(Self(text.to_owned()));
        }
        Err(wrong(text, "package", LETTERS))
    }
}

fn wrong(word: &str, kind: &'static str, letters: &'static str) -> WordError {
    WordError {
        word: word.to_owned(),
        kind,
        letters,
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_could_be_an_option_or_two_names_is_none() {
        for text in ["", "a", "-x", "Vim", "a,b", "a b", "a/trixie", "ü1"] {
            assert!(text.parse::<PackageName>().is_err(), "{text}");
        }
        assert!("g++".parse::<PackageName>().is_ok());
        assert!("libstdc++-14-dev".parse::<PackageName>().is_ok());
        assert!("--mode=root".parse::<Suite>().is_err());
        assert!("trixie-backports".parse::<Suite>().is_ok());
    }
}
