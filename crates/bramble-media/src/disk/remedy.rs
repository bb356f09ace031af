//! What can be done so that a disk can be written to, as lines to type. Not in here: doing
//! any of it.

use std::path::{Path, PathBuf};

use super::reason::Reason;
use super::shown::quoted;
use super::{Disk, Holding, Use};

/// What can be done about `reason`.
pub(super) fn hints(disk: &Disk, reason: &Reason) -> Vec<String> {
    match reason {
        Reason::System { .. } | Reason::Booted => {
            vec!["name another disk; bramble card list shows what there is".to_owned()]
        }
        Reason::Source => vec!["copy the image to another disk, or name another card".to_owned()],
        Reason::Mounted { at } => at.iter().map(unmount).collect(),
        Reason::Swap => disk.uses.iter().filter_map(swap_off).collect(),
        Reason::Held { by } => by.iter().map(take_apart).collect(),
        Reason::Member { of, device } => {
            vec![format!(
                "if nobody needs what is in {of} any more: wipefs --all {}",
                quoted(&beside(disk, device))
            )]
        }
        Reason::Open { by } => by
            .iter()
            .map(|(process, _)| {
                format!("wait until it has ended; to see what it is: ps -fp {process}")
            })
            .collect(),
        Reason::ReadOnly if disk.is_loop() => {
            vec!["attach it again without --read-only".to_owned()]
        }
        Reason::ReadOnly => {
            vec!["push the slider on the card or its adapter away from LOCK".to_owned()]
        }
        Reason::TooSmall { .. } => vec!["take a larger card".to_owned()],
        Reason::Emmc | Reason::Fixed | Reason::Large { .. } | Reason::Unnamed => vec![named(disk)],
    }
}

fn unmount((at, process): &(PathBuf, Option<u32>)) -> String {
    match process {
        None => format!("umount {}", quoted(at)),
        Some(process) => format!("nsenter --mount --target {process} umount {}", quoted(at)),
    }
}

fn swap_off(one: &Use) -> Option<String> {
    match one {
        Use::Swap { area } => Some(format!("swapoff {}", quoted(area))),
        _ => None,
    }
}

fn take_apart((what, name): &(Holding, String)) -> String {
    let word = quoted(Path::new(name));
    match what {
        Holding::Lvm => format!(
            "lvchange --activate n {}",
            quoted(&Path::new("/dev/mapper").join(name))
        ),
        Holding::Crypt => format!("cryptsetup close {word}"),
        Holding::Raid => format!("mdadm --stop {}", quoted(&Path::new("/dev").join(name))),
        Holding::Bcache => format!("echo 1 > /sys/block/{word}/bcache/stop"),
        Holding::Loop => format!("losetup --detach {}", quoted(&Path::new("/dev").join(name))),
        Holding::Mapped => format!("dmsetup remove {word}"),
    }
}

/// What names this disk and no other.
fn named(disk: &Disk) -> String {
    match (disk.by_id.first(), &disk.serial) {
        (Some(link), _) => format!("if it is meant, name it so: {}", quoted(link)),
        (None, Some(serial)) => format!("if it is meant, give its serial number too: {serial}"),
        (None, None) => {
            "it has neither a path in /dev/disk/by-id nor a serial number: take another".to_owned()
        }
    }
}

/// The node of a partition of `disk`.
fn beside(disk: &Disk, device: &str) -> PathBuf {
    disk.path.with_file_name(device)
}
