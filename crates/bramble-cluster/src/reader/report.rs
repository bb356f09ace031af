//! Where diagnostics gather while a text is read. Not in here: what they say.

use std::cell::RefCell;
use std::iter;

use crate::diagnostic::{Diagnostic, Label, Span};
use crate::place::{Place, Places};

/// The code of what is no TOML at all.
pub(super) const SYNTAX_CODE: &str = "syntax";

/// How much of the text a violation of the grammar makes a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// The lines that it touches.
    Line,
    /// Everything after it as well.
    Rest,
}

/// The text and what was found in it so far.
///
/// Shared by all readers of one text, hence the cell; it is borrowed for the
/// length of a push only.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    text: &'a str,
    found: RefCell<Vec<Diagnostic>>,
    broken: RefCell<Vec<Span>>,
    places: RefCell<Vec<(Place, Span)>>,
    cluster_file: bool,
}

impl<'a> Report<'a> {
    /// Nothing found in `text` yet.
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            found: RefCell::default(),
            broken: RefCell::default(),
            places: RefCell::default(),
            cluster_file: true,
        }
    }

    /// The same of a text that comes with bramble.
    pub(crate) fn builtin(text: &'a str) -> Self {
        Self {
            cluster_file: false,
            ..Self::new(text)
        }
    }

    /// Whether the text is a cluster file.
    pub(crate) fn is_cluster_file(&self) -> bool {
        self.cluster_file
    }

    /// Remembers where `place` stands.
    pub(crate) fn mark(&self, place: Place, span: Span) {
        self.places.borrow_mut().push((place, span));
    }

    /// Where everything stands that was remembered.
    pub(crate) fn places(&self) -> Places {
        Places::new(self.places.take())
    }

    /// The text that the spans are places of.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The end of what is written, before trailing blanks.
    pub(crate) fn end(&self) -> Span {
        let end = self.text.trim_end().len();
        end..end
    }

    /// One more thing to tell.
    pub(crate) fn push(&self, mut diagnostic: Diagnostic) {
        for label in iter::once(&mut diagnostic.primary).chain(&mut diagnostic.secondary) {
            self.fit(label);
            label.text = plain(&label.text);
        }
        diagnostic.title = plain(&diagnostic.title);
        diagnostic.help = diagnostic.help.as_deref().map(plain);
        self.found.borrow_mut().push(diagnostic);
    }

    /// A violation of the grammar, unless one was told on the same line. What
    /// could be read all the same is a guess: see [`Report::into_diagnostics`].
    pub(super) fn push_syntax(&self, diagnostic: Diagnostic, extent: Extent) {
        let mut lines = self.lines(&diagnostic.primary.span);
        let told = self
            .broken
            .borrow()
            .iter()
            .any(|other| other.start == lines.start);
        if extent == Extent::Rest {
            lines.end = self.text.len() + 1;
        }
        self.broken.borrow_mut().push(lines);
        if !told {
            self.push(diagnostic);
        }
    }

    /// The line around `at`.
    pub(super) fn line(&self, at: usize) -> &'a str {
        self.text.get(self.lines(&(at..at))).unwrap_or_default()
    }

    /// Nothing of the text can be trusted: only violations of the grammar count.
    pub(super) fn give_up(&self) {
        self.broken.borrow_mut().push(0..self.text.len() + 1);
    }

    /// Something that should be there and is not. Nobody can tell where the
    /// grammar is broken: it may be what could not be read.
    pub(crate) fn push_missing(&self, diagnostic: Diagnostic) {
        if self.broken.borrow().is_empty() {
            self.push(diagnostic);
        }
    }

    /// How many errors were found so far.
    pub(crate) fn errors(&self) -> usize {
        let found = self.found.borrow();
        found.iter().filter(|one| one.is_error()).count()
    }

    /// Whether nothing can be built from the text.
    pub(crate) fn has_errors(&self) -> bool {
        self.found.borrow().iter().any(Diagnostic::is_error)
    }

    /// Everything, in the order of the text. On lines where the grammar is
    /// broken only that is told: the rest would follow from it.
    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        let broken = self.broken.into_inner();
        let mut found = self.found.into_inner();
        found.retain(|diagnostic| {
            let place = &diagnostic.primary.span;
            let follows = |lines: &Span| lines.start <= place.start && place.start <= lines.end;
            diagnostic.code == SYNTAX_CODE || !broken.iter().any(follows)
        });
        found.sort_by_key(|diagnostic| {
            let place = &diagnostic.primary.span;
            (place.start, place.end, diagnostic.code)
        });
        found
    }

    /// The lines that `span` touches.
    fn lines(&self, span: &Span) -> Span {
        let (start, end) = (self.floor(span.start), self.floor(span.end));
        let first = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let last = self.text[end..]
            .find('\n')
            .map_or(self.text.len(), |at| end + at);
        first..last
    }

    /// Moves the ends of a span onto character boundaries inside the text.
    fn fit(&self, label: &mut Label) {
        let start = self.floor(label.span.start);
        let mut end = label.span.end.clamp(start, self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        label.span = start..end;
    }

    fn floor(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

/// Messages repeat parts of the text, which may hold anything: this keeps them
/// on one line, short, and free of what a terminal would obey.
fn plain(message: &str) -> String {
    const MOST: usize = 400;
    let visible = message.chars().take(MOST).map(|c| match c {
        c if c.is_control() => c.escape_default().to_string(),
        c => c.to_string(),
    });
    visible.collect()
}
