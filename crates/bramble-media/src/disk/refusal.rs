//! Which disks are not written to. Pure. Not in here: asking whether a disk is the one
//! that is meant, and the words in which it is told (`reason`, `remedy`).

use std::fmt;
use std::path::{Path, PathBuf};

use super::blocks::Number;
use super::reason::Reason;
use super::remedy::hints;
use super::{Bus, Disk, Use};

/// What is larger than this, in bytes, is hardly a boot card: cards sold as 256 GB are
/// not.
const LARGE: u64 = 256 << 30;

/// What somebody wants to write.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// Where to.
    pub disk: &'a Disk,
    /// The path by which it was named, as it was given.
    pub given: &'a Path,
    /// How much it has to hold, in bytes.
    pub needs: u64,
    /// The number of the device that the image lies on or is (`lies_on`).
    pub source: Option<Number>,
    /// Whether nobody is asked.
    pub yes: bool,
}

/// Why a disk is not written to, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The disk's node.
    pub path: PathBuf,
    /// Why.
    pub reason: Reason,
    /// What can be done, a line each.
    pub hints: Vec<String>,
}

/// Why `wish` is not done: the gravest reason, or `None` if there is none.
pub fn refusal(wish: &Wish<'_>) -> Option<Refusal> {
    let reason = in_use(wish)
        .or_else(|| unfit(wish))
        .or_else(|| doubtful(wish))?;
    Some(Refusal {
        path: wish.disk.path.clone(),
        hints: hints(wish.disk, &reason),
        reason,
    })
}

/// What somebody loses.
fn in_use(wish: &Wish<'_>) -> Option<Reason> {
    let disk = wish.disk;
    let system = all(disk, |one| match one {
        Use::SystemDisk { at } => Some(at.clone()),
        _ => None,
    });
    let mounted = all(disk, |one| match one {
        Use::Mounted { at, process } => Some((at.clone(), *process)),
        _ => None,
    });
    if !system.is_empty() {
        return Some(Reason::System { at: system });
    }
    if disk.uses.contains(&Use::Booted) {
        return Some(Reason::Booted);
    }
    if wish
        .source
        .is_some_and(|source| disk.carries.contains(&source))
    {
        return Some(Reason::Source);
    }
    if !mounted.is_empty() {
        return Some(Reason::Mounted { at: mounted });
    }
    if disk.uses.iter().any(|one| matches!(one, Use::Swap { .. })) {
        return Some(Reason::Swap);
    }
    held(disk)
}

fn held(disk: &Disk) -> Option<Reason> {
    let holders = all(disk, |one| match one {
        Use::Holder { what, name } => Some((*what, name.clone())),
        _ => None,
    });
    if !holders.is_empty() {
        return Some(Reason::Held { by: holders });
    }
    let member = disk.uses.iter().find_map(|one| match one {
        Use::LvmMember { device } => Some(("a volume group", device)),
        Use::RaidMember { device } => Some(("an array", device)),
        Use::ZfsMember { device, .. } => Some(("a ZFS pool", device)),
        _ => None,
    });
    if let Some((of, device)) = member {
        return Some(Reason::Member {
            of,
            device: device.clone(),
        });
    }
    let writers = all(disk, |one| match one {
        Use::OpenBy { process, program } => Some((*process, program.clone())),
        _ => None,
    });
    (!writers.is_empty()).then_some(Reason::Open { by: writers })
}

fn all<T>(disk: &Disk, pick: impl Fn(&Use) -> Option<T>) -> Vec<T> {
    disk.uses.iter().filter_map(pick).collect()
}

/// What cannot work.
fn unfit(wish: &Wish<'_>) -> Option<Reason> {
    let (needs, has) = (wish.needs, wish.disk.size);
    if wish.disk.read_only {
        return Some(Reason::ReadOnly);
    }
    (needs > has).then_some(Reason::TooSmall { needs, has })
}

/// What is probably not meant, unless it is said exactly.
fn doubtful(wish: &Wish<'_>) -> Option<Reason> {
    let disk = wish.disk;
    // A loop device has no other name, and somebody has made it for something.
    if disk.is_loop() || disk.is_named_by_id(wish.given) {
        return None;
    }
    let is_card = disk.removable || matches!(disk.bus, Bus::Usb | Bus::Mmc { .. });
    if disk.is_emmc() {
        Some(Reason::Emmc)
    } else if !is_card {
        Some(Reason::Fixed)
    } else if disk.size > LARGE {
        Some(Reason::Large { size: disk.size })
    } else {
        wish.yes.then_some(Reason::Unnamed)
    }
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}
