//! Events as lines: one for each stage, note and failure. On a terminal a status
//! line shows what is going on in between. What nodes say in them cannot disturb
//! the terminal.

use bramble_cluster::event::{Event, Stage};

use crate::duration::seconds;
use crate::safe_text::{safe, safe_line};
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
                let (fail, reason) = (Label::Bad.paint("fail"), safe(reason));
                Update::Line(format!("{fail}  {node}: {reason}"))
            }
            Event::Note { message } => {
                let (note, message) = (Label::Quiet.paint("note"), safe(message));
                Update::Line(format!("{note}  {message}"))
            }
        }
    }

    fn status(&self, message: &str) -> Update {
        let stage = self.stage.map_or("", name);
        Update::Status(format!("{stage}: {}", safe_line(message)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nodes_say_cannot_disturb_the_terminal() {
        let said = || "a\u{1b}[2Jb".to_owned();
        let mut progress = Progress::default();
        let node = || "node1".parse().unwrap();
        let events = [
            Event::Progress { message: said() },
            Event::Changed {
                node: node(),
                resource: said(),
            },
            Event::NodeFailed {
                node: node(),
                reason: said(),
            },
            Event::Note { message: said() },
        ];
        for event in events {
            match progress.update(&event) {
                Update::Line(text) | Update::Status(text) => {
                    assert!(text.contains("a^[[2Jb"), "{event:?}: {text:?}");
                }
                Update::Nothing => panic!("nothing is shown of {event:?}"),
            }
        }
    }
}
