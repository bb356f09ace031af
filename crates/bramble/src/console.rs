//! The one door to the terminal. Results go to standard output, what is going on
//! to standard error. Failures and status lines may tell what a node said, and cannot
//! disturb the terminal.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use bramble_cluster::event::{Event, Stage};
use bramble_fleet::Stream;
use bramble_view::progress::{Progress, Update};
use bramble_view::safe_text::{safe, safe_line};
use bramble_view::style::Label;
use clap::ValueEnum;
use serde::Serialize;

use crate::aim::Aim;
use crate::exit::Exit;
use crate::failure::Failure;

/// When to colour.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What somebody reads one of the two outputs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// A terminal, which acts on control characters.
    pub(crate) terminal: bool,
    /// Styles are wanted there.
    pub(crate) colour: bool,
}

/// The terminal, or what stands in for it.
#[derive(Debug)]
pub(crate) struct Console {
    choice: ColorChoice,
    json: bool,
    aim: Aim,
    progress: Progress,
    /// The stages that are over, with the time each took.
    stages: Vec<(Stage, Duration)>,
    /// How many status lines stand on the screen.
    status: usize,
    live: bool,
}

impl Console {
    pub(crate) fn new(color: Color, json: bool) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let live = std::io::stderr().is_terminal() && !json;
        Self {
            choice,
            json,
            aim: Aim::default(),
            progress: Progress::default(),
            stages: Vec::new(),
            status: 0,
            live,
        }
    }

    /// The same, for who means this cluster: commands that are suggested say so.
    pub(crate) fn aimed(self, aim: Aim) -> Self {
        Self { aim, ..self }
    }

    /// Writes a result for people; nothing if JSON is wanted.
    pub(crate) fn print(&mut self, text: &str) {
        if !self.json {
            self.clear_status();
            self.out(text);
        }
    }

    /// Writes a result for people that suggests a command.
    pub(crate) fn print_with_command(&mut self, text: &str) {
        self.print(&self.aim.put(text));
    }

    /// Whether results are wanted as JSON.
    pub(crate) fn wants_json(&self) -> bool {
        self.json
    }

    /// Refuses JSON for a verb that has none to give, and says why.
    pub(crate) fn refuse_json(&self, verb: &str, why: &str) -> Result<(), Failure> {
        if !self.json {
            return Ok(());
        }
        let message = format!("`--json` and `{verb}` cannot be used together: {why}");
        Err(Failure::new(Exit::Usage, message))
    }

    /// Writes a result as JSON, if that is wanted.
    pub(crate) fn print_json(&mut self, value: &impl Serialize) {
        if self.json
            && let Ok(text) = serde_json::to_string_pretty(value)
        {
            self.out(&format!("{text}\n"));
        }
    }

    /// Writes an event as JSON on a line of its own, if JSON is wanted.
    pub(crate) fn print_event(&mut self, value: &impl Serialize) {
        if self.json
            && let Ok(text) = serde_json::to_string(value)
        {
            self.out(&format!("{text}\n"));
        }
    }

    /// Writes raw output of a node or program.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.clear_status();
        // Nobody is left to tell when standard output is closed.
        let _closed = std::io::stdout().write_all(bytes);
    }

    /// Writes bytes as they are, and says whether that went well.
    pub(crate) fn pass(&mut self, to: Stream, bytes: &[u8]) -> std::io::Result<()> {
        self.clear_status();
        match to {
            Stream::Output => {
                let mut output = std::io::stdout().lock();
                output.write_all(bytes).and_then(|()| output.flush())
            }
            Stream::Complaint => std::io::stderr().write_all(bytes),
        }
    }

    /// Who reads what is passed.
    pub(crate) fn look(&self, of: Stream) -> Look {
        let (terminal, choice) = match of {
            Stream::Output => {
                let stream = AutoStream::new(std::io::stdout(), self.choice);
                (stream.is_terminal(), stream.current_choice())
            }
            Stream::Complaint => {
                let stream = AutoStream::new(std::io::stderr(), self.choice);
                (stream.is_terminal(), stream.current_choice())
            }
        };
        Look {
            terminal,
            colour: choice != ColorChoice::Never,
        }
    }

    /// Whether [`Self::status`] shows anything.
    pub(crate) fn shows_status(&self) -> bool {
        self.live
    }

    /// Shows a line until something else is written; nothing where standard error
    /// is no terminal.
    pub(crate) fn status(&mut self, line: &str) {
        if self.live {
            self.clear_status();
            let short: String = safe_line(line).chars().take(78).collect();
            self.err(&Label::Quiet.paint(short));
            self.status = 1;
        }
    }

    /// Shows several lines until something else is written, each short enough and safe
    /// already; nothing where standard error is no terminal.
    pub(crate) fn status_lines(&mut self, lines: &[String]) {
        if self.live {
            self.clear_status();
            self.err(&lines.join("\n"));
            self.status = lines.len();
        }
    }

    /// Writes what is neither result nor failure.
    pub(crate) fn say(&mut self, text: &str) {
        self.clear_status();
        self.err(&format!("{text}\n"));
    }

    /// Writes what can be done next.
    pub(crate) fn hint(&mut self, hint: &str) {
        self.clear_status();
        self.err(&hinted(&self.aim.put(hint)));
    }

    /// Writes what is asked, and leaves the cursor behind it.
    pub(crate) fn prompt(&mut self, text: &str) {
        self.clear_status();
        self.err(text);
    }

    /// The stages that are over, with the time each took.
    pub(crate) fn stages(&self) -> &[(Stage, Duration)] {
        &self.stages
    }

    /// Shows an event.
    pub(crate) fn event(&mut self, event: &Event) {
        if let Event::StageFinished { stage, took } = event {
            self.stages.push((*stage, *took));
        }
        match self.progress.update(event) {
            Update::Line(line) => self.say(&line),
            Update::Status(line) => self.status(&line),
            Update::Nothing => {}
        }
    }

    /// Shows why the command could not go on.
    pub(crate) fn failure(&mut self, failure: &Failure) {
        self.clear_status();
        let failed = Label::Bad.paint("error");
        self.err(&line(&failed, &failure.to_string()));
        for hint in failure.hints() {
            self.hint(hint);
        }
    }

    /// Asks a question whose answer is yes or no; `None` where nobody can answer.
    pub(crate) fn ask(&mut self, question: &str) -> Option<bool> {
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return None;
        }
        self.clear_status();
        self.err(&format!("{question} [Y/n] "));
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer).ok()?;
        // The end of input is nobody's yes.
        Some(read > 0 && matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"))
    }

    /// Takes the status line away.
    pub(crate) fn clear_status(&mut self) {
        let lines = std::mem::take(&mut self.status);
        if lines > 0 {
            let up = "\x1b[A\x1b[2K".repeat(lines - 1);
            self.err(&format!("\r\x1b[2K{up}"));
        }
    }

    fn out(&self, text: &str) {
        let mut stream = AutoStream::new(std::io::stdout(), self.choice);
        // A closed pipe (`| head`) is no failure of ours.
        let _closed = stream
            .write_all(text.as_bytes())
            .and_then(|()| stream.flush());
    }

    fn err(&self, text: &str) {
        let mut stream = AutoStream::new(std::io::stderr(), self.choice);
        let _closed = stream
            .write_all(text.as_bytes())
            .and_then(|()| stream.flush());
    }
}

fn hinted(hint: &str) -> String {
    line(&Label::Command.paint("hint"), hint)
}

fn line(label: &str, text: &str) -> String {
    format!("{label}: {}\n", safe(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_node_said_cannot_disturb_the_terminal_from_within_a_failure() {
        let said = "node1: the connection was lost: a\u{1b}[2J\u{200f}b\rc";
        assert_eq!(
            line("error", said),
            "error: node1: the connection was lost: a^[[2J<U+200F>b^Mc\n"
        );
    }
}
