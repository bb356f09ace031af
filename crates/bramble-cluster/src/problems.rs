//! The background of every finding of the cluster file's reader: what it means
//! and why the rule exists. Not in here: the texts themselves (`problems.md`),
//! and those of the plan's rules (`bramble-plan`).

/// One section for each code, under a heading that is the code.
const TEXT: &str = include_str!("problems.md");

/// What a heading begins with.
const HEADING: &str = "\n## ";

/// The background of the findings with `code`, as Markdown without a heading.
pub fn explain(code: &str) -> Option<&'static str> {
    sections()
        .find(|(own, _)| *own == code)
        .map(|(_, text)| text)
}

/// The codes that have a text, in the order of the texts.
pub fn codes() -> impl Iterator<Item = &'static str> {
    sections().map(|(code, _)| code)
}

fn sections() -> impl Iterator<Item = (&'static str, &'static str)> {
    let sections = TEXT.split(HEADING).skip(1);
    sections.filter_map(|section| {
        let (code, text) = section.split_once('\n')?;
        Some((code.trim(), text.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_without_a_text_is_not_explained() {
        assert_eq!(explain("no-such-code"), None);
        assert_eq!(explain(""), None);
    }

    #[test]
    fn a_text_is_that_of_its_code_alone() {
        let text = explain("no-worker").unwrap();
        assert!(text.starts_with("No node runs jobs."), "{text}");
        assert!(!text.contains("## "), "{text}");
    }

    #[test]
    fn every_code_has_one_text_of_some_lines() {
        let mut seen = std::collections::BTreeSet::new();
        for code in codes() {
            assert!(seen.insert(code), "`{code}` has two texts");
            let text = explain(code).unwrap();
            let prose = text.split("```").next().unwrap().trim();
            assert!(
                (3..=10).contains(&prose.lines().count()),
                "`{code}`: {prose}"
            );
            let widest = text.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(95), "`{code}` does not fit on a terminal");
        }
    }
}

/// The codes that the crate's sources give.
#[cfg(test)]
mod sources {
    use std::collections::BTreeSet;

    use super::{codes, explain};

    /// What a code stands behind where it is given as it is.
    const CALLS: &[&str] = &[
        "Diagnostic::error(",
        "Diagnostic::warning(",
        "Diagnostic::note(",
        ".fail(",
        ".fail::<()>(",
        ".lack(",
        ".note(",
        "CODE: &str =",
    ];

    /// The first words of codes that are handed on in a variable. A literal that
    /// begins with one of them is a code wherever it stands.
    const FAMILIES: &[&str] = &[
        "address",
        "duplicate",
        "empty",
        "invalid",
        "missing",
        "no",
        "out",
        "single",
        "subnet",
        "too",
        "unknown",
        "wrong",
    ];

    /// What stands before a code in the snapshots of the reader's tests.
    const SEVERITIES: &[&str] = &["Error ", "Warning ", "Note "];

    #[test]
    fn every_code_that_the_reader_gives_is_explained() {
        let explained: BTreeSet<_> = codes().map(str::to_owned).collect();
        let missing: Vec<_> = given().difference(&explained).cloned().collect();
        assert!(missing.is_empty(), "without a text: {missing:?}");
    }

    #[test]
    fn every_text_explains_a_code_that_the_reader_gives() {
        let given = given();
        let unused: Vec<_> = codes().filter(|code| !given.contains(*code)).collect();
        assert!(unused.is_empty(), "never given: {unused:?}");
    }

    #[test]
    fn every_code_that_a_test_of_the_reader_has_seen_is_explained() {
        let mut seen = BTreeSet::new();
        for text in texts("src/file/tests") {
            for line in text.lines().map(str::trim_start) {
                let rest = SEVERITIES.iter().find_map(|word| line.strip_prefix(word));
                let code = rest.and_then(|rest| rest.split_once(": "));
                seen.extend(code.map(|(code, _)| code.to_owned()));
            }
        }
        assert!(seen.len() > 30, "{seen:?}");
        for code in seen {
            assert!(explain(&code).is_some(), "`{code}` has no text");
        }
    }

    /// All codes in the sources outside of tests.
    fn given() -> BTreeSet<String> {
        let mut given = BTreeSet::new();
        for text in texts("src") {
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for call in CALLS {
                let arguments = text.split(call).skip(1).map(str::trim_start);
                given.extend(arguments.filter_map(literal));
            }
            let literals = text.match_indices('"').filter_map(|(at, _)| {
                let literal = literal(&text[at..])?;
                let family = literal.split_once('-')?.0;
                FAMILIES.contains(&family).then_some(literal)
            });
            given.extend(literals);
        }
        given
    }

    /// The word between double quotes that `text` begins with.
    fn literal(text: &str) -> Option<String> {
        let (word, _) = text.strip_prefix('"')?.split_once('"')?;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
        (!word.is_empty() && word.bytes().all(plain)).then(|| word.to_owned())
    }

    /// The sources in `folder` and those below, without folders of tests.
    #[expect(clippy::disallowed_methods, reason = "reads the sources")]
    fn texts(folder: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.file_stem().is_some_and(|stem| stem == "tests") {
                continue;
            }
            if path.is_dir() {
                texts.extend(self::texts(path.to_str().unwrap()));
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                texts.push(std::fs::read_to_string(path).unwrap());
            }
        }
        texts
    }
}

/// The examples of the texts, read as cluster files.
#[cfg(test)]
mod examples {
    use super::sections;
    use crate::catalogue::Catalogue;
    use crate::file::{Reading, Vocabulary, read};

    /// The marks at the ends of lines.
    const WRONG: &str = "# wrong";
    const RIGHT: &str = "# right";

    /// A cluster file that nothing is wrong with, for the examples to change.
    const BASE: &str = r#"
[cluster]
name = "garden"
[network]
subnet = "10.55.0.0/24"
[head]
name = "head"
board = "rpi3b"
[[nodes]]
names = "node[1-2]"
board = "rpi3b"
"#;

    /// A table's header and its lines.
    type Table<'a> = (&'a str, Vec<&'a str>);

    #[test]
    fn each_line_marked_wrong_is_found_under_its_code_alone() {
        let mut count = 0;
        for (code, example) in examples() {
            for line in marked(example, WRONG) {
                let found = found(&with(example, line));
                let codes: Vec<_> = found.diagnostics.iter().map(|one| one.code).collect();
                assert_eq!(codes, [code], "`{line}`");
                count += 1;
            }
        }
        assert!(count > 40, "{count}");
    }

    #[test]
    fn each_line_marked_right_makes_a_cluster() {
        for (code, example) in examples() {
            let right = marked(example, RIGHT);
            assert!(!right.is_empty(), "{code}: nothing is right");
            for line in right {
                let found = found(&with(example, line));
                assert_eq!(found.diagnostics, [], "{code}: `{line}`");
                assert!(found.cluster.is_some(), "{code}: `{line}`");
            }
        }
    }

    #[test]
    fn the_base_of_the_examples_is_a_cluster() {
        assert!(found(BASE).cluster.is_some());
    }

    /// The examples, each with the code it is for.
    fn examples() -> impl Iterator<Item = (&'static str, &'static str)> {
        sections().filter_map(|(code, text)| {
            let (_, rest) = text.split_once("```toml\n")?;
            Some((code, rest.split_once("```")?.0))
        })
    }

    fn marked<'a>(example: &'a str, mark: &str) -> Vec<&'a str> {
        let lines = example.lines();
        lines.filter(|line| line.ends_with(mark)).collect()
    }

    fn found(text: &str) -> Reading {
        let vocabulary = Vocabulary {
            catalogue: &Catalogue::builtin(),
            roles: &["gateway", "time", "storage", "scheduler", "worker"],
        };
        read(text, &vocabulary)
    }

    /// The base with what the example changes in it: all lines without a mark, and
    /// of those with one only `line`.
    fn with(example: &str, line: &str) -> String {
        let chosen = |one: &&str| *one == line || !(one.ends_with(WRONG) || one.ends_with(RIGHT));
        let mut tables = tables(BASE.lines());
        for (header, lines) in self::tables(example.lines().filter(chosen)) {
            match tables.iter_mut().find(|(own, _)| *own == header) {
                Some((_, own)) => {
                    own.retain(|one| !lines.iter().any(|other| key(other) == key(one)));
                    own.extend(lines);
                }
                None => tables.push((header, lines)),
            }
        }
        let table = |(header, lines): &Table<'_>| format!("{header}\n{}\n", lines.join("\n"));
        tables.iter().map(table).collect()
    }

    fn tables<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Table<'a>> {
        let mut tables: Vec<Table<'_>> = Vec::new();
        for line in lines.filter(|line| !line.is_empty()) {
            match tables.last_mut() {
                _ if line.starts_with('[') => tables.push((line, Vec::new())),
                Some((_, lines)) => lines.push(line),
                None => panic!("`{line}` is in no table"),
            }
        }
        tables
    }

    fn key(line: &str) -> &str {
        line.split('=').next().unwrap_or_default().trim()
    }
}
