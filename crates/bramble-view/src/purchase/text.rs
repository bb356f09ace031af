//! The plan for a terminal. Not in here: what it says (`content`).

use bramble_cluster::diagnostic::Severity;
use bramble_plan::plan::Found;

use super::content::said;
use super::document::{Block, Document, Section};
use crate::grid::paragraph;
use crate::style::Label;

/// The document as text of at most `room` columns.
pub(super) fn write(document: &Document<'_>, room: usize) -> String {
    let summary = said(document.title, &document.figures);
    let mut text = paragraph(&summary, (0, room), |line| Label::Heading.paint(line));
    text.push_str(&heading("Findings"));
    text.push_str(&findings(document.findings, room));
    text.extend(document.sections.iter().map(|one| section(one, room)));
    text
}

fn heading(title: &str) -> String {
    format!("\n{}\n", Label::Heading.paint(title))
}

fn findings(findings: &[Found], room: usize) -> String {
    if findings.is_empty() {
        let fine = "none: nothing that is known speaks against it";
        return format!("  {}\n", Label::Good.paint(fine));
    }
    findings.iter().map(|one| finding(one, room)).collect()
}

fn finding(finding: &Found, room: usize) -> String {
    let (word, label) = match finding.severity {
        Severity::Error => ("error", Label::Bad),
        Severity::Warning => ("warning", Label::Warning),
        Severity::Note => ("note", Label::Quiet),
    };
    let head = format!("{word}[{}]: ", finding.id);
    let title = format!("{head}{}", finding.title);
    let painted = |line: &str| match line.strip_prefix(&head) {
        Some(rest) => format!("{}{rest}", label.paint(&head)),
        None => line.to_owned(),
    };
    let mut text = paragraph(&title, (2, room), painted);
    // What notes rest on would bury what follows; `bramble check` tells it.
    if finding.severity > Severity::Note {
        let nodes = (!finding.nodes.is_empty()).then(|| format!("nodes: {}", finding.nodes));
        let figures = finding.figures.iter().map(bramble_plan::Figure::line);
        let lines = nodes.into_iter().chain(figures);
        text.extend(lines.map(|line| paragraph(&line, (6, room), |line| Label::Quiet.paint(line))));
    }
    if !finding.remedy.is_empty() {
        text.push_str(&paragraph(&finding.remedy, (6, room), str::to_owned));
    }
    text
}

fn section(section: &Section, room: usize) -> String {
    let blocks = section.blocks.iter().map(|one| block(one, room));
    heading(section.title) + &blocks.collect::<String>()
}

fn block(block: &Block, room: usize) -> String {
    match block {
        Block::Table(grid) => grid.text(room),
        Block::Text(text) => paragraph(text, (2, room), str::to_owned),
        Block::Note(text) => paragraph(text, (2, room), |line| Label::Quiet.paint(line)),
        Block::Sources(sources) => {
            let numbered = sources.iter().enumerate();
            let lines = numbered.map(|(at, source)| {
                let line = format!("source {}: {source}", at + 1);
                paragraph(&line, (2, room), |line| Label::Quiet.paint(line))
            });
            lines.collect()
        }
    }
}
