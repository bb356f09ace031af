//! `job-memory`: what jobs need has to fit into a node's memory.

use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;
use bramble_cluster::unit::Memory;

use super::Check;
use super::placed::Placed;
use super::sizes;
use crate::finding::{Figure, Finding};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "job-memory",
    text: include_str!("job_memory.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let workers = || Placed::with_role(site, "worker");
    // One key for all nodes: what is right for it is right for all of them.
    let most = workers()
        .map(|placed| most(&placed))
        .filter(|&most| most > 0);
    let most = most.min().unwrap_or(0);
    let judge = |placed: Placed<'_>| {
        too_little_memory(&placed, most).or_else(|| too_many_tasks(&placed, most))
    };
    workers().filter_map(judge).collect()
}

/// How many tasks fit on a node: one a core, and no more than have room.
fn most(placed: &Placed<'_>) -> u32 {
    let hardware = placed.hardware();
    let one = placed.site.cluster.jobs.memory;
    let with_room = one.map(|one| for_jobs(hardware.memory).mib() / one.mib().max(1));
    with_room.map_or(hardware.cores, |with_room| with_room.min(hardware.cores))
}

fn too_many_tasks(placed: &Placed<'_>, most: u32) -> Option<Finding> {
    let cores = placed.hardware().cores;
    let tasks = placed.site.cluster.jobs.tasks_per_node?;
    if tasks <= cores {
        return None;
    }
    let title = format!(
        "{tasks} tasks are to run on the {cores} cores of a {}",
        placed.board().name
    );
    let place = Table::Scheduler.key("tasks_per_node");
    let finding = Finding::new(CHECK.id, Severity::Warning, title, place)
        .about(placed.group, placed.site)
        .label("more than cores")
        .figure(Figure::new("tasks on a node", tasks, ""))
        .figure(Figure::new("cores of a node", cores, ""))
        .remedy(format!(
            "write `tasks_per_node = {most}` at most: tasks beyond the cores wait for each other"
        ));
    Some(finding)
}

fn too_little_memory(placed: &Placed<'_>, most: u32) -> Option<Finding> {
    let hardware = placed.hardware();
    let jobs = &placed.site.cluster.jobs;
    let tasks = jobs.tasks_per_node.unwrap_or(hardware.cores);
    let one = jobs.memory?;
    let needed = Memory::from_mib(one.mib().saturating_mul(tasks));
    let left = for_jobs(hardware.memory);
    if needed <= left {
        return None;
    }
    let (severity, there) = if needed > hardware.memory {
        (Severity::Error, format!("a node has {}", hardware.memory))
    } else {
        (
            Severity::Warning,
            format!("the system leaves {left} of {}", hardware.memory),
        )
    };
    let title = format!("{tasks} tasks of {one} need {needed}, and {there}");
    let remedy = match self::most(placed) {
        0 => "choose boards with more memory: not even one task fits".to_owned(),
        _ => format!(
            "write `tasks_per_node = {most}`, make tasks smaller, or choose boards with more memory"
        ),
    };
    let finding = Finding::new(
        CHECK.id,
        severity,
        title,
        Table::Scheduler.key("job_memory"),
    )
    .about(placed.group, placed.site)
    .label(format!("on the {}", placed.board().name))
    .figure(sizes::memory("needed on a node", needed))
    .figure(sizes::memory("memory of a node", hardware.memory))
    .figure(sizes::memory("left for jobs", left))
    .remedy(remedy);
    let cores = Figure::new("cores of a node", hardware.cores, "");
    let cores = Some(cores).filter(|_| tasks > hardware.cores);
    Some(cores.into_iter().fold(finding, Finding::figure))
}

/// What Slurm is told that a node has before it was ever read: seven eighths.
fn for_jobs(memory: Memory) -> Memory {
    Memory::from_mib(memory.mib() / 8 * 7 / 16 * 16)
}

#[cfg(test)]
mod tests {
    use bramble_cluster::diagnostic::Severity;

    use super::super::fixture::{file, of};
    use crate::finding::Finding;

    /// Four nodes with four cores and 1 GB each.
    fn nodes(scheduler: &str) -> Vec<Finding> {
        let nodes = "[[nodes]]\nnames = \"node[1-4]\"\nboard = \"rpi3bplus\"";
        of(
            "job-memory",
            &file(&format!("[scheduler]\n{scheduler}\n{nodes}")),
        )
    }

    #[test]
    fn a_task_on_every_core_has_to_fit() {
        let found = nodes("job_memory = \"300MB\"");
        assert_eq!(found[0].severity, Severity::Error);
        assert_eq!(
            found[0].title,
            "4 tasks of 300 MB need 1200 MB, and a node has 1 GB"
        );
        assert!(
            found[0].remedy.contains("`tasks_per_node = 2`"),
            "{}",
            found[0].remedy
        );
        assert_eq!(found[0].nodes.to_string(), "node[1-4]");
    }

    #[test]
    fn the_system_needs_some_of_it() {
        let found = nodes("job_memory = \"230MB\"");
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(
            found[0].title,
            "4 tasks of 230 MB need 920 MB, and the system leaves 896 MB of 1 GB"
        );
        assert!(nodes("job_memory = \"224MB\"").is_empty());
    }

    #[test]
    fn fewer_tasks_may_be_larger() {
        assert!(nodes("job_memory = \"448MB\"\ntasks_per_node = 2").is_empty());
        assert_eq!(nodes("job_memory = \"448MB\"\ntasks_per_node = 3").len(), 1);
    }

    #[test]
    fn a_task_that_fits_nowhere_is_not_helped_by_fewer() {
        let found = nodes("job_memory = \"2GB\"");
        assert!(
            found[0].remedy.contains("not even one"),
            "{}",
            found[0].remedy
        );
    }

    #[test]
    fn more_tasks_than_cores_wait_for_each_other() {
        let found = nodes("tasks_per_node = 5");
        assert_eq!(
            found[0].title,
            "5 tasks are to run on the 4 cores of a Raspberry Pi 3 Model B+"
        );
        assert!(nodes("tasks_per_node = 4").is_empty());
    }

    #[test]
    fn too_many_tasks_and_too_little_memory_are_one_thing_to_mend() {
        let found = nodes("job_memory = \"250MB\"\ntasks_per_node = 40");
        assert_eq!(found.len(), 1);
        assert!(
            found[0].remedy.contains("`tasks_per_node = 3`"),
            "{}",
            found[0].remedy
        );
        let found = nodes("job_memory = \"100MB\"\ntasks_per_node = 40");
        assert_eq!(found.len(), 1);
        assert!(
            found[0].remedy.contains("`tasks_per_node = 4`"),
            "{}",
            found[0].remedy
        );
    }

    #[test]
    fn boards_of_different_sizes_get_one_number() {
        let other = "[[nodes]]\nnames = \"big\"\nboard = \"rpi4b\"\nram = \"8GB\"";
        let found = nodes(&format!(
            "job_memory = \"300MB\"\ntasks_per_node = 40\n{other}"
        ));
        assert_eq!(found.len(), 2);
        for finding in &found {
            assert!(
                finding.remedy.contains("`tasks_per_node = 2`"),
                "{}",
                finding.remedy
            );
            assert!(finding.figures.iter().all(|figure| figure.unit != "MiB"));
        }
    }
}
