//! Figures in columns that fit on a terminal: numbers to the right, words wrapped
//! where there is no room, and columns left out where that is not enough. Not in here: what they say, and tables of node states,
//! whose cells are short (`table`).

use crate::style::Label;

/// How many columns of a terminal are used where nobody says how many it has.
pub(crate) const WIDTH: usize = 100;
/// Between two columns of a table.
const GAP: usize = 2;

/// Figures in columns.
#[derive(Debug)]
pub(crate) struct Grid {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
}

/// A column's heading, and how its cells are set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) title: &'static str,
    pub(crate) set: Set,
}

/// How cells are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Set {
    /// Words, which are wrapped where there is no room.
    Left,
    /// Words that are to be copied, and so never wrapped.
    Whole,
    /// Figures.
    Right,
}

/// A row; sums stand out.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) cells: Vec<String>,
    pub(crate) is_sum: bool,
}

/// A column of words.
pub(crate) const fn left(title: &'static str) -> Column {
    let set = Set::Left;
    Column { title, set }
}

/// A column of words that are never wrapped.
pub(crate) const fn whole(title: &'static str) -> Column {
    let set = Set::Whole;
    Column { title, set }
}

/// A column of figures.
pub(crate) const fn right(title: &'static str) -> Column {
    let set = Set::Right;
    Column { title, set }
}

impl Column {
    pub(crate) fn is_right(self) -> bool {
        self.set == Set::Right
    }
}

impl Row {
    /// A row like any other.
    pub(crate) fn of(cells: impl Into<Vec<String>>) -> Self {
        let (cells, is_sum) = (cells.into(), false);
        Self { cells, is_sum }
    }

    /// The sum of those above.
    pub(crate) fn sum(cells: impl Into<Vec<String>>) -> Self {
        let (cells, is_sum) = (cells.into(), true);
        Self { cells, is_sum }
    }
}

impl Grid {
    /// The grid as text of at most `room` columns if that can be, set in by two.
    /// Where wrapping is not enough, columns are left out.
    pub(crate) fn text(&self, room: usize) -> String {
        let mut shown: Vec<usize> = (0..self.columns.len()).collect();
        while full(&leasts(self, &shown)) > room {
            let Some(last) = self.spare(&shown) else {
                break;
            };
            shown.remove(last);
        }
        let widths = widths(self, &shown, room);
        let columns: Vec<_> = shown.iter().map(|&at| self.columns[at]).collect();
        let line = |cells: &[String], paint: &dyn Fn(&str) -> String| {
            let cells: Vec<_> = shown.iter().filter_map(|&at| cells.get(at)).collect();
            row(&cells, &columns, &widths, paint)
        };
        let titles = self.columns.iter().map(|column| column.title.to_owned());
        let titles: Vec<_> = titles.collect();
        let mut text = line(&titles, &|line| Label::Quiet.paint(line));
        for row in &self.rows {
            text.push_str(&line(&row.cells, &|line| {
                if row.is_sum {
                    Label::Heading.paint(line)
                } else {
                    line.to_owned()
                }
            }));
        }
        text
    }

    /// Which of the columns that are shown can be spared: the last of words but for
    /// the first, which says what the row is about, and then the last of figures.
    fn spare(&self, shown: &[usize]) -> Option<usize> {
        let is_words = |at: &usize| self.columns[*at].set != Set::Right;
        let first = shown.iter().position(is_words)?;
        let last = shown.iter().rposition(is_words)?;
        let figures = shown.len().checked_sub(1).filter(|last| *last > first);
        if last > first { Some(last) } else { figures }
    }
}

/// A row on as many lines as its longest cell takes.
fn row(
    cells: &[&String],
    columns: &[Column],
    widths: &[usize],
    paint: &dyn Fn(&str) -> String,
) -> String {
    let cells = cells.iter().zip(widths);
    let cells: Vec<_> = cells.map(|(cell, width)| wrap(cell, *width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    let mut text = String::new();
    for line in 0..height {
        let columns = cells.iter().zip(widths).zip(columns);
        let padded = columns.map(|((lines, &width), column)| {
            let cell = lines.get(line).map_or("", String::as_str);
            if column.is_right() {
                format!("{cell:>width$}")
            } else {
                format!("{cell:<width$}")
            }
        });
        let joined = padded.collect::<Vec<_>>().join(&" ".repeat(GAP));
        text.extend(["  ", &paint(joined.trim_end()), "\n"]);
    }
    text
}

/// How wide each column that is shown is: as its widest cell, with columns of words
/// narrowed, the widest first, until all fit or none can be narrower.
fn widths(grid: &Grid, shown: &[usize], room: usize) -> Vec<usize> {
    let natural = |at: &usize| widest(grid, *at, |cell| cell.chars().count());
    let mut widths: Vec<_> = shown.iter().map(natural).collect();
    let least = leasts(grid, shown);
    while full(&widths) > room {
        let wide = (0..widths.len()).filter(|&at| widths[at] > least[at]);
        match wide.max_by_key(|&at| widths[at]) {
            Some(widest) => widths[widest] -= 1,
            None => break,
        }
    }
    widths
}

/// How wide each column that is shown has to be, so that no name is broken.
fn leasts(grid: &Grid, shown: &[usize]) -> Vec<usize> {
    let least = |&at: &usize| match grid.columns[at].set {
        Set::Left => widest(grid, at, |cell| {
            let words = pieces(cell).map(|piece| piece.trim_end().chars().count());
            words.max().unwrap_or_default()
        }),
        Set::Whole | Set::Right => widest(grid, at, |cell| cell.chars().count()),
    };
    shown.iter().map(least).collect()
}

/// The widest of a column's cells and its title, as `width` measures them.
fn widest(grid: &Grid, column: usize, width: impl Fn(&str) -> usize) -> usize {
    let cells = grid.rows.iter().filter_map(|row| row.cells.get(column));
    let cells = cells.map(|cell| width(cell)).max().unwrap_or_default();
    cells.max(width(grid.columns[column].title))
}

/// How wide a row of such columns is.
fn full(widths: &[usize]) -> usize {
    2 + widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}

/// Lines of a paragraph of at most `room` columns, set in by `indent` of them; those
/// after the first by two more.
pub(crate) fn paragraph(
    text: &str,
    (indent, room): (usize, usize),
    paint: impl Fn(&str) -> String,
) -> String {
    let lines = wrap(text, room.saturating_sub(indent + 2));
    let line = |(at, line): (usize, &String)| {
        let margin = " ".repeat(if at == 0 { indent } else { indent + 2 });
        format!("{margin}{}\n", paint(line))
    };
    lines.iter().enumerate().map(line).collect()
}

/// Lines of at most `width` characters, broken between words and after commas. A
/// word that is longer has a line of its own: half a name is none.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let together = line.chars().count() + piece.trim_end().chars().count();
        if !line.is_empty() && together > width {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        line.push_str(piece);
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// What is not broken: words, and what stands between commas.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive([' ', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(cells: [&str; 4]) -> Grid {
        Grid {
            columns: vec![left("name"), right("cores"), left("for"), left("board")],
            rows: vec![Row::of(cells.map(str::to_owned))],
        }
    }

    #[test]
    fn words_are_wrapped_between_words_and_after_commas() {
        let grid = grid(["node[1,3,5-7,9,11]", "4", "worker", "Raspberry Pi 4"]);
        let text = anstream::adapter::strip_str(&grid.text(37)).to_string();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "  name       cores  for     board",
                "  node[1,3,      4  worker  Raspberry",
                "  5-7,9,11]                 Pi 4",
            ]
        );
    }

    #[test]
    fn a_column_goes_before_a_name_is_broken() {
        let grid = grid(["node1.garden.b.lan", "4", "worker", "Raspberry"]);
        let text = grid.text(30);
        assert!(text.contains("node1.garden.b.lan"), "{text}");
        assert!(
            !text.contains("board") && !text.contains("Raspberry"),
            "{text}"
        );
    }

    #[test]
    fn what_is_longer_than_a_line_is_left_whole() {
        assert_eq!(wrap("a verylongname b", 6), ["a", "verylongname", "b"]);
    }
}
