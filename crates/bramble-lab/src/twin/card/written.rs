//! A card as it was written to a file, and whether it is the card of the node that its
//! file is named after. Not in here: starting the node.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use bramble_card::fat::Fat;
use bramble_card::partition::{Partition, Table};
use bramble_card::{ReadAt, Stretch};
use bramble_cluster::NodeName;

use super::first_boot;
use crate::LabError;
use crate::error::{CardError, at};

/// The largest file of a first boot that is read; ours have a few kilobytes.
const LARGEST: u64 = 1 << 20;

/// The magic number of an ext4 file system, and its place.
const EXT4: [u8; 2] = [0x53, 0xef];
const EXT4_AT: u64 = 1080;

/// A file that holds a card with all that a virtual node boots from, and that says of
/// itself that it is a certain node's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenCard {
    pub(super) image: PathBuf,
    pub(super) boot: Partition,
    pub(super) root: Partition,
}

/// The two parts of a card that make a node.
struct Parts {
    boot: Partition,
    root: Partition,
}

/// A file that is read as a card is.
pub(super) struct CardFile {
    file: File,
    length: u64,
}

impl ReadAt for CardFile {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(into, offset)
    }
}

impl WrittenCard {
    /// The card of `node` in the file `image`, which is only read. One of another node
    /// would boot as that one, and nobody would find it where `node` is looked for.
    pub fn open(node: &NodeName, image: &Path) -> Result<Self, LabError> {
        let card = open(image)?;
        let unfit = |what| CardError::Unfit {
            node: node.clone(),
            image: image.to_owned(),
            what,
        };
        let parts = parts(&card).map_err(unfit)?;
        let named = name(&card, &parts.boot).map_err(unfit)?;
        is_of(node, named.as_deref(), image)?;
        Ok(Self {
            image: image.to_owned(),
            boot: parts.boot,
            root: parts.root,
        })
    }
}

fn is_of(node: &NodeName, named: Option<&str>, image: &Path) -> Result<(), CardError> {
    let (node, image) = (node.clone(), image.to_owned());
    match named {
        Some(name) if name == node.as_str() => Ok(()),
        Some(other) => Err(CardError::Anothers {
            node,
            image,
            other: other.to_owned(),
        }),
        None => Err(CardError::Nobodys { node, image }),
    }
}

/// The host name that the card's first boot gives.
fn name(card: &CardFile, boot: &Partition) -> Result<Option<String>, String> {
    let fat = Fat::open(Stretch::new(card, boot.start, boot.length));
    let fat = fat.map_err(|error| error.to_string())?;
    let read = |name| -> Result<Option<String>, String> {
        let bytes = fat.read(name, LARGEST).map_err(|error| error.to_string())?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    };
    let (user, meta) = (read(first_boot::USER)?, read(first_boot::META)?);
    let (Some(user), Some(meta)) = (user, meta) else {
        return Err(format!(
            "its boot partition has no `{}` and `{}`, by which cloud-init makes a node of it",
            first_boot::USER,
            first_boot::META
        ));
    };
    Ok(first_boot::host_name(&user, &meta))
}

pub(super) fn open(image: &Path) -> Result<CardFile, LabError> {
    let file = File::open(image).map_err(at("open", image))?;
    let length = file.metadata().map_err(at("look at", image))?.len();
    Ok(CardFile { file, length })
}

/// The partition with FAT that comes first, and the one with ext4 that comes first.
fn parts(card: &CardFile) -> Result<Parts, String> {
    let table = Table::read(&card)
        .map_err(|error| error.to_string())?
        .ok_or("it has no partition table")?;
    let part = |holds: &dyn Fn(&Partition) -> bool| {
        let whole = |part: &&Partition| part.end() <= card.length;
        let mut parts = table.partitions.iter().filter(whole);
        parts.find(|part| holds(part)).cloned()
    };
    let boot = part(&|part| Fat::open(Stretch::new(card, part.start, part.length)).is_ok());
    let root = part(&|part| {
        let magic = Stretch::new(card, part.start, part.length).bytes_at(EXT4_AT, 2);
        magic.is_ok_and(|magic| magic == EXT4)
    });
    Ok(Parts {
        boot: boot.ok_or("it has no boot partition with FAT")?,
        root: root.ok_or("it has no root partition with ext4")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_its_nodes_by_the_name_on_it_and_not_by_its_files() {
        let (node, image) = ("node1".parse().unwrap(), Path::new("cards/node1.img"));
        assert!(is_of(&node, Some("node1"), image).is_ok());
        let others = is_of(&node, Some("node2"), image).unwrap_err();
        assert_eq!(
            others.to_string(),
            "cards/node1.img is node1's card by its name, and node2's by what is on it"
        );
        assert!(others.remedy().contains("rename"), "{}", others.remedy());
        let nobodys = is_of(&node, None, image).unwrap_err();
        assert_eq!(
            nobodys.to_string(),
            "cards/node1.img is no node's card yet: nothing on it names one"
        );
        assert!(nobodys.remedy().contains("card image node1"));
    }

    #[test]
    fn a_file_that_is_no_card_says_what_it_lacks() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(1 << 20).unwrap();
        let said = parts(&open(file.path()).unwrap()).err().unwrap();
        assert_eq!(said, "it has no partition table");
    }
}
