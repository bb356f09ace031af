//! What is on a disk or partition: asked of udev, else read from it. Not in here: how
//! the first blocks are understood (`signature`, `bramble_card::partition`).

use std::path::Path;

use bramble_card::ReadAt;
use bramble_card::bytes::place;
use bramble_card::partition::{Partition, Table};

use super::blocks::Number;
use super::shown::shown;
use super::world::{self, World};
use super::{Card, Content, DiskPart, signature};

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
        None => Card::open_to_read(node)
            .ok()
            .and_then(|device| content(&device, 0, ReadAt::length(&device)))
            .unwrap_or(Content {
                unread: noted.0.is_empty(),
                ..Content::default()
            }),
    }
}

/// The partitions that stand in the table of the disk called `disk`, as far as it can be
/// read: of a loop device the kernel looks for none unless it is told to.
pub(super) fn parts(disk: &str, node: &Path) -> Vec<DiskPart> {
    let Ok(device) = Card::open_to_read(node) else {
        return Vec::new();
    };
    let table = Table::read(&device).ok().flatten();
    let partitions = table.map_or_else(Vec::new, |table| table.partitions);
    let real = partitions.iter().filter(|part| !part.kind.is_container());
    real.map(|found| DiskPart {
        name: name(disk, found.number),
        size: found.length,
        content: part(&device, found),
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

/// What the `length` bytes of `device` from `start` on hold, if they can be read.
fn content(device: &Card, start: u64, length: u64) -> Option<Content> {
    let bytes = |offset: u64, length: u64| device.bytes_at(offset, place(length)).ok();
    let tail = length
        .saturating_sub(signature::TAIL as u64)
        .next_multiple_of(TAIL_UNIT);
    let head = bytes(start, length.min(signature::HEAD as u64))?;
    let tail = bytes(start + tail, length.saturating_sub(tail))?;
    Some(signature::read(&head, &tail))
}

fn part(device: &Card, part: &Partition) -> Content {
    let within = part.end() <= ReadAt::length(device);
    within
        .then(|| content(device, part.start, part.length))
        .flatten()
        .unwrap_or(Content {
            unread: true,
            ..Content::default()
        })
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
