//! Diagnostics with the lines they are about.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use bramble_cluster::diagnostic::{Diagnostic, Severity};

/// Every diagnostic about `text`, which was read from `path`.
pub fn diagnostics(path: &str, text: &str, diagnostics: &[Diagnostic]) -> String {
    let renderer = Renderer::styled().decor_style(DecorStyle::Unicode);
    let mut shown = String::new();
    for diagnostic in diagnostics {
        shown.push_str(&renderer.render(&[group(path, text, diagnostic)]));
        shown.push_str("\n\n");
    }
    shown
}

fn group<'a>(path: &'a str, text: &'a str, diagnostic: &'a Diagnostic) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let secondary = diagnostic.secondary.iter().map(|label| {
        AnnotationKind::Context
            .span(label.span.clone())
            .label(&label.text)
    });
    let primary = &diagnostic.primary;
    let snippet = Snippet::source(text)
        .path(path)
        .annotation(
            AnnotationKind::Primary
                .span(primary.span.clone())
                .label(&primary.text),
        )
        .annotations(secondary);
    let group = level
        .primary_title(&diagnostic.title)
        .id(diagnostic.code)
        .element(snippet);
    let figures = diagnostic
        .figures
        .iter()
        .map(|figure| Level::NOTE.message(figure));
    let group = group.elements(figures);
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    }
}
