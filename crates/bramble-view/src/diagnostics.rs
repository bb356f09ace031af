//! Diagnostics with the lines they are about.

use std::fmt::Write as _;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use bramble_cluster::diagnostic::{Diagnostic, Label, Severity, Span};

use crate::count;
use crate::lines::Lines;

/// Most diagnostics that are shown: nobody reads more.
const MOST: usize = 100;

/// Most text between the places of one diagnostic that are shown together.
const TOGETHER: usize = 20_000;

/// Every diagnostic about `text`, which was read from `path`; of very many the
/// first, and how many more there are.
pub fn diagnostics(path: &str, text: &str, diagnostics: &[Diagnostic]) -> String {
    let renderer = Renderer::styled().decor_style(DecorStyle::Unicode);
    let lines = Lines::of(text);
    let source = Source { path, text, lines };
    let mut shown = String::new();
    for diagnostic in diagnostics.iter().take(MOST) {
        shown.push_str(&renderer.render(&[source.group(diagnostic)]));
        shown.push_str("\n\n");
    }
    if let Some(more) = diagnostics.len().checked_sub(MOST).filter(|more| *more > 0) {
        // Proof: writing to a string does not fail.
        let _infallible = writeln!(shown, "and {} more like these\n", count(more, "finding"));
    }
    shown
}

/// The text with its lines.
#[derive(Debug)]
struct Source<'a> {
    path: &'a str,
    text: &'a str,
    lines: Lines,
}

impl<'a> Source<'a> {
    fn group(&self, diagnostic: &'a Diagnostic) -> Group<'a> {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let near =
            |label: &&Label| label.span.start.abs_diff(diagnostic.primary.span.start) < TOGETHER;
        let (near, far): (Vec<_>, Vec<_>) = diagnostic.secondary.iter().partition(near);
        let mut group = level
            .primary_title(&diagnostic.title)
            .id(diagnostic.code)
            .element(self.snippet(Some(&diagnostic.primary), &near));
        for label in far {
            group = group.element(self.snippet(None, &[label]));
        }
        let figures = diagnostic.figures.iter();
        let group = group.elements(figures.map(|figure| Level::NOTE.message(figure)));
        match &diagnostic.help {
            Some(help) => group.element(Level::HELP.message(help)),
            None => group,
        }
    }

    /// The lines around the places, and no more: the whole text may be long.
    fn snippet(
        &self,
        primary: Option<&'a Label>,
        others: &[&'a Label],
    ) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let spans = || {
            primary
                .into_iter()
                .chain(others.iter().copied())
                .map(|label| &label.span)
        };
        let first = spans().map(|span| span.start).min().unwrap_or_default();
        let last = spans().map(|span| span.end).max().unwrap_or_default();
        let window = self.lines.around(first..last);
        let inside = |span: &Span| span.start - window.start..span.end - window.start;
        let other = |label: &&'a Label| {
            AnnotationKind::Context
                .span(inside(&label.span))
                .label(&label.text)
        };
        let main = |label: &'a Label| {
            AnnotationKind::Primary
                .span(inside(&label.span))
                .label(&label.text)
        };
        Snippet::source(&self.text[window.clone()])
            .path(self.path)
            .line_start(self.lines.number(window.start))
            .annotations(primary.map(main))
            .annotations(others.iter().map(other))
    }
}
