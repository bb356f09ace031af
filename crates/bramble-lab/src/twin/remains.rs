//! Everything that is named after a twin, to be listed or removed, whatever state
//! a twin was left in. Not in here: single nodes.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::mount::{UnmountFlags, unmount};

use super::group::Hierarchies;
use super::names::Names;
use super::{mounts, network};
use crate::LabError;
use crate::error::at;

/// Where nspawn keeps directories named after its machines.
const NSPAWN: &str = "/run/systemd/nspawn";

/// Removes all of the twin but its state directory, which is its lock.
pub(super) fn remove(names: &Names) -> Result<(), LabError> {
    // A twin's nodes hold nothing that is worth an orderly end. After this nobody is
    // left who could make more: the twin's lock is held by the caller, and programs of
    // a killed maker are in the group or have nothing to do (`Program::within`).
    let group = Hierarchies::find()?.group(&names.whole());
    group.kill()?;
    network::remove(names)?;
    for point in mounts_of(names).into_iter().rev() {
        unmount(&point, UnmountFlags::DETACH)
            .map_err(|error| at("unmount", &point)(error.into()))?;
    }
    group.remove();
    for directory in traces_of_nspawn(names) {
        fs::remove_dir_all(&directory).map_err(at("remove", &directory))?;
    }
    let state = names.state();
    for entry in fs::read_dir(&state).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let removed = if is_directory {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        removed.map_err(at("remove", &path))?;
    }
    Ok(())
}

/// Removes the state directory, when nothing else is left.
pub(super) fn remove_state(names: &Names) -> Result<(), LabError> {
    let state = names.state();
    fs::remove_dir_all(&state).map_err(at("remove", &state))
}

/// One line for each thing of the twin that exists.
pub(super) fn list(names: &Names) -> Vec<String> {
    let shown = |kind: &str, path: PathBuf| format!("{kind} {}", path.display());
    let groups = Hierarchies::find()
        .map(|hierarchies| hierarchies.group(&names.whole()).left())
        .unwrap_or_default();
    let mut found = Vec::new();
    found.extend(
        processes(names)
            .into_iter()
            .map(|pid| format!("process {pid}")),
    );
    found.extend(
        network::left(names)
            .into_iter()
            .map(|name| format!("namespace {name}")),
    );
    found.extend(
        mounts_of(names)
            .into_iter()
            .map(|point| shown("mount", point)),
    );
    found.extend(
        groups
            .into_iter()
            .map(|group| shown("control group", group)),
    );
    found.extend(
        traces_of_nspawn(names)
            .into_iter()
            .map(|path| shown("directory", path)),
    );
    found.extend(
        Some(names.state())
            .filter(|path| path.exists())
            .map(|p| shown("directory", p)),
    );
    found
}

fn mounts_of(names: &Names) -> Vec<PathBuf> {
    let (state, machines) = (names.state(), names.machines());
    let of_nspawn = |point: &Path| {
        let mut parts = point
            .strip_prefix(NSPAWN)
            .into_iter()
            .flat_map(|rest| rest.iter());
        parts.any(|part| part.to_string_lossy().starts_with(&machines))
    };
    let points = mounts::all().into_iter().map(|mount| mount.point);
    points
        .filter(|point| point.starts_with(&state) || of_nspawn(point))
        .collect()
}

/// nspawn removes these itself unless it is killed.
fn traces_of_nspawn(names: &Names) -> Vec<PathBuf> {
    let entries = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten();
    let machines = names.machines();
    entries(Path::new(NSPAWN))
        .flat_map(|kind| entries(&kind.path()).collect::<Vec<_>>())
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&machines))
        .map(|entry| entry.path())
        .collect()
}

/// Those that ended and wait for the first process of this machine to take note
/// are not counted: they hold nothing, and their group may be gone before them.
fn processes(names: &Names) -> Vec<String> {
    let (inside, itself) = (
        format!(":/{}/", names.whole()),
        format!(":/{}", names.whole()),
    );
    let is_in = |groups: &str| {
        let mut lines = groups.lines().filter(|line| !line.ends_with(" (deleted)"));
        lines.any(|line| line.contains(&inside) || line.ends_with(&itself))
    };
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| fs::read_to_string(entry.path().join("cgroup")).is_ok_and(|g| is_in(&g)))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}
