//! Rules about files as wholes and lines of text. Not in here: what Rust code
//! says.

use std::path::Path;

use super::Finding;
use super::project::Project;

/// Lines of a Rust file without its tests.
const LONGEST: usize = 500;

/// A file of such a name has no purpose of its own, and grows without end.
const NOBODYS: &[&str] = &[
    "common", "helper", "helpers", "manager", "misc", "util", "utils",
];

/// Text that people write; snapshots are written by a tool, with the spaces that
/// the product prints.
const WRITTEN: &[&str] = &[
    "conf", "css", "html", "js", "md", "nft", "py", "rs", "service", "sh", "toml", "txt",
];

/// Written in two parts, or this file would be a finding.
const LOOSE_ENDS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
];

/// Every Rust file says what it is for and what is not in it.
pub(super) fn headers(project: &Project) -> Vec<Finding> {
    let opens = |text: &str| text.starts_with("//! ");
    project
        .with_extension(&["rs"])
        .filter(|(_, text)| !opens(text))
        .map(|(file, _)| {
            let what = "does not open with `//!`: say its purpose, and what is not in it";
            Finding::at(file, 1, what)
        })
        .collect()
}

pub(super) fn lengths(project: &Project) -> Vec<Finding> {
    let long = project
        .sources
        .iter()
        .filter(|source| source.product_lines() > LONGEST);
    long.map(|source| {
        let lines = source.product_lines();
        let what = format!("too long: {lines} lines without tests, {LONGEST} at most; divide it");
        Finding::new(&source.file, what)
    })
    .collect()
}

pub(super) fn names(project: &Project) -> Vec<Finding> {
    let is_nobodys = |file: &Path| {
        file.with_extension("").components().find_map(|part| {
            let part = part.as_os_str().to_str()?;
            NOBODYS.contains(&part).then(|| part.to_owned())
        })
    };
    let rust = project.with_extension(&["rs", "sh"]);
    rust.filter_map(|(file, _)| {
        let name = is_nobodys(file)?;
        let what = format!("is called `{name}`, which says nothing: name it for what is in it");
        Some(Finding::new(file, what))
    })
    .collect()
}

pub(super) fn ends_of_lines(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in project.with_extension(WRITTEN) {
        let blank = text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.ends_with([' ', '\t']));
        findings.extend(
            blank.map(|(index, _)| Finding::at(file, index + 1, "ends in white space: remove it")),
        );
        // What fills a hole at a template's end brings its own newline.
        let may_be_open = file.iter().any(|part| part == "templates");
        if !may_be_open && !text.is_empty() && !text.ends_with('\n') {
            findings.push(Finding::new(
                file,
                "its last line has no end: add a newline",
            ));
        }
    }
    findings
}

/// What is not finished is an issue, not a comment.
pub(super) fn loose_ends(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in project.with_extension(WRITTEN) {
        for (index, line) in text.lines().enumerate() {
            let found = LOOSE_ENDS.iter().find(|word| holds_word(line, word));
            findings.extend(found.map(|word| {
                let what = format!("says {word}: finish it, or open an issue");
                Finding::at(file, index + 1, what)
            }));
        }
    }
    findings
}

fn holds_word(line: &str, word: &str) -> bool {
    line.split(|letter: char| !letter.is_alphanumeric())
        .any(|found| found == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::project::project;

    fn shown(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_file_without_a_header_is_found() {
        let project = project(&[("a.rs", "//! Good.\n"), ("b.rs", "// Bad.\n"), ("c.md", "")]);
        let found = headers(&project);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].file.as_path(), found[0].line),
            (Path::new("b.rs"), 1)
        );
    }

    #[test]
    fn a_long_file_is_found_unless_its_tests_make_it_long() {
        let body = "const A: u8 = 1;\n".repeat(300);
        let tests = format!("{body}#[cfg(test)]\nmod tests {{\n{body}}}\n");
        let project = project(&[("a.rs", &tests), ("b.rs", &body.repeat(2))]);
        let found = shown(&lengths(&project));
        assert_eq!(
            found,
            ["b.rs: too long: 600 lines without tests, 500 at most; divide it"]
        );
    }

    #[test]
    fn a_name_that_says_nothing_is_found_also_as_a_folder() {
        let project = project(&[
            ("src/utils.rs", ""),
            ("misc/a.rs", ""),
            ("src/utilities.rs", ""),
        ]);
        assert_eq!(names(&project).len(), 2);
    }

    #[test]
    fn white_space_at_the_end_is_found_but_not_in_snapshots() {
        let project = project(&[
            ("a.md", "one \ntwo\n"),
            ("b.md", "one"),
            ("c.snap", "one \n"),
        ]);
        assert_eq!(
            shown(&ends_of_lines(&project)),
            [
                "a.md:1: ends in white space: remove it",
                "b.md: its last line has no end: add a newline"
            ]
        );
    }

    #[test]
    fn a_loose_end_is_a_word_of_its_own() {
        let word = LOOSE_ENDS[0];
        let project = project(&[("a.sh", &format!("# {word}: later\n# {word}S\n"))]);
        assert_eq!(loose_ends(&project).len(), 1);
    }
}
