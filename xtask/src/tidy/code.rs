//! Rules about Rust code outside tests. Not in here: what clippy finds with more
//! knowledge.

use super::Finding;
use super::project::Project;

const LONGEST: usize = 80;
const MOST_PARAMETERS: usize = 5;

/// Calls of `expect` in a thousand lines.
const MOST_EXPECTS: usize = 3;

pub(super) fn functions(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in project.sources.iter().filter(|source| !source.is_test) {
        for one in &source.functions {
            let mut found = |what| findings.push(Finding::at(&source.file, one.line, what));
            let name = &one.name;
            if one.lines > LONGEST {
                let lines = one.lines;
                found(format!(
                    "`{name}` is too long: {lines} lines, {LONGEST} at most"
                ));
            }
            if one.parameters > MOST_PARAMETERS {
                let many = one.parameters;
                found(format!(
                    "`{name}` takes {many} parameters, {MOST_PARAMETERS} at most: make a type"
                ));
            }
        }
    }
    findings
}

/// The product does not end by panicking.
pub(super) fn panics(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    let product = || project.sources.iter().filter(|source| !source.is_test);
    for source in product() {
        let mut found = |lines: &[usize], what: &str| {
            let at = |line: &usize| Finding::at(&source.file, *line, what);
            findings.extend(lines.iter().map(at));
        };
        found(&source.unwraps, "calls `unwrap`: pass the error on");
        found(
            &source.unfinished,
            "is not finished: finish it, or open an issue",
        );
    }
    let lines: usize = product().map(super::source::Source::product_lines).sum();
    let expects: Vec<_> = product()
        .flat_map(|source| source.expects.iter().map(|line| (&source.file, *line)))
        .collect();
    if expects.len() * 1000 > lines * MOST_EXPECTS {
        let many = expects.len();
        findings.extend(expects.iter().map(|(file, line)| {
            let what = format!(
                "is one of {many} calls of `expect` in {lines} lines, {MOST_EXPECTS} in 1000 at most"
            );
            Finding::at(file, *line, what)
        }));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::project::project;

    #[test]
    fn a_long_function_and_one_of_many_parameters_are_found() {
        let long = format!("fn long() {{\n{}}}\n", "    call();\n".repeat(79));
        let wide = "fn wide(a: A, b: B, c: C, d: D, e: E, f: F) {}\n";
        let project = project(&[("a.rs", &long), ("b.rs", wide), ("tests/c.rs", &long)]);
        let found: Vec<_> = functions(&project)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            found,
            [
                "a.rs:1: `long` is too long: 81 lines, 80 at most",
                "b.rs:1: `wide` takes 6 parameters, 5 at most: make a type"
            ]
        );
    }

    #[test]
    fn one_unwrap_is_too_many_and_an_expect_in_a_long_file_is_not() {
        let call = |method: &str| format!("fn a() {{\n    b().{method}();\n}}\n");
        let filling = "const A: u8 = 1;\n".repeat(400);
        let lone = project(&[("a.rs", &call("expect"))]);
        assert_eq!(panics(&lone).len(), 1);
        let rare = project(&[("a.rs", &(call("expect") + &filling))]);
        assert_eq!(panics(&rare), []);
        let bad = project(&[("a.rs", &(call("unwrap") + &filling))]);
        assert_eq!(panics(&bad).len(), 1);
    }

    #[test]
    fn what_is_not_finished_is_found() {
        let text = concat!("fn a() {\n    to", "do!();\n}\n");
        assert_eq!(panics(&project(&[("a.rs", text)])).len(), 1);
    }
}
