//! What a virtual node takes of this machine's memory when it has nothing to do,
//! counted in two ways, and what is left of a twin. Not in here: its boot.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::figure::Figure;
use super::stand::{NODES, Stand, json, timed};
use crate::failure::Failure;

const GOAL_MB: f64 = 120.0;

/// After this time a node has done what it does after a start.
const REST: Duration = Duration::from_secs(30);

const NAMESPACES: &str = "/run/netns";

pub(super) fn memory(stand: &Stand) -> Result<Vec<Figure>, Failure> {
    println!("waiting {} s for the nodes to rest", REST.as_secs());
    thread::sleep(REST);
    let status = json(&timed(&mut stand.bramble(&["lab", "status"]))?)?;
    let nodes = status["nodes"].as_array().into_iter().flatten();
    let held: Vec<_> = nodes
        .filter_map(|node| megabytes(node["memory"].as_u64()?))
        .collect();
    let twin = stand.twin()?;
    let proportional: Vec<_> = NODES
        .iter()
        .filter_map(|node| proportional(&twin, node))
        .collect();
    for figures in [&held, &proportional] {
        if figures.len() != NODES.len() {
            return Err(Failure::new(format!(
                "the memory of {} of {} nodes can be told; see `bramble lab status`",
                figures.len(),
                NODES.len()
            )));
        }
    }
    Ok(vec![
        Figure::megabytes("a node at rest: held", &held).goal(GOAL_MB),
        Figure::megabytes("a node at rest: PSS", &proportional).goal(GOAL_MB),
    ])
}

/// What there is of a twin after its end.
pub(super) fn left_of(twin: &str) -> Vec<String> {
    let namespaces = fs::read_dir(NAMESPACES).into_iter().flatten().flatten();
    let of_twin = |path: &PathBuf| path.to_string_lossy().contains(twin);
    namespaces
        .map(|entry| entry.path())
        .chain([group(twin)])
        .filter(|path| of_twin(path) && path.exists())
        .map(|path| path.display().to_string())
        .collect()
}

/// The resident memory of all processes of a node, each page divided by the number
/// of those that share it.
fn proportional(twin: &str, node: &str) -> Option<f64> {
    let mut processes = Vec::new();
    collect(&group(twin).join(node), &mut processes);
    let kilobytes: u64 = processes.iter().filter_map(|process| share(process)).sum();
    (kilobytes > 0).then(|| megabytes(kilobytes * 1024))?
}

/// The kilobytes of one process; none if it has ended meanwhile.
fn share(process: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// The processes of a control group and of those below it.
fn collect(group: &Path, processes: &mut Vec<String>) {
    let own = fs::read_to_string(group.join("cgroup.procs")).unwrap_or_default();
    processes.extend(own.lines().map(str::to_owned));
    for entry in fs::read_dir(group).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&entry.path(), processes);
        }
    }
}

/// The twin's control group, wherever version 2 is mounted.
fn group(twin: &str) -> PathBuf {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let point = mounts.lines().find_map(|line| {
        let mut fields = line.split(' ').skip(1);
        let point = fields.next()?;
        (fields.next()? == "cgroup2").then(|| PathBuf::from(point))
    });
    point
        .unwrap_or_else(|| PathBuf::from("/sys/fs/cgroup"))
        .join(format!("bramble-{twin}"))
}

fn megabytes(bytes: u64) -> Option<f64> {
    Some(f64::from(u32::try_from(bytes / 1000).ok()?) / 1000.0)
}
