//! Figures in columns that fit on a terminal: numbers to the right, words wrapped
//! where there is no room. Not in here: what they say, and tables of node states,
//! whose cells are short (`table`).

use crate::style::Label;

/// Columns of the terminal that are used at most.
const WIDTH: usize = 100;
/// Between two columns of a table.
const GAP: usize = 2;
/// What a column of words is left at the least.
const LEAST: usize = 12;

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
    /// The grid as text, set in by two columns.
    pub(crate) fn text(&self) -> String {
        let widths = widths(self);
        let titles = self.columns.iter().map(|column| column.title.to_owned());
        let titles = Row::of(titles.collect::<Vec<_>>());
        let mut text = row(&titles, self, &widths, |line| Label::Quiet.paint(line));
        for cells in &self.rows {
            text.push_str(&row(cells, self, &widths, |line| {
                if cells.is_sum {
                    Label::Heading.paint(line)
                } else {
                    line.to_owned()
                }
            }));
        }
        text
    }
}

/// A row on as many lines as its longest cell takes.
fn row(row: &Row, grid: &Grid, widths: &[usize], paint: impl Fn(&str) -> String) -> String {
    let cells = row.cells.iter().zip(widths);
    let cells: Vec<_> = cells.map(|(cell, width)| wrap(cell, *width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    let mut text = String::new();
    for line in 0..height {
        let columns = cells.iter().zip(widths).zip(&grid.columns);
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

/// How wide each column is: as its widest cell, with columns of words narrowed, the
/// widest first, until all fit.
fn widths(grid: &Grid) -> Vec<usize> {
    let cell = |column: usize| {
        let cells = grid
            .rows
            .iter()
            .filter_map(move |row| row.cells.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let natural = grid.columns.iter().enumerate();
    let natural = natural.map(|(at, column)| cell(at).max(column.title.chars().count()));
    let mut widths: Vec<_> = natural.collect();
    let full = |widths: &[usize]| 2 + widths.iter().sum::<usize>() + GAP * (widths.len() - 1);
    while full(&widths) > WIDTH {
        let words =
            (0..widths.len()).filter(|&at| grid.columns[at].set == Set::Left && widths[at] > LEAST);
        match words.max_by_key(|&at| widths[at]) {
            Some(widest) => widths[widest] -= 1,
            None => break,
        }
    }
    widths
}

/// Lines of a paragraph, set in by so many columns; those after the first by two more.
pub(crate) fn paragraph(text: &str, indent: usize, paint: impl Fn(&str) -> String) -> String {
    let lines = wrap(text, WIDTH - indent - 2);
    let line = |(at, line): (usize, &String)| {
        let margin = " ".repeat(if at == 0 { indent } else { indent + 2 });
        format!("{margin}{}\n", paint(line))
    };
    lines.iter().enumerate().map(line).collect()
}

/// Lines of at most `width` characters, broken between words, and where a word is
/// longer, in it.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let together = line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && together > width {
            lines.push(std::mem::take(&mut line));
        } else if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        while line.chars().count() > width.max(1) {
            let rest = line.split_off(
                line.char_indices()
                    .nth(width.max(1))
                    .map_or(0, |(at, _)| at),
            );
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    lines.push(line);
    lines
}
