//! `[scheduler]`: what queues and starts jobs. Not in here: on which node it runs.

use toml::Spanned;

use crate::cluster::Engine;
use crate::reader::{Key, Kind, Section, names};
use crate::unit::Memory;

const ENGINES: &[(&str, Engine)] = &[("slurm", Engine::Slurm)];

/// The keys of `[scheduler]`.
pub(super) const KEYS: &[Key] = &[
    Key::new(
        "engine",
        Kind::Choice(|| names(ENGINES)),
        r#""slurm""#,
        "what queues and starts jobs",
    )
    .or("slurm if a node has the role `scheduler`"),
    Key::new(
        "job_memory",
        Kind::Text,
        r#""500MB""#,
        "what one task of a job needs",
    ),
    Key::new(
        "tasks_per_node",
        Kind::Count,
        "4",
        "how many tasks run on a node at once",
    )
    .or("one a core"),
];

/// `[scheduler]` as it is written.
#[derive(Debug, Default)]
pub(super) struct SchedulerTable {
    pub(super) engine: Option<Spanned<Engine>>,
    pub(super) job_memory: Option<Memory>,
    pub(super) tasks_per_node: Option<u32>,
}

/// Reads `[scheduler]`.
pub(super) fn read(mut section: Section<'_>) -> SchedulerTable {
    let engine = section
        .get("engine")
        .and_then(|value| Some(Spanned::new(value.span(), value.text()?.choice(ENGINES)?)));
    let job_memory = section.quantity("job_memory");
    let tasks_per_node = section.count("tasks_per_node");
    section.finish();
    SchedulerTable {
        engine,
        job_memory,
        tasks_per_node,
    }
}
