//! Devices as slow as card readers, by a control group for each run. Not in here: the
//! devices.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::desk::{self, Desk};
use super::disk::Disk;
use crate::failure::Failure;
use crate::program::command;

/// Where control groups are that limit devices: those of their own hierarchy, and those
/// of the one for all.
const FIRST: &str = "/sys/fs/cgroup/blkio";
const SECOND: &str = "/sys/fs/cgroup";

/// How programs are slowed down on this machine.
#[derive(Debug)]
pub(super) struct Limit {
    version: &'static str,
    group: PathBuf,
    script: PathBuf,
    /// Bytes a second, of each device, in either direction.
    rate: u64,
}

impl Limit {
    pub(super) fn new(desk: &Desk, rate: u64) -> Result<Self, Failure> {
        let script = desk.path("limited.sh");
        desk::write(&script, include_str!("limited.sh"))?;
        let (version, above) = hierarchy()?;
        Ok(Self {
            version,
            group: above.join(desk.name()),
            script,
            rate,
        })
    }

    /// The same command, with `disks` limited.
    pub(super) fn on(&self, disks: &[&Disk], inner: &Command) -> Command {
        let numbers: Vec<_> = disks.iter().map(|disk| disk.number.as_str()).collect();
        let mut limited = command("sh");
        limited.arg(&self.script).arg(self.version).arg(&self.group);
        limited.arg(self.rate.to_string()).arg(numbers.join(" "));
        limited.arg(inner.get_program()).args(inner.get_args());
        limited
    }
}

fn hierarchy() -> Result<(&'static str, &'static Path), Failure> {
    let (first, second) = (Path::new(FIRST), Path::new(SECOND));
    if first.join("blkio.throttle.write_bps_device").exists() {
        return Ok(("v1", first));
    }
    let shared = std::fs::read_to_string(second.join("cgroup.subtree_control"));
    if shared.is_ok_and(|shared| shared.split_whitespace().any(|one| one == "io")) {
        return Ok(("v2", second));
    }
    Err(Failure::new(
        "devices cannot be slowed down here: there is no control group that limits them",
    ))
}
