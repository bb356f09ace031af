//! The plan as a page of its own: to be looked at, sent and printed. Not in here:
//! what it says (`content`), and the drawing (`bramble-plan`).

use bramble_cluster::diagnostic::Severity;
use bramble_plan::plan::Found;

use super::document::{Block, Document, Section};
use crate::grid::{Grid, Row};

const STYLE: &str = include_str!("page.css");

/// What the page may load: nothing, save for what is written in it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// The document as one page, with `drawing` as a picture in it.
pub(super) fn write(document: &Document<'_>, drawing: &str) -> String {
    let title = escape(document.title);
    let figures = document.figures.iter().map(|figure| {
        let value = escape(&figure.value);
        format!("<div><dt>{}</dt><dd>{value}</dd></div>\n", figure.what)
    });
    let figures: String = figures.collect();
    let sections: String = document.sections.iter().map(section).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}: plan</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <header>\n<p class=\"kind\">Plan of a cluster</p>\n<h1>{title}</h1>\n\
         <dl>\n{figures}</dl>\n</header>\n{}{}{sections}</main>\n</body>\n</html>\n",
        findings(document.findings),
        picture(drawing, &title),
    )
}

fn picture(drawing: &str, title: &str) -> String {
    if drawing.is_empty() {
        return String::new();
    }
    // As a picture, so that its styles are its own.
    format!(
        "<figure>\n<img alt=\"How {title} is wired\" src=\"data:image/svg+xml,{}\">\n</figure>\n",
        encode(drawing)
    )
}

fn findings(findings: &[Found]) -> String {
    let found: String = findings.iter().map(finding).collect();
    let body = if findings.is_empty() {
        "<p class=\"fine\">None: nothing that is known speaks against it.</p>\n".to_owned()
    } else {
        format!("<ul class=\"findings\">\n{found}</ul>\n")
    };
    format!("<section>\n<h2>Findings</h2>\n{body}</section>\n")
}

fn finding(finding: &Found) -> String {
    let word = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let nodes = (!finding.nodes.is_empty()).then(|| format!("nodes: {}", finding.nodes));
    let figures = finding.figures.iter().map(bramble_plan::Figure::line);
    let details = nodes.into_iter().chain(figures);
    let details: Vec<_> = details
        .map(|line| format!("<li>{}</li>", escape(&line)))
        .collect();
    let details = if details.is_empty() {
        String::new()
    } else {
        format!("<ul>{}</ul>", details.concat())
    };
    let remedy = if finding.remedy.is_empty() {
        String::new()
    } else {
        format!("<p class=\"remedy\">{}</p>", prose(&finding.remedy))
    };
    format!(
        "<li class=\"{word}\"><p><b>{word}</b> <code>{}</code> {}</p>{details}{remedy}</li>\n",
        escape(finding.id),
        prose(&finding.title)
    )
}

fn section(section: &Section) -> String {
    let blocks: String = section.blocks.iter().map(block).collect();
    format!(
        "<section>\n<h2>{}</h2>\n{blocks}</section>\n",
        escape(section.title)
    )
}

fn block(block: &Block) -> String {
    match block {
        Block::Table(table) => self::table(table),
        Block::Text(text) => format!("<p>{}</p>\n", prose(text)),
        Block::Note(text) => format!("<p class=\"note\">{}</p>\n", prose(text)),
        Block::Sources(sources) => {
            let items = sources
                .iter()
                .map(|source| format!("<li>{}</li>\n", escape(source)));
            format!(
                "<ol class=\"sources\">\n{}</ol>\n",
                items.collect::<String>()
            )
        }
    }
}

fn table(table: &Grid) -> String {
    let titles = table.columns.iter().map(|column| column.title.to_owned());
    let head = row(
        &Row::of(titles.collect::<Vec<_>>()),
        table,
        "th scope=\"col\"",
    );
    let rows: String = table
        .rows
        .iter()
        .map(|cells| row(cells, table, "td"))
        .collect();
    format!(
        "<div class=\"wide\">\n<table>\n<thead>\n{head}</thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )
}

/// A row of cells in `tag`, which may carry an attribute.
fn row(row: &Row, table: &Grid, tag: &str) -> String {
    let cells = row.cells.iter().zip(&table.columns).map(|(cell, column)| {
        let side = if column.is_right() {
            " class=\"right\""
        } else {
            ""
        };
        let (cell, end) = (escape(cell), tag.split(' ').next().unwrap_or(tag));
        // An empty heading is nothing to announce.
        if cell.is_empty() {
            "<td></td>".to_owned()
        } else {
            format!("<{tag}{side}>{cell}</{end}>")
        }
    });
    let kind = if row.is_sum { " class=\"sum\"" } else { "" };
    format!("<tr{kind}>{}</tr>\n", cells.collect::<String>())
}

/// `text` with what stands between backticks as code.
fn prose(text: &str) -> String {
    let escaped = escape(text);
    let mut pieces = escaped.split('`');
    if escaped.matches('`').count() % 2 == 1 {
        return escaped;
    }
    let mut prose = pieces.next().unwrap_or_default().to_owned();
    for (at, piece) in pieces.enumerate() {
        prose.push_str(if at % 2 == 0 { "<code>" } else { "</code>" });
        prose.push_str(piece);
    }
    prose
}

/// `text` as HTML that shows it and does nothing else.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// `text` as the rest of an address, percent by percent.
fn encode(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len() * 5 / 4);
    for byte in text.bytes() {
        let is_plain = byte.is_ascii_graphic() && !b"%#\"<>&'".contains(&byte);
        if is_plain || byte == b' ' {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(DIGITS[usize::from(byte >> 4)]));
            encoded.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    encoded
}
