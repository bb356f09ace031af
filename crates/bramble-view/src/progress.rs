//! Events as lines: one for each stage, note and failure. On a terminal a status
//! line shows what is going on in between.

use bramble_cluster::event::{Event, Stage};

use crate::duration::seconds;
use crate::style::Label;

/// What to do with the terminal after an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Update {
    /// Write a line that stays.
    Line(String),
    /// Show this until the next update; nothing where output is no terminal.
    Status(String),
    /// Nothing to show.
    Nothing,
}

/// Folds events into updates.
#[derive(Debug, Default)]
pub struct Progress {
    stage: Option<Stage>,
    /// Things counted in the running stage: nodes ready, changes made.
    counted: usize,
}

impl Progress {
    /// What `event` changes on the screen.
    pub fn update(&mut self, event: &Event) -> Update {
        match event {
            Event::StageStarted { stage } => {
                (self.stage, self.counted) = (Some(*stage), 0);
                Update::Status(format!("{} ...", name(*stage)))
            }
            Event::StageFinished { stage, took } => {
                let counted = self.counted_as(*stage);
                self.stage = None;
                Update::Line(format!(
                    "{}  {:<14} {counted:<34} {:>8}",
                    Label::Good.paint("done"),
                    name(*stage),
                    seconds(*took)
                ))
            }
            Event::Progress { message } => self.status(message),
            Event::NodeReady { node } => {
                self.counted += 1;
                self.status(&format!("{node} answers"))
            }
            Event::Changed { node, resource } => {
                self.counted += 1;
                self.status(&format!("{node}: {resource}"))
            }
            Event::NodeFailed { node, reason } => {
                Update::Line(format!("{}  {node}: {reason}", Label::Bad.paint("fail")))
            }
            Event::Note { message } => {
                Update::Line(format!("{}  {message}", Label::Quiet.paint("note")))
            }
        }
    }

    fn status(&self, message: &str) -> Update {
        let stage = self.stage.map_or("", name);
        Update::Status(format!("{stage}: {message}"))
    }

    fn counted_as(&self, stage: Stage) -> String {
        match (stage, self.counted) {
            (Stage::FirstBoot, 1) => "1 node answers over SSH".to_owned(),
            (Stage::FirstBoot, nodes) => format!("{nodes} nodes answer over SSH"),
            (Stage::Apply, changes) => format!("{} made", crate::count(changes, "change")),
            _ => String::new(),
        }
    }
}

/// What a stage is called.
pub fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::HostPackages => "host packages",
        Stage::BaseImage => "base image",
        Stage::Start => "start",
        Stage::FirstBoot => "first boot",
        Stage::Observe => "observe",
        Stage::Apply => "apply",
        Stage::Job => "job",
    }
}
