//! The block devices of a machine, and which is made of which. Not in here: what they
//! are used for, and who made them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::world::{self, World};

/// What sysfs counts the size of a device in, in bytes, whatever its sectors are.
const SYSFS_SECTOR: u64 = 512;

/// A device's number: major and minor.
pub type Number = (u32, u32);

/// All block devices, by the kernel's name.
#[derive(Debug, Clone, Default)]
pub(super) struct Blocks {
    pub(super) by_name: BTreeMap<String, Block>,
}

/// One of them: a disk, a partition, or what is made of these.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) number: Number,
    /// In bytes.
    pub(super) size: u64,
    /// Its folder in sysfs, without links.
    pub(super) folder: PathBuf,
    /// The disk that it is a part of.
    pub(super) parent: Option<String>,
    pub(super) partition: bool,
    /// What it is made of.
    pub(super) made_of: Vec<String>,
    /// Where a loop device has its bytes from, as the machine tells it.
    pub(super) backing: Option<PathBuf>,
    /// Made by the kernel from memory, files or other devices.
    pub(super) made: bool,
}

impl Blocks {
    pub(super) fn read(world: &World) -> Self {
        let class = world.sys.join("class/block");
        let mut by_name: BTreeMap<_, _> = world::names(&class)
            .into_iter()
            .filter_map(|name| Some((name.clone(), read_block(world, &class.join(name))?)))
            .collect();
        let known: BTreeSet<String> = by_name.keys().cloned().collect();
        for block in by_name.values_mut() {
            let parent = block.folder.parent().and_then(Path::file_name);
            let parent = parent.and_then(|name| name.to_str());
            block.parent = parent
                .filter(|name| known.contains(*name))
                .map(String::from);
        }
        Self { by_name }
    }

    pub(super) fn by_number(&self, number: Number) -> Option<&str> {
        let mut blocks = self.by_name.iter();
        let (name, _) = blocks.find(|(_, block)| block.number == number)?;
        Some(name)
    }

    /// `names` and everything that these are parts of or made of, down to the disks.
    pub(super) fn down<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut ahead: Vec<String> = names.into_iter().map(String::from).collect();
        while let Some(name) = ahead.pop() {
            let Some(block) = self.by_name.get(&name) else {
                continue;
            };
            if found.insert(name) {
                ahead.extend(block.parent.clone());
                ahead.extend(block.made_of.iter().cloned());
            }
        }
        found
    }

    /// `disk` and its partitions.
    pub(super) fn with_parts<'a>(
        &'a self,
        disk: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Block)> {
        let blocks = self.by_name.iter();
        let own = blocks
            .filter(move |(name, block)| *name == disk || block.parent.as_deref() == Some(disk));
        own.map(|(name, block)| (name.as_str(), block))
    }
}

fn read_block(world: &World, link: &Path) -> Option<Block> {
    let folder = fs::canonicalize(link).ok()?;
    let sys = fs::canonicalize(&world.sys).ok()?;
    if world::number(&folder.join("hidden")) == Some(1) {
        return None;
    }
    Some(Block {
        number: number(&world::attribute(&folder.join("dev"))?)?,
        size: world::number(&folder.join("size"))?.saturating_mul(SYSFS_SECTOR),
        parent: None,
        partition: folder.join("partition").exists(),
        made_of: world::names(&folder.join("slaves")),
        backing: world::attribute(&folder.join("loop/backing_file")).map(PathBuf::from),
        made: folder.starts_with(sys.join("devices/virtual/block")),
        folder,
    })
}

/// `8:1` as two numbers.
pub(super) fn number(text: &str) -> Option<Number> {
    let (major, minor) = text.split_once(':')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
