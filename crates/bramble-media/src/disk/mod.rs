//! The disks of this machine: what they are, what is on them, what uses them, and which
//! of them may be written.
//!
//! Everything is read first (`machine`) and decided then (`uses`, `refusal`). Where there
//! is no udev, as in containers, sysfs and the first blocks of the disks tell enough.
//!
//! Not in here: what is written to a card (`write`), and how a list of disks looks.

mod blocks;
mod boot;
mod card;
mod content;
mod error;
mod find;
mod identity;
mod machine;
mod mounts;
mod note;
mod processes;
mod reason;
mod refusal;
mod remedy;
mod shown;
mod signature;
mod uses;
mod world;

use std::path::{Path, PathBuf};

pub use blocks::Number;
pub use card::Card;
pub use error::DiskError;
pub use find::{disks, find, lies_on};
pub use note::{Note, note};
pub use reason::Reason;
pub use refusal::{Refusal, Wish, refusal};
pub use world::World;

/// A disk or card as this machine knows it. Text of the device itself is harmless on a
/// terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// The kernel's name: `sda`.
    pub name: String,
    /// Its node: `/dev/sda`.
    pub path: PathBuf,
    /// Its number.
    pub number: Number,
    /// How much it holds, in bytes.
    pub size: u64,
    /// Its logical sector, in bytes.
    pub sector: u32,
    /// Who made it, as it says itself.
    pub vendor: Option<String>,
    /// What it is called, as it says itself.
    pub model: Option<String>,
    /// Its serial number, as it says itself. The cards in one USB reader all have the
    /// reader's.
    pub serial: Option<String>,
    /// How it is connected.
    pub bus: Bus,
    /// Whether the kernel says that the medium can be taken out.
    pub removable: bool,
    /// Whether it refuses to be written.
    pub read_only: bool,
    /// The links under `/dev/disk/by-id` that lead to it, the most telling first.
    pub by_id: Vec<PathBuf>,
    /// What is on it besides partitions.
    pub content: Content,
    /// Its partitions.
    pub parts: Vec<DiskPart>,
    /// All that it is used for, the gravest first.
    pub uses: Vec<Use>,
    /// The numbers of all devices and file systems that lie on it, its own included.
    pub carries: Vec<Number>,
    /// Which of the media that the kernel has seen so far is in it, if the kernel counts
    /// them, and where it tells so.
    pub sequence: Option<(PathBuf, u64)>,
}

impl Disk {
    /// Whether `given` is one of the links that name this very disk, whatever else is
    /// plugged in.
    pub fn is_named_by_id(&self, given: &Path) -> bool {
        self.by_id.iter().any(|link| link == given)
    }

    /// Whether it is soldered memory.
    pub fn is_emmc(&self) -> bool {
        matches!(
            self.bus,
            Bus::Mmc {
                kind: MmcKind::Emmc,
                ..
            }
        )
    }

    /// Whether it is a file that stands for a disk.
    pub fn is_loop(&self) -> bool {
        matches!(self.bus, Bus::Loop { .. })
    }
}

/// How a disk is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bus {
    /// A USB stick, disk or card reader.
    Usb,
    /// A card in a slot of the machine's own, or soldered memory.
    Mmc {
        /// Which of the two.
        kind: MmcKind,
        /// The card's identification register, in hexadecimal digits.
        cid: Option<String>,
    },
    /// A fast SSD, not on SATA.
    Nvme,
    /// A disk on SATA.
    Ata,
    /// A virtual machine's disk.
    Virtio,
    /// A file of this machine that stands for a disk.
    Loop {
        /// The file; `None` if the kernel does not tell.
        backing: Option<PathBuf>,
    },
    /// Something else.
    Other,
}

/// What is behind an MMC connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MmcKind {
    /// An SD card.
    Sd,
    /// Soldered memory, or what does not say that it is an SD card.
    Emmc,
}

/// What a disk or a partition holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// The file system, or what else it is, by udev's names: `ext4`, `vfat`, `swap`,
    /// `LVM2_member`. `None` if nothing known was found.
    pub kind: Option<String>,
    /// Its label, harmless on a terminal.
    pub label: Option<String>,
    /// Whether nobody could look: udev knows nothing of it, and it cannot be read.
    pub unread: bool,
}

/// A partition of a disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskPart {
    /// The kernel's name: `sda1`. One that is in the disk's table and not known to the
    /// kernel has the name that it would get.
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// What it holds.
    pub content: Content,
}

/// What a disk is used for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// A file system without which this machine does not run lies on it, be it through
    /// LVM, encryption, RAID or an overlay.
    SystemDisk {
        /// Where it is mounted.
        at: PathBuf,
    },
    /// The machine was started from it.
    Booted,
    /// A file system on it is mounted.
    Mounted {
        /// Where.
        at: PathBuf,
        /// A process that sees it there, if this one does not.
        process: Option<u32>,
    },
    /// Memory is swapped to it.
    Swap {
        /// The device or file, as the kernel names it.
        area: PathBuf,
    },
    /// Another device is made of it.
    Holder {
        /// What kind.
        what: Holding,
        /// Its name, as its own programs want it.
        name: String,
    },
    /// It belongs to a volume group.
    LvmMember {
        /// The kernel's name of the disk or partition.
        device: String,
    },
    /// It belongs to an array.
    RaidMember {
        /// The kernel's name of the disk or partition.
        device: String,
    },
    /// It belongs to a pool.
    ZfsMember {
        /// The kernel's name of the disk or partition.
        device: String,
        /// The pool's name, where it is known.
        pool: Option<String>,
    },
    /// A process has it open for writing.
    OpenBy {
        /// Its number.
        process: u32,
        /// Its name, harmless on a terminal.
        program: String,
    },
}

/// What makes devices out of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holding {
    /// A logical volume.
    Lvm,
    /// An opened encrypted volume.
    Crypt,
    /// An array.
    Raid,
    /// A cached disk.
    Bcache,
    /// A loop device.
    Loop,
    /// Any other device of the device mapper or the kernel.
    Mapped,
}
