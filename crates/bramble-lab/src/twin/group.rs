//! The control groups of a twin: the sure way to end its processes, and the
//! limit of each node's memory. Works with version 2 alone and with the mixture
//! of versions 1 and 2. Not in here: what runs in them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use bramble_cluster::unit::Memory;

use super::mounts;
use crate::LabError;
use crate::error::at;

/// The controllers that a board's kernel has and a role may want.
const DELEGATED: &[&str] = &["cpuset", "cpu", "io", "memory", "pids"];

/// Longer than the kernel needs to end a process that is not stuck in a device.
const PATIENCE: Duration = Duration::from_secs(5);

/// The control group file systems of this machine.
#[derive(Debug, Clone)]
pub(super) struct Hierarchies {
    /// Version 2.
    unified: PathBuf,
    /// Version 1, where it has the memory controller.
    memory: Option<PathBuf>,
    /// All there are; nspawn makes groups in more than it is told to.
    all: Vec<PathBuf>,
}

/// A control group by its path below the root of every hierarchy.
#[derive(Debug, Clone)]
pub(super) struct Group {
    hierarchies: Hierarchies,
    path: PathBuf,
}

impl Hierarchies {
    pub(super) fn find() -> Result<Self, LabError> {
        let mounts: Vec<_> = mounts::all()
            .into_iter()
            .filter(|mount| mount.kind.starts_with("cgroup"))
            .collect();
        let point = |wanted: &dyn Fn(&mounts::Mount) -> bool| {
            mounts
                .iter()
                .find(|mount| wanted(mount))
                .map(|mount| mount.point.clone())
        };
        let unified = point(&|mount| mount.kind == "cgroup2").ok_or(LabError::HostLacks {
            what: "there is no control group file system of version 2".to_owned(),
            remedy: "mount one: mount -t cgroup2 none /sys/fs/cgroup/unified",
        })?;
        let memory = point(&|mount| {
            mount.kind == "cgroup" && mount.options.split(',').any(|o| o == "memory")
        });
        Ok(Self {
            unified,
            memory,
            all: mounts.into_iter().map(|mount| mount.point).collect(),
        })
    }

    /// The group called `name` at the top.
    pub(super) fn group(&self, name: &str) -> Group {
        Group {
            hierarchies: self.clone(),
            path: PathBuf::from(name),
        }
    }
}

impl Group {
    pub(super) fn child(&self, name: &str) -> Self {
        Self {
            hierarchies: self.hierarchies.clone(),
            path: self.path.join(name),
        }
    }

    fn unified(&self) -> PathBuf {
        self.hierarchies.unified.join(&self.path)
    }

    fn memory(&self) -> Option<PathBuf> {
        self.hierarchies
            .memory
            .as_ref()
            .map(|root| root.join(&self.path))
    }

    /// Makes the group, for others to be made inside, with every controller that
    /// can be had.
    pub(super) fn create_branch(&self) -> Result<(), LabError> {
        delegate(&self.hierarchies.unified);
        for directory in self.directories() {
            fs::create_dir_all(&directory).map_err(at("create", &directory))?;
        }
        delegate(&self.unified());
        Ok(())
    }

    /// Makes the group, for processes.
    pub(super) fn create(&self) -> Result<(), LabError> {
        for directory in self.directories() {
            fs::create_dir_all(&directory).map_err(at("create", &directory))?;
        }
        Ok(())
    }

    /// Where a process must be written to be in the group.
    pub(super) fn directories(&self) -> Vec<PathBuf> {
        [self.unified()].into_iter().chain(self.memory()).collect()
    }

    /// Whether the kernel agreed to let the group have no more than `most`.
    pub(super) fn limit_memory(&self, most: Memory) -> bool {
        let bytes = (u64::from(most.mib()) << 20).to_string();
        let file = match self.memory() {
            Some(version_1) => version_1.join("memory.limit_in_bytes"),
            None => self.unified().join("memory.max"),
        };
        fs::write(file, bytes).is_ok()
    }

    /// What its processes and the kernel on their behalf hold, without the cache
    /// of files, which is given back when somebody needs it.
    pub(super) fn memory_held(&self) -> Option<u64> {
        let (directory, own) = match self.memory() {
            Some(version_1) => (version_1, "total_rss"),
            None => (self.unified(), "anon"),
        };
        let statistics = fs::read_to_string(directory.join("memory.stat")).ok()?;
        let of_kernel = fs::read_to_string(directory.join("memory.kmem.usage_in_bytes"))
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .or_else(|| figure(&statistics, "kernel"));
        Some(figure(&statistics, own)? + of_kernel.unwrap_or(0))
    }

    /// Whether any process is in the group or below.
    pub(super) fn is_populated(&self) -> bool {
        fs::read_to_string(self.unified().join("cgroup.events"))
            .is_ok_and(|events| figure(&events, "populated") == Some(1))
    }

    /// Ends every process in the group and below, at once and surely, and waits
    /// until none is left.
    pub(super) fn kill(&self) -> Result<(), LabError> {
        let switch = self.unified().join("cgroup.kill");
        match fs::write(&switch, "1") {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(at("end all processes by", &switch)(error)),
        }
        let start = Instant::now();
        while self.is_populated() && start.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Removes the group and all below it, in every hierarchy.
    pub(super) fn remove(&self) {
        for directory in self.left() {
            remove_tree(&directory);
        }
    }

    /// The directories of the group that are there.
    pub(super) fn left(&self) -> Vec<PathBuf> {
        let places = self
            .hierarchies
            .all
            .iter()
            .map(|root| root.join(&self.path));
        places.filter(|place| place.exists()).collect()
    }
}

/// Lets groups inside `directory` have the controllers it has itself. Each alone:
/// one that is refused (a container's own root, say) must not cost the others.
fn delegate(directory: &Path) {
    for controller in DELEGATED {
        fs::write(
            directory.join("cgroup.subtree_control"),
            format!("+{controller}"),
        )
        .ok();
    }
}

/// A group is removed when it has neither groups nor processes. Its files go with
/// it. What cannot be removed is found by [`Group::left`].
fn remove_tree(directory: &Path) {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    for entry in entries {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_tree(&entry.path());
        }
    }
    fs::remove_dir(directory).ok();
}

/// The number after `name` in a list of names and numbers.
fn figure(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(' ')?;
        (key == name).then(|| value.trim().parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::Program;

    /// A program that makes the file it is told, in `group`, and what it said.
    fn touch(file: &Path, group: &Group) -> Result<String, LabError> {
        let script = format!("touch '{}'; cat /proc/self/cgroup", file.display());
        Program::new("sh")
            .args(["-s"])
            .input(script)
            .within(group.directories())
            .run()
    }

    #[test]
    fn a_program_is_in_its_group_before_it_does_anything_or_does_nothing() {
        if !rustix::process::geteuid().is_root() {
            println!("skipped: control groups are root's");
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        let name = format!("bramble-test-{:08x}", std::process::id());
        let group = Hierarchies::find().unwrap().group(&name);

        let refused = touch(&file, &group);
        assert!(matches!(refused, Err(LabError::File { .. })), "{refused:?}");
        assert!(!file.exists());

        group.create().unwrap();
        let said = touch(&file, &group);
        group.remove();
        assert!(said.unwrap().contains(&format!("0::/{name}\n")));
        assert!(file.exists());
        assert_eq!(group.left(), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_figure_is_found_by_its_whole_name() {
        let text = "kernel_stack 5\nkernel 7\n";
        assert_eq!(figure(text, "kernel"), Some(7));
        assert_eq!(figure(text, "anon"), None);
    }
}
