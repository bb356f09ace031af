//! Tables of plain text. Not in here: what is in them.

/// Rows under a heading, columns as wide as their widest entry; figures, which
/// begin with a digit, to the right.
pub(crate) fn table<const N: usize>(heading: [&str; N], rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let entries = rows.iter().map(|row| row[column].chars().count());
        entries
            .chain([heading[column].chars().count()])
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<_> = (0..N).map(width).collect();
    let mut text = line(&heading, &widths);
    for row in rows {
        text.push_str(&line(&row.each_ref().map(String::as_str), &widths));
    }
    text
}

fn line(entries: &[&str], widths: &[usize]) -> String {
    let mut text = String::new();
    for (entry, width) in entries.iter().zip(widths) {
        let padding = " ".repeat(width.saturating_sub(entry.chars().count()));
        let is_figure = entry.starts_with(|first: char| first.is_ascii_digit());
        let (before, after) = if is_figure {
            (padding.as_str(), "")
        } else {
            ("", padding.as_str())
        };
        text.extend([before, entry, after, "  "]);
    }
    format!("{}\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_left_and_figures_right() {
        let rows = [
            ["tidy", "0.3 s"].map(str::to_owned),
            ["fast tests", "12.0 s"].map(str::to_owned),
        ];
        let expected = "step        took\ntidy         0.3 s\nfast tests  12.0 s\n";
        assert_eq!(table(["step", "took"], &rows), expected);
    }
}
