//! `[scheduler]`: what queues and starts jobs. Not in here: on which node it runs.

use toml::Spanned;

use crate::cluster::Engine;
use crate::reader::Section;

const ENGINES: &[(&str, Engine)] = &[("slurm", Engine::Slurm)];

/// `[scheduler]` as it is written.
#[derive(Debug, Default)]
pub(super) struct SchedulerTable {
    pub(super) engine: Option<Spanned<Engine>>,
}

/// Reads `[scheduler]`.
pub(super) fn read(mut section: Section<'_>) -> SchedulerTable {
    let engine = section
        .optional("engine", r#""slurm""#)
        .and_then(|value| Some(Spanned::new(value.span(), value.text()?.choice(ENGINES)?)));
    section.finish();
    SchedulerTable { engine }
}
