//! What is on a disk or partition: asked of udev, else read from it. Not in here: how
//! the first blocks are understood (`signature`).

use std::fs::File;
use std::os::unix::fs::{FileExt as _, FileTypeExt as _};
use std::path::Path;

use super::blocks::Number;
use super::shown::shown;
use super::world::{self, World};
use super::{Content, signature};

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

/// What the device of that `number` holds, whose node is at `node`. Nothing if neither
/// udev knows nor the device can be read.
pub(super) fn of(world: &World, number: Number, node: &Path) -> Content {
    let noted = Noted::read(world, number);
    match noted.property("ID_FS_TYPE") {
        Some(kind) => Content {
            kind: Some(kind),
            label: noted.property("ID_FS_LABEL"),
        },
        None => from_device(node).unwrap_or_default(),
    }
}

fn from_device(node: &Path) -> Option<Content> {
    let kind = std::fs::metadata(node).ok()?.file_type();
    if !kind.is_block_device() && !kind.is_file() {
        return None;
    }
    let device = File::open(node).ok()?;
    let length = rustix::fs::seek(&device, rustix::fs::SeekFrom::End(0)).ok()?;
    let tail = length
        .saturating_sub(signature::TAIL as u64)
        .next_multiple_of(TAIL_UNIT);
    let head = part(&device, 0, length.min(signature::HEAD as u64))?;
    let tail = part(&device, tail, length.saturating_sub(tail))?;
    Some(signature::read(&head, &tail))
}

fn part(device: &File, offset: u64, length: u64) -> Option<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(length).ok()?];
    device.read_exact_at(&mut bytes, offset).ok()?;
    Some(bytes)
}
