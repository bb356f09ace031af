//! What is on a disk or partition: asked of udev, else read from it. Not in here: how
//! the first blocks are understood (`signature`, `bramble_card::partition`).

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt as _, FileTypeExt as _};
use std::path::Path;

use bramble_card::ReadAt;
use bramble_card::partition::{Partition, Table};

use super::blocks::Number;
use super::shown::shown;
use super::world::{self, World};
use super::{Content, DiskPart, signature};

/// The old RAID's place at the end is counted in this, in bytes.
const TAIL_UNIT: u64 = 64 << 10;

/// What udev noted about a device.
#[derive(Debug, Default)]
pub(super) struct Noted(String);

impl Noted {
    pub(super) fn read(world: &World, (major, minor): Number) -> Self {
        let path = world.run.join(format!("b{major}:{minor}"));
        let bytes = world::file(&path).unwrap_or_default();
        Self(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The value of the property `name`, made harmless.
    pub(super) fn property(&self, name: &str) -> Option<String> {
        let properties = self.0.lines().filter_map(|line| line.strip_prefix("E:"));
        let mut pairs = properties.filter_map(|property| property.split_once('='));
        shown(pairs.find(|(key, _)| *key == name)?.1)
    }
}

/// What the device of that `number` holds, whose node is at `node`.
pub(super) fn of(world: &World, number: Number, node: &Path) -> Content {
    let noted = Noted::read(world, number);
    match noted.property("ID_FS_TYPE") {
        Some(kind) => Content {
            kind: Some(kind),
            label: noted.property("ID_FS_LABEL"),
            unread: false,
        },
        None => Device::open(node)
            .and_then(|device| device.content(0, device.length))
            .unwrap_or(Content {
                unread: noted.0.is_empty(),
                ..Content::default()
            }),
    }
}

/// The partitions that stand in the table of the disk called `disk`, as far as it can be
/// read: of a loop device the kernel looks for none unless it is told to.
pub(super) fn parts(disk: &str, node: &Path) -> Vec<DiskPart> {
    let Some(device) = Device::open(node) else {
        return Vec::new();
    };
    let table = Table::read(&device).ok().flatten();
    let partitions = table.map_or_else(Vec::new, |table| table.partitions);
    let real = partitions.iter().filter(|part| !part.kind.is_container());
    real.map(|part| DiskPart {
        name: name(disk, part.number),
        size: part.length,
        content: device.part(part),
    })
    .collect()
}

/// As the kernel makes it: a number after a number wants a letter in between.
fn name(disk: &str, number: u32) -> String {
    let between = if disk.ends_with(|last: char| last.is_ascii_digit()) {
        "p"
    } else {
        ""
    };
    format!("{disk}{between}{number}")
}

/// A device that can be read.
struct Device {
    file: File,
    /// In bytes.
    length: u64,
}

impl Device {
    fn open(node: &Path) -> Option<Self> {
        let kind = std::fs::metadata(node).ok()?.file_type();
        if !kind.is_block_device() && !kind.is_file() {
            return None;
        }
        let file = File::open(node).ok()?;
        let length = rustix::fs::seek(&file, rustix::fs::SeekFrom::End(0)).ok()?;
        Some(Self { file, length })
    }

    /// What its `length` bytes from `start` on hold, if they can be read.
    fn content(&self, start: u64, length: u64) -> Option<Content> {
        let tail = length
            .saturating_sub(signature::TAIL as u64)
            .next_multiple_of(TAIL_UNIT);
        let head = self.bytes(start, length.min(signature::HEAD as u64))?;
        let tail = self.bytes(start + tail, length.saturating_sub(tail))?;
        Some(signature::read(&head, &tail))
    }

    fn part(&self, part: &Partition) -> Content {
        let within = part.end() <= self.length;
        within
            .then(|| self.content(part.start, part.length))
            .flatten()
            .unwrap_or(Content {
                unread: true,
                ..Content::default()
            })
    }

    fn bytes(&self, offset: u64, length: u64) -> Option<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(length).ok()?];
        self.file.read_exact_at(&mut bytes, offset).ok()?;
        Some(bytes)
    }
}

impl ReadAt for Device {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(into, offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_are_called_as_the_kernel_calls_them() {
        assert_eq!(name("sda", 1), "sda1");
        assert_eq!(name("mmcblk0", 2), "mmcblk0p2");
        assert_eq!(name("loop7", 12), "loop7p12");
    }
}
