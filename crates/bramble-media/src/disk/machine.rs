//! All that is known about this machine's disks, read at once. Not in here: what follows
//! from it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::blocks::{Block, Blocks};
use super::mounts::{self, Mount};
use super::processes::{self, View, Writer};
use super::world::{self, World};
use super::{Content, Holding, boot, content};

/// Major numbers of block devices that are no disks (Linux' `devices.txt`): floppies,
/// optical disks, raw flash.
const NO_DISKS: &[u32] = &[2, 11, 31];

/// What was read.
#[derive(Debug, Clone, Default)]
pub(super) struct Machine {
    pub(super) blocks: Blocks,
    /// This process's own view first.
    pub(super) views: Vec<View>,
    pub(super) swaps: Vec<PathBuf>,
    pub(super) writers: Vec<Writer>,
    /// The devices that the kernel's command line or the boot loader names.
    pub(super) booted: BTreeSet<String>,
    /// The names of devices by the paths that mounts, swaps and processes give.
    names: BTreeMap<PathBuf, String>,
    /// The devices of each mounted btrfs.
    together: Vec<Vec<String>>,
    /// What is on disks and partitions.
    pub(super) contents: BTreeMap<String, Content>,
    /// What the devices are that are made of others.
    pub(super) holdings: BTreeMap<String, (Holding, String)>,
}

impl Machine {
    pub(super) fn read(world: &World) -> Self {
        let blocks = Blocks::read(world);
        let mut machine = Self {
            views: processes::views(world),
            swaps: mounts::swaps(&world::file(&world.proc.join("swaps")).unwrap_or_default()),
            writers: processes::writers(world),
            booted: boot::devices(world),
            together: together(world),
            contents: contents(world, &blocks),
            holdings: holdings(&blocks),
            blocks,
            names: BTreeMap::new(),
        };
        machine.names = machine.named(world);
        machine.lay_loops();
        machine
    }

    /// Whether the device `name` can be written to as a whole: a disk, a slot for cards,
    /// or a loop device.
    pub(super) fn is_disk(name: &str, block: &Block) -> bool {
        let made = block.made && !name.starts_with("loop");
        block.parent.is_none() && !made && !NO_DISKS.contains(&block.number.0)
    }

    /// The device to which `path` leads.
    pub(super) fn device(&self, path: &Path) -> Option<&str> {
        self.names.get(path).map(String::as_str)
    }

    /// The devices of the file system on which the file at `path` lies.
    pub(super) fn devices_under(&self, path: &Path) -> BTreeSet<String> {
        let own = self.views.first().map_or(&[][..], |view| &view.mounts);
        let mount = mounts::holding(own, path);
        mount
            .map(|mount| self.devices_of(own, mount))
            .unwrap_or_default()
    }

    /// The devices that `mount`, one of `mounts`, lies on, also below overlays.
    pub(super) fn devices_of(&self, mounts: &[Mount], mount: &Mount) -> BTreeSet<String> {
        let mut devices = BTreeSet::new();
        let mut seen: Vec<&Mount> = Vec::new();
        let mut ahead = vec![mount];
        while let Some(mount) = ahead.pop() {
            // In a container the layers may be out of sight, and what is at their paths
            // is the overlay itself.
            if seen.iter().any(|seen| std::ptr::eq(*seen, mount)) {
                continue;
            }
            seen.push(mount);
            devices.extend(self.devices_right_below(mount));
            let layers = mount.layers();
            ahead.extend(
                layers
                    .iter()
                    .filter_map(|layer| mounts::holding(mounts, layer)),
            );
        }
        devices
    }

    fn devices_right_below(&self, mount: &Mount) -> BTreeSet<String> {
        if mount.kind == "zfs" {
            return self.pool(&mount.source);
        }
        let sources = mount.sources();
        let named = sources.iter().filter_map(|source| self.device(source));
        let found: BTreeSet<_> = match self.blocks.by_number(mount.number) {
            Some(device) => BTreeSet::from([device]),
            None => named.collect(),
        };
        let together = self.together.iter();
        let several = together.filter(|all| all.iter().any(|one| found.contains(one.as_str())));
        let all = several.flatten().map(String::as_str);
        all.chain(found.iter().copied()).map(String::from).collect()
    }

    /// The devices of the pool that the file system `source` is in.
    fn pool(&self, source: &Path) -> BTreeSet<String> {
        let pool = source.iter().next().and_then(|pool| pool.to_str());
        let members = self.contents.iter().filter(|(_, content)| {
            content.kind.as_deref() == Some("zfs_member") && content.label.as_deref() == pool
        });
        members.map(|(name, _)| name.clone()).collect()
    }

    /// Finds out which devices all the paths lead to that were read.
    fn named(&self, world: &World) -> BTreeMap<PathBuf, String> {
        let mounts = self.views.iter().flat_map(|view| &view.mounts);
        let paths = mounts
            .flat_map(Mount::sources)
            .chain(self.swaps.iter().cloned())
            .chain(self.writers.iter().map(|writer| writer.node.clone()))
            .chain(
                self.blocks
                    .by_name
                    .values()
                    .filter_map(|block| block.backing.clone()),
            );
        let paths: BTreeSet<_> = paths.filter(|path| path.starts_with("/dev")).collect();
        let named = paths.into_iter().filter_map(|path| {
            let name = self.name(world, &path)?;
            Some((path, name))
        });
        named.collect()
    }

    fn name(&self, world: &World, path: &Path) -> Option<String> {
        let linked = world.in_dev(path).and_then(|path| world.name_of(&path));
        let known = linked.filter(|name| self.blocks.by_name.contains_key(name));
        // Without udev there may be neither a link nor a node, but the name tells.
        known
            .or_else(|| {
                let mapped = path.strip_prefix("/dev/mapper").ok()?.to_str()?;
                let mut holdings = self.holdings.iter();
                let (name, _) = holdings.find(|(_, (_, called))| called == mapped)?;
                Some(name.clone())
            })
            .or_else(|| {
                let name = path.strip_prefix("/dev").ok()?.to_str()?.replace('/', "!");
                self.blocks.by_name.contains_key(&name).then_some(name)
            })
    }

    /// Says of each loop device what its bytes lie on.
    fn lay_loops(&mut self) {
        let backed = self.blocks.by_name.iter();
        let below: Vec<_> = backed
            .filter_map(|(name, block)| Some((name.clone(), block.backing.as_ref()?)))
            .map(|(name, backing)| match self.device(backing) {
                Some(device) => (name, BTreeSet::from([device.to_owned()])),
                None => (name, self.devices_under(backing)),
            })
            .collect();
        for (name, below) in below {
            if let Some(block) = self.blocks.by_name.get_mut(&name) {
                block.made_of.extend(below);
            }
        }
    }
}

fn together(world: &World) -> Vec<Vec<String>> {
    let systems = world.sys.join("fs/btrfs");
    let names = world::names(&systems).into_iter();
    names
        .map(|name| world::names(&systems.join(name).join("devices")))
        .collect()
}

fn contents(world: &World, blocks: &Blocks) -> BTreeMap<String, Content> {
    let is_disk = |name: &str| {
        let block = blocks.by_name.get(name);
        block.is_some_and(|block| Machine::is_disk(name, block))
    };
    let filled = blocks.by_name.iter().filter(|(_, block)| block.size > 0);
    let own = filled.filter(|(name, block)| {
        is_disk(name) || (block.partition && block.parent.as_deref().is_some_and(is_disk))
    });
    own.map(|(name, block)| {
        (
            name.clone(),
            content::of(world, block.number, &world.node(name)),
        )
    })
    .collect()
}

fn holdings(blocks: &Blocks) -> BTreeMap<String, (Holding, String)> {
    let made = blocks.by_name.iter().filter(|(_, block)| block.made);
    made.map(|(name, block)| (name.clone(), holding(name, block)))
        .collect()
}

/// What the kernel's device `name` is, and what its own programs call it.
fn holding(name: &str, block: &Block) -> (Holding, String) {
    let mapped = world::attribute(&block.folder.join("dm/name"));
    let uuid = world::attribute(&block.folder.join("dm/uuid")).unwrap_or_default();
    let what = match name {
        _ if uuid.starts_with("LVM-") => Holding::Lvm,
        _ if uuid.starts_with("CRYPT-") => Holding::Crypt,
        _ if block.folder.join("md").exists() => Holding::Raid,
        _ if name.starts_with("bcache") => Holding::Bcache,
        _ if name.starts_with("loop") => Holding::Loop,
        _ => Holding::Mapped,
    };
    (what, mapped.unwrap_or_else(|| name.to_owned()))
}
