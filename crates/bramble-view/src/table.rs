//! Columns that line up.

use crate::style::Label;

/// A table with a heading, columns two spaces apart. Numbers are given as text;
/// cells hold no styles, or their width would not be known.
pub fn table<const N: usize>(heading: [&str; N], rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .chain([heading[column].chars().count()])
            .max()
            .unwrap_or_default()
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |cells: [&str; N]| {
        let padded: Vec<_> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    let mut text = Label::Heading.paint(line(heading));
    text.push('\n');
    for row in rows {
        text.push_str(&line(std::array::from_fn(|column| row[column].as_str())));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [
            ["head".to_owned(), "up".to_owned()],
            ["node10".to_owned(), "down".to_owned()],
        ];
        let text = table(["node", "state"], &rows);
        let lines: Vec<_> = text.lines().skip(1).collect();
        assert_eq!(lines, ["head    up", "node10  down"]);
    }
}
