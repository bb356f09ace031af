//! The plan as Markdown. Not in here: what it says (`content`).

use bramble_cluster::diagnostic::Severity;
use bramble_plan::plan::Found;

use super::document::{Block, Document, Section};
use crate::grid::{Grid, Row};

/// The document as Markdown, with tables as GitHub writes them.
pub(super) fn write(document: &Document<'_>) -> String {
    let figures = document.figures.iter();
    let figures = figures.map(|figure| format!("{}: **{}**", figure.what, plain(&figure.value)));
    let figures: Vec<_> = figures.collect();
    let mut text = format!(
        "# {}\n\n{}\n\n## Findings\n\n",
        plain(document.title),
        figures.join(" · ")
    );
    if document.findings.is_empty() {
        text.push_str("None: nothing that is known speaks against it.\n");
    }
    text.extend(document.findings.iter().map(finding));
    text.extend(document.sections.iter().map(section));
    text
}

fn finding(finding: &Found) -> String {
    let word = match finding.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Note => "Note",
    };
    let mut text = format!("- **{word}** `{}`: {}\n", finding.id, plain(&finding.title));
    let nodes = (!finding.nodes.is_empty()).then(|| format!("nodes: {}", finding.nodes));
    let figures = finding.figures.iter().map(bramble_plan::Figure::line);
    let remedy = Some(&finding.remedy).filter(|remedy| !remedy.is_empty());
    let remedy = remedy.map(|remedy| format!("remedy: {remedy}"));
    for line in nodes.into_iter().chain(figures).chain(remedy) {
        text.extend(["  - ", &plain(&line), "\n"]);
    }
    text
}

fn section(section: &Section) -> String {
    let blocks = section.blocks.iter().map(block);
    format!(
        "\n## {}\n\n{}",
        section.title,
        blocks.collect::<Vec<_>>().join("\n")
    )
}

fn block(block: &Block) -> String {
    match block {
        Block::Table(table) => self::table(table),
        Block::Text(text) | Block::Note(text) => format!("{}\n", plain(text)),
        Block::Sources(sources) => {
            let numbered = sources.iter().enumerate();
            let lines = numbered.map(|(at, source)| format!("{}. {}\n", at + 1, plain(source)));
            format!("Sources:\n\n{}", lines.collect::<String>())
        }
    }
}

fn table(table: &Grid) -> String {
    let titles = table.columns.iter().map(|column| column.title.to_owned());
    let rule = table
        .columns
        .iter()
        .map(|column| if column.is_right() { "---:" } else { "---" });
    let rule: Vec<_> = rule.collect();
    let mut text = row(&Row::of(titles.collect::<Vec<_>>()));
    text.extend(["| ", &rule.join(" | "), " |\n"]);
    text.extend(table.rows.iter().map(row));
    text
}

fn row(row: &Row) -> String {
    let cells = row.cells.iter().map(|cell| {
        if row.is_sum && !cell.is_empty() {
            format!("**{}**", plain(cell))
        } else {
            plain(cell)
        }
    });
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

/// `text` with everything in it that Markdown or HTML would take for its own made
/// to stand for itself. What stands between backticks already does.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut is_code = false;
    let has_code = text.matches('`').count().is_multiple_of(2);
    for letter in text.chars() {
        match letter {
            // A bar ends a cell even in code.
            '|' => plain.push_str("\\|"),
            '`' if has_code => {
                is_code = !is_code;
                plain.push('`');
            }
            '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' | '&' | '`' if !is_code => {
                plain.push('\\');
                plain.push(letter);
            }
            _ => plain.push(letter),
        }
    }
    plain
}
