//! How long files and functions are, by crate: the figures that the house aims
//! at. Not in here: limits.

use std::collections::BTreeMap;
use std::path::Path;

use super::project::Project;
use super::source::Source;
use crate::table::table;

const HEADING: [&str; 10] = [
    "crate",
    "files",
    "lines",
    "of tests",
    "file median",
    "p90",
    "function median",
    "p90",
    "longest",
    "expects per 1000",
];

pub(super) fn report(project: &Project) -> String {
    let mut crates: BTreeMap<String, Vec<&Source>> = BTreeMap::new();
    for source in &project.sources {
        crates
            .entry(crate_of(&source.file))
            .or_default()
            .push(source);
    }
    let mut rows: Vec<_> = crates
        .iter()
        .map(|(name, sources)| row(name, sources))
        .collect();
    let all: Vec<_> = project.sources.iter().collect();
    rows.push(row("all", &all));
    table(HEADING, &rows)
}

fn crate_of(file: &Path) -> String {
    let mut parts = file.iter().map(|part| part.to_string_lossy());
    let first = parts.next().unwrap_or_default();
    match parts.next() {
        Some(second) if first == "crates" => second.into_owned(),
        _ => first.into_owned(),
    }
}

fn row(name: &str, sources: &[&Source]) -> [String; 10] {
    let product = || sources.iter().filter(|source| !source.is_test);
    let files = sorted(product().map(|source| source.product_lines()));
    let functions = sorted(
        product()
            .flat_map(|source| &source.functions)
            .map(|one| one.lines),
    );
    let lines: usize = files.iter().sum();
    let all: usize = sources.iter().map(|source| source.lines).sum();
    let expects: usize = product().map(|source| source.expects.len()).sum();
    let tenths = expects * 10_000 / lines.max(1);
    [
        name.to_owned(),
        files.len().to_string(),
        lines.to_string(),
        (all - lines).to_string(),
        at(&files, 50).to_string(),
        at(&files, 90).to_string(),
        at(&functions, 50).to_string(),
        at(&functions, 90).to_string(),
        at(&functions, 100).to_string(),
        format!("{}.{}", tenths / 10, tenths % 10),
    ]
}

fn sorted(figures: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut figures: Vec<_> = figures.collect();
    figures.sort_unstable();
    figures
}

/// The figure that so many of a hundred do not exceed.
fn at(sorted: &[usize], percent: usize) -> usize {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_figures_do_not_exceed_the_median() {
        assert_eq!(at(&[1, 2, 3, 4, 50], 50), 3);
        assert_eq!(at(&[1, 2, 3, 4, 50], 90), 50);
        assert_eq!(at(&[], 50), 0);
    }

    #[test]
    fn files_belong_to_their_crates() {
        assert_eq!(crate_of(Path::new("crates/bramble/src/main.rs")), "bramble");
        assert_eq!(crate_of(Path::new("xtask/src/main.rs")), "xtask");
    }
}
