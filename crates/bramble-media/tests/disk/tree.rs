//! A machine made up as a tree of files, as `/sys`, `/proc` and `/dev` look. Not in here:
//! any test.

use std::fs::{self, File};
use std::os::unix::fs::{FileExt as _, symlink};
use std::path::{Path, PathBuf};

use bramble_media::disk::{self, Disk, DiskError, World};
use tempfile::TempDir;

/// A gigabyte as makers of cards count.
pub(crate) const GB: u64 = 1_000_000_000;

/// Where a USB device hangs.
pub(crate) const USB: &str = "pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host6/target6:0:0/6:0:0:0";

/// Where an SSD hangs.
pub(crate) const NVME: &str = "pci0000:00/0000:00:1d.0/0000:03:00.0/nvme/nvme0";

/// Where an SD card of the machine's own slot hangs.
pub(crate) const SD: &str = "platform/fe340000.mmc/mmc_host/mmc0/mmc0:aaaa";

/// Where devices hang that the kernel makes.
const MADE: &str = "virtual";

pub(crate) struct Tree {
    folder: TempDir,
    pub(crate) world: World,
}

impl Tree {
    /// A machine without any disk, whose root lies in memory.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let inside = |name: &str| folder.path().join(name);
        let world = World {
            sys: inside("sys"),
            dev: inside("dev"),
            proc: inside("proc"),
            run: inside("run/udev/data"),
        };
        for path in [&world.sys.join("class/block"), &world.dev, &world.run] {
            fs::create_dir_all(path).unwrap();
        }
        let tree = Self { folder, world };
        tree.mounts("1 0 0:2 / / rw - rootfs rootfs rw\n");
        tree
    }

    /// A whole disk that hangs at `way`, and its node.
    pub(crate) fn disk(&self, way: &str, name: &str, number: &str, size: u64) -> &Self {
        let folder = self
            .world
            .sys
            .join("devices")
            .join(way)
            .join("block")
            .join(name);
        self.block(&folder, name, number, size);
        symlink("../..", folder.join("device")).unwrap();
        self
    }

    /// A partition, whose name goes on from its disk's.
    pub(crate) fn part(&self, name: &str, number: &str, size: u64) -> &Self {
        let disks = fs::read_dir(self.world.sys.join("class/block")).unwrap();
        let disks = disks.map(|disk| disk.unwrap().file_name().into_string().unwrap());
        let disk = disks.filter(|disk| name.starts_with(disk)).min().unwrap();
        let folder = fs::canonicalize(self.of(&disk)).unwrap().join(name);
        self.block(&folder, name, number, size);
        write(&folder.join("partition"), "1\n");
        self
    }

    /// A device that is made of others: their names.
    pub(crate) fn made(&self, name: &str, number: &str, of: &[&str]) -> &Self {
        let folder = self
            .world
            .sys
            .join("devices")
            .join(MADE)
            .join("block")
            .join(name);
        self.block(&folder, name, number, GB);
        for below in of {
            let slaves = folder.join("slaves");
            fs::create_dir_all(&slaves).unwrap();
            symlink(
                fs::canonicalize(self.of(below)).unwrap(),
                slaves.join(below),
            )
            .unwrap();
        }
        self
    }

    /// A device of the device mapper, with its name there and the beginning of its id.
    pub(crate) fn mapped(
        &self,
        name: &str,
        number: &str,
        called: (&str, &str),
        of: &[&str],
    ) -> &Self {
        let (mapped, id) = called;
        self.made(name, number, of);
        self.attribute(name, "dm/name", mapped)
            .attribute(name, "dm/uuid", id);
        self.link(&format!("mapper/{mapped}"), &format!("../{name}"))
    }

    fn block(&self, folder: &Path, name: &str, number: &str, size: u64) {
        write(&folder.join("dev"), &format!("{number}\n"));
        write(&folder.join("size"), &format!("{}\n", size / 512));
        write(&folder.join("ro"), "0\n");
        write(&folder.join("removable"), "0\n");
        symlink(folder, self.of(name)).unwrap();
        File::create(self.world.dev.join(name)).unwrap();
    }

    /// An attribute of the block device `name`.
    pub(crate) fn attribute(&self, name: &str, attribute: &str, text: &str) -> &Self {
        write(&self.of(name).join(attribute), &format!("{text}\n"));
        self
    }

    /// A file of `/sys`, `/proc` or `/run/udev/data`.
    pub(crate) fn file(&self, path: &str, text: &str) -> &Self {
        write(&self.folder.path().join(path), text);
        self
    }

    /// What this process sees mounted.
    pub(crate) fn mounts(&self, text: &str) -> &Self {
        self.process("self", "mnt:[1]", text)
    }

    /// A process, its mount namespace, and what it sees mounted.
    pub(crate) fn process(&self, name: &str, namespace: &str, mounts: &str) -> &Self {
        let folder = self.world.proc.join(name);
        write(&folder.join("mountinfo"), mounts);
        relink(namespace, &folder.join("ns/mnt"));
        self
    }

    /// A link in the folder of devices.
    pub(crate) fn link(&self, path: &str, to: &str) -> &Self {
        relink(to, &self.world.dev.join(path));
        self
    }

    /// Bytes on the device `name`.
    pub(crate) fn on(&self, name: &str, at: u64, bytes: &[u8]) -> &Self {
        let node = File::options()
            .write(true)
            .open(self.world.dev.join(name))
            .unwrap();
        node.set_len(1 << 20).unwrap();
        node.write_all_at(bytes, at).unwrap();
        self
    }

    /// The node of a device.
    pub(crate) fn node(&self, name: &str) -> PathBuf {
        self.world.dev.join(name)
    }

    pub(crate) fn find(&self, name: &str) -> Result<Disk, DiskError> {
        disk::find(&self.world, &self.node(name))
    }

    /// The disk whose node is `name`.
    pub(crate) fn found(&self, name: &str) -> Disk {
        self.find(name).unwrap()
    }

    /// The names of all disks.
    pub(crate) fn names(&self) -> Vec<String> {
        let disks = disk::disks(&self.world).unwrap();
        disks.into_iter().map(|disk| disk.name).collect()
    }

    fn of(&self, name: &str) -> PathBuf {
        self.world.sys.join("class/block").join(name)
    }
}

fn relink(to: &str, link: &Path) {
    fs::create_dir_all(link.parent().unwrap()).unwrap();
    if link.is_symlink() {
        fs::remove_file(link).unwrap();
    }
    symlink(to, link).unwrap();
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
