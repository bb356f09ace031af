//! What is wrong with a text that a person wrote, as a value: where, what, why
//! and the remedy. Not in here: how it looks on a terminal (`bramble-view`).

use std::ops::Range;

use serde::Serialize;

/// A place in the text, in bytes. Both ends lie on character boundaries.
pub type Span = Range<usize>;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Probably not what was meant; the cluster can be built all the same.
    Warning,
    /// Nothing can be built from this.
    Error,
}

/// A place in the text with what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words that stand under it.
    pub text: String,
}

/// One thing to tell about the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// A stable name for this kind of problem: `unknown-key`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, as a sentence without a full stop.
    pub title: String,
    /// Where it is wrong.
    pub primary: Label,
    /// Other places that matter, such as the first of two equal names.
    pub secondary: Vec<Label>,
    /// Figures it rests on, one line each, with who says so.
    pub figures: Vec<String>,
    /// The remedy.
    pub help: Option<String>,
}

impl Label {
    /// `text` under `span`.
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Self {
            span,
            text: text.into(),
        }
    }
}

impl Diagnostic {
    /// An error: nothing can be built from this.
    pub fn error(code: &'static str, title: impl Into<String>, primary: Label) -> Self {
        let title = title.into();
        Self {
            code,
            severity: Severity::Error,
            title,
            primary,
            secondary: Vec::new(),
            figures: Vec::new(),
            help: None,
        }
    }

    /// A warning: probably not what was meant.
    pub fn warning(code: &'static str, title: impl Into<String>, primary: Label) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, title, primary)
        }
    }

    /// A note: nothing is wrong.
    pub fn note(code: &'static str, title: impl Into<String>, primary: Label) -> Self {
        Self {
            severity: Severity::Note,
            ..Self::error(code, title, primary)
        }
    }

    /// The same, pointing to another place that matters as well.
    #[must_use]
    pub fn with_secondary(mut self, label: Label) -> Self {
        self.secondary.push(label);
        self
    }

    /// The same, with a figure it rests on.
    #[must_use]
    pub fn with_figure(mut self, figure: impl Into<String>) -> Self {
        self.figures.push(figure.into());
        self
    }

    /// The same, with the remedy.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether nothing can be built from the text.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
