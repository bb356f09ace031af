//! Where the lines of a text begin, found once. Not in here: what is in them.

use bramble_cluster::diagnostic::Span;

/// The beginnings of the lines of a text.
#[derive(Debug, Clone)]
pub struct Lines {
    starts: Vec<usize>,
    end: usize,
}

impl Lines {
    /// The lines of `text`.
    pub fn of(text: &str) -> Self {
        let after = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(after).collect(),
            end: text.len(),
        }
    }

    /// The number of the line that the byte at `at` is in, counted from one.
    pub fn number(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    /// Where the line that the byte at `at` is in begins.
    pub fn start(&self, at: usize) -> usize {
        self.starts[self.number(at).saturating_sub(1)]
    }

    /// The whole lines that `span` touches.
    pub fn around(&self, span: Span) -> Span {
        let next = self.starts.get(self.number(span.end)).copied();
        self.start(span.start)..next.unwrap_or(self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_one_and_are_whole() {
        let lines = Lines::of("ab\ncd\n\nef");
        assert_eq!(
            [0, 2, 3, 6, 7, 9].map(|at| lines.number(at)),
            [1, 1, 2, 3, 4, 4]
        );
        assert_eq!(lines.around(4..4), 3..6);
        assert_eq!(lines.around(1..7), 0..9);
        assert_eq!(Lines::of("").around(0..0), 0..0);
    }
}
