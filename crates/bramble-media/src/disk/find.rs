//! Disks looked for: all of them, or the one that is meant by a path. Not in here: which
//! may be written.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use super::blocks::{Block, Number};
use super::content;
use super::identity;
use super::machine::Machine;
use super::uses::Uses;
use super::world::{self, World};
use super::{Disk, DiskError, DiskPart};

/// The logical sector of nearly all disks, in bytes, where the kernel does not tell.
const SECTOR: u32 = 512;

/// All disks that this machine has, with a medium in them, by their names. Loop devices
/// are among them, and so are disks that must not be written.
pub fn disks(world: &World) -> Result<Vec<Disk>, DiskError> {
    let search = Search::begin(world)?;
    let blocks = search.machine.blocks.by_name.iter();
    let whole = blocks.filter(|(name, block)| block.size > 0 && Machine::is_disk(name, block));
    let uses = Uses::of(&search.machine);
    Ok(whole
        .map(|(name, block)| search.disk(&uses, name, block))
        .collect())
}

/// The disk that is meant by `given`: its node, or any link to that.
pub fn find(world: &World, given: &Path) -> Result<Disk, DiskError> {
    let (search, given) = (Search::begin(world)?, given.to_owned());
    let metadata = match fs::metadata(&given) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(DiskError::NotThere { given });
        }
        Err(error) => return Err(unreadable(&given, error)),
    };
    let name = search.name(&given, &metadata);
    let found = name.and_then(|name| search.machine.blocks.by_name.get_key_value(&name));
    let Some((name, block)) = found else {
        return Err(DiskError::NotADevice { given });
    };
    if let Some(parent) = &block.parent {
        let disk = world.node(parent);
        return Err(DiskError::Part { given, disk });
    }
    if !Machine::is_disk(name, block) {
        return Err(DiskError::NotADisk { given });
    }
    if block.size == 0 {
        return Err(DiskError::Empty { given });
    }
    Ok(search.disk(&Uses::of(&search.machine), name, block))
}

/// The number of the device that the file at `path` lies on, or of `path` itself if it is
/// a device: what [`Wish::source`](super::Wish) wants of an image.
pub fn lies_on(path: &Path) -> io::Result<Number> {
    let metadata = fs::metadata(path)?;
    let is_device = metadata.file_type().is_block_device();
    let number = if is_device {
        metadata.rdev()
    } else {
        metadata.dev()
    };
    Ok((rustix::fs::major(number), rustix::fs::minor(number)))
}

/// What a search for disks works on.
struct Search<'a> {
    world: &'a World,
    machine: Machine,
    by_id: BTreeMap<String, Vec<PathBuf>>,
}

impl<'a> Search<'a> {
    fn begin(world: &'a World) -> Result<Self, DiskError> {
        let class = world.sys.join("class/block");
        fs::read_dir(&class).map_err(|error| unreadable(&class, error))?;
        // Without it every disk would look free.
        let mounts = world.proc.join("self/mountinfo");
        File::open(&mounts).map_err(|error| unreadable(&mounts, error))?;
        let (machine, by_id) = (Machine::read(world), by_id(world));
        Ok(Self {
            world,
            machine,
            by_id,
        })
    }

    /// By the name of its node, else by the number that the node bears: it may lie
    /// anywhere.
    fn name(&self, given: &Path, metadata: &Metadata) -> Option<String> {
        let blocks = &self.machine.blocks;
        let is_device = metadata.file_type().is_block_device();
        let number = (
            rustix::fs::major(metadata.rdev()),
            rustix::fs::minor(metadata.rdev()),
        );
        let named = self.world.name_of(given).filter(|name| {
            let block = blocks.by_name.get(name);
            block.is_some_and(|block| !is_device || block.number == number)
        });
        let numbered = blocks.by_number(number).filter(|_| is_device);
        named.or_else(|| numbered.map(String::from))
    }

    fn disk(&self, uses: &Uses<'_>, name: &str, block: &Block) -> Disk {
        let number = |attribute: &str| world::number(&block.folder.join(attribute));
        let bus = identity::bus(self.world, name, block);
        let identity = identity::identity(self.world, &bus, block);
        let sector = number("queue/logical_block_size").and_then(|size| size.try_into().ok());
        Disk {
            name: name.to_owned(),
            path: self.world.node(name),
            number: block.number,
            size: block.size,
            sector: sector.unwrap_or(SECTOR),
            vendor: identity.vendor,
            model: identity.model,
            serial: identity.serial,
            bus,
            removable: number("removable") == Some(1),
            read_only: number("ro") == Some(1),
            by_id: self.by_id.get(name).cloned().unwrap_or_default(),
            content: self.machine.contents.get(name).cloned().unwrap_or_default(),
            parts: self.parts(name),
            uses: uses.on(name),
            carries: uses.numbers(name),
            sequence: number("diskseq").map(|seen| (block.folder.join("diskseq"), seen)),
        }
    }

    fn is_one_file_system(&self, disk: &str) -> bool {
        let content = self.machine.contents.get(disk);
        content.is_some_and(|content| content.kind.is_some())
    }

    /// In the order of their numbers, in which `sda10` comes after `sda2`.
    fn parts(&self, disk: &str) -> Vec<DiskPart> {
        let parts = self.machine.blocks.with_parts(disk);
        let mut parts: Vec<_> = parts.filter(|(_, block)| block.partition).collect();
        parts.sort_by_key(|(name, _)| (name.len(), *name));
        let part = |(name, block): (&str, &Block)| DiskPart {
            name: name.to_owned(),
            size: block.size,
            content: self.machine.contents.get(name).cloned().unwrap_or_default(),
        };
        if parts.is_empty() && !self.is_one_file_system(disk) {
            return content::parts(disk, &self.world.node(disk));
        }
        parts.into_iter().map(part).collect()
    }
}

/// The links that name disks by what they say of themselves, by the disks' names.
fn by_id(world: &World) -> BTreeMap<String, Vec<PathBuf>> {
    let folder = world.dev.join("disk/by-id");
    let mut found = BTreeMap::<String, Vec<PathBuf>>::new();
    for link in world::names(&folder) {
        let link = folder.join(link);
        if let Some(name) = world.name_of(&link) {
            found.entry(name).or_default().push(link);
        }
    }
    for links in found.values_mut() {
        links.sort_by_key(|link| is_opaque(link));
    }
    found
}

/// Whether a link has numbers only, and no name of a model.
fn is_opaque(link: &Path) -> bool {
    let name = link.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("wwn-") || name.starts_with("nvme-eui.") || name.starts_with("nvme-nvme.")
}

fn unreadable(path: &Path, source: io::Error) -> DiskError {
    let path = path.to_owned();
    DiskError::Unreadable { path, source }
}
