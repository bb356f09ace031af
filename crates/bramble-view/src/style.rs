//! What words mean, and which colour that is. Every output can be understood
//! without colour.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Something went well, or comes.
    Good,
    /// Something failed, or goes.
    Bad,
    /// Something to look at.
    Warning,
    /// The head of a table or part.
    Heading,
    /// Of less weight than what is around it.
    Quiet,
    /// To be typed.
    Command,
}

impl Label {
    fn style(self) -> Style {
        match self {
            Self::Good => AnsiColor::Green.on_default(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Warning => AnsiColor::Yellow.on_default(),
            Self::Heading => Style::new().bold(),
            Self::Quiet => Style::new().dimmed(),
            Self::Command => AnsiColor::Cyan.on_default(),
        }
    }

    /// `text`, marked as what it is.
    pub fn paint(self, text: impl Display) -> String {
        let style = self.style();
        format!("{style}{text}{style:#}")
    }
}
