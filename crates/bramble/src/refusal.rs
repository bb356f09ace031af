//! What is said when an expression names no nodes: the expression with its faulty
//! part marked. Not in here: what is wrong with it, which the expression's reader says.

use bramble_cluster::nodeset::{NodeSetError, Problem};

use crate::exit::Exit;
use crate::failure::Failure;

/// Most characters of an expression that are shown before and behind the beginning of
/// the faulty part.
const AROUND: usize = 60;

/// What to say about `problem`, which has no place.
pub(crate) fn of(problem: &Problem) -> Failure {
    hinted(problem, Failure::new(Exit::Usage, problem.to_string()))
}

/// What to say about a faulty part of `expression`.
pub(crate) fn inside(expression: &str, error: &NodeSetError) -> Failure {
    if expression.trim().is_empty() {
        return Failure::new(Exit::Usage, "an empty node set")
            .hint("name nodes: `node[1-3]`, `@worker`, `@all!node2`");
    }
    let marked = marked(expression, error);
    let failure = Failure::new(Exit::Usage, format!("{error}\n{marked}"));
    hinted(&error.problem, failure)
}

/// The same, of a word in this line of standard input.
pub(crate) fn at_line(failure: &Failure, line: usize) -> Failure {
    let message = format!("standard input, line {line}: {failure}");
    let hints = failure.hints().iter();
    hints.fold(Failure::new(failure.exit(), message), |failure, hint| {
        failure.hint(hint.clone())
    })
}

fn hinted(problem: &Problem, failure: Failure) -> Failure {
    match problem {
        Problem::NoCluster(_) => failure.hint("name the cluster file with `-f FILE`"),
        Problem::UnknownNode { .. } => failure.hint("see all nodes: `bramble nodes @all`"),
        Problem::UnknownGroup { .. } => failure.hint("see all groups: `bramble nodes --groups`"),
        _ => failure,
    }
}

/// The expression, or what of it is near the faulty part, and a line that marks it.
fn marked(expression: &str, error: &NodeSetError) -> String {
    let before = expression.get(..error.at.start).unwrap_or_default();
    let part = expression.get(error.at.clone()).unwrap_or_default();
    let skipped = before.chars().count().saturating_sub(AROUND);
    let left = if skipped > 0 { "..." } else { "" };
    let before: String = before.chars().skip(skipped).collect();
    let rest = expression.get(error.at.start..).unwrap_or_default();
    let right = if rest.chars().count() > AROUND {
        "..."
    } else {
        ""
    };
    let rest: String = rest.chars().take(AROUND).collect();
    let indent = " ".repeat(left.len() + before.chars().count());
    let marks = "^".repeat(part.chars().count().clamp(1, AROUND));
    let plain = |text: &str| text.replace(char::is_control, " ");
    format!(
        "  {left}{}{}{right}\n  {indent}{marks}",
        plain(&before),
        plain(&rest)
    )
}

#[cfg(test)]
mod tests {
    use bramble_cluster::nodeset::{PlainNames, parse};

    use super::*;

    fn shown(expression: &str) -> String {
        inside(expression, &parse(expression, &PlainNames).unwrap_err()).to_string()
    }

    #[test]
    fn the_faulty_part_is_marked() {
        assert_eq!(
            shown("a,node[5-1],b"),
            "the range `5-1` runs backwards\n  a,node[5-1],b\n         ^^^"
        );
        assert_eq!(
            shown("a,é"),
            "`é` is no node's name: `é` cannot stand in a name\n  a,é\n    ^"
        );
        assert!(shown("a,").ends_with("\n  a,\n    ^"), "{}", shown("a,"));
    }

    #[test]
    fn of_a_long_expression_what_is_near_is_shown() {
        let long = format!("{}n[5-1],{}", "a,".repeat(500), "b,".repeat(500));
        let shown = shown(&long);
        let lines: Vec<_> = shown.lines().collect();
        assert!(lines[1].starts_with("  ...a,a,") && lines[1].ends_with("..."));
        let at = lines[2].find('^').unwrap();
        assert_eq!(&lines[1][at..at + 3], "5-1");
        assert_eq!(lines[2].trim_start(), "^^^");
    }
}
