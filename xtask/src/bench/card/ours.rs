//! `bramble card` as it is measured, and the cluster whose cards are made. Not in here:
//! the programs it is held against.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::desk;
use crate::failure::Failure;
use crate::program::command;

/// Six nodes and no wireless network, whose pass phrase would be asked for.
const CLUSTER: &str = r#"[cluster]
name = "bench"
user = "pi"
[network]
subnet = "10.77.0.0/24"
access = "direct"
internet = "never"
[time]
source = "none"
[head]
name = "head"
board = "rpi4b"
ram = "4GB"
card = "sandisk-ultra-32GB"
supply = "psu-15w"
[[nodes]]
names = "node[1-6]"
roles = ["worker"]
board = "rpi4b"
ram = "4GB"
card = "sandisk-ultra-32GB"
supply = "psu-15w"
"#;

#[derive(Debug)]
pub(super) struct Ours {
    bramble: PathBuf,
    file: PathBuf,
}

impl Ours {
    /// `bramble` with a cluster in a folder of its own.
    pub(super) fn new(bramble: PathBuf, folder: &Path) -> Result<Self, Failure> {
        desk::make_folder(folder)?;
        let file = folder.join("bramble.toml");
        desk::write(&file, CLUSTER)?;
        Ok(Self { bramble, file })
    }

    /// `bramble card` with these words.
    pub(super) fn card(&self, words: &[&str]) -> Command {
        let mut card = command(&self.bramble);
        card.arg("--file").arg(&self.file).arg("card").args(words);
        card
    }

    /// `bramble card write` of this image to the first nodes' cards, which are `disks`. A
    /// block map is not looked for: bramble reads the file systems.
    pub(super) fn write(&self, image: &Path, disks: &[&str], words: &[&str]) -> Command {
        let mut write = self.card(&["write", "--yes", "--no-bmap"]);
        write.args(words).arg("--image").arg(image);
        write.args(pairs(disks));
        write
    }

    /// `bramble card verify` of the same.
    pub(super) fn verify(&self, image: &Path, disks: &[&str]) -> Command {
        let mut verify = self.card(&["verify", "--no-bmap", "--image"]);
        verify.arg(image).args(pairs(disks));
        verify
    }
}

fn pairs(disks: &[&str]) -> impl Iterator<Item = String> {
    let numbered = disks.iter().enumerate();
    numbered.map(|(index, disk)| format!("node{}={disk}", index + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_disk_is_that_of_the_next_node() {
        let pairs: Vec<_> = pairs(&["/dev/loop0", "b.img"]).collect();
        assert_eq!(pairs, ["node1=/dev/loop0", "node2=b.img"]);
    }
}
