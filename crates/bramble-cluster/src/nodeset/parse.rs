//! Expressions over node sets: `@worker!node3`. Not in here: how one pattern
//! expands (`pattern`).

use super::error::{NodeSetError, Problem};
use super::{LIMIT, NodeSet, pattern};
use crate::name::NodeName;

/// What an expression may name.
pub trait Names {
    /// The nodes of the group `@name`.
    fn group(&self, name: &str) -> Result<NodeSet, Problem>;

    /// Whether a node may be named `name`.
    fn node(&self, name: &NodeName) -> Result<(), Problem>;
}

/// Any name and no groups: what fits where new nodes get their names.
#[derive(Debug, Clone, Copy)]
pub struct PlainNames;

impl Names for PlainNames {
    fn group(&self, name: &str) -> Result<NodeSet, Problem> {
        Err(Problem::NoGroups(name.to_owned()))
    }

    fn node(&self, _name: &NodeName) -> Result<(), Problem> {
        Ok(())
    }
}

/// Reads `expression`, in which `names` says who is who.
pub fn parse(expression: &str, names: &dyn Names) -> Result<NodeSet, NodeSetError> {
    let mut set = NodeSet::new();
    let mut left = LIMIT;
    for (operator, term, at) in terms(expression) {
        let operand = read_term(term, at, left, names)?;
        left = left.saturating_sub(operand.len());
        set = match operator {
            '!' => set.difference(&operand),
            '&' => set.intersection(&operand),
            '^' => set.symmetric_difference(&operand),
            _ => set.union(&operand),
        };
    }
    Ok(set)
}

/// The terms of an expression, each with the operator before it and its place.
/// The first has the operator of a union, which with an empty set is itself.
fn terms(expression: &str) -> Vec<(char, &str, usize)> {
    let mut terms = Vec::new();
    let (mut operator, mut from, mut depth) = (',', 0, 0_usize);
    for (at, c) in expression.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            ',' | '!' | '&' | '^' if depth == 0 => {
                terms.push((operator, &expression[from..at], from));
                (operator, from) = (c, at + 1);
            }
            _ => {}
        }
    }
    terms.push((operator, &expression[from..], from));
    terms
}

fn read_term(
    term: &str,
    at: usize,
    limit: usize,
    names: &dyn Names,
) -> Result<NodeSet, NodeSetError> {
    let trimmed = term.trim();
    let start = at + (term.len() - term.trim_start().len());
    let fail = |problem| NodeSetError {
        at: start..start + trimmed.len(),
        problem,
    };
    if trimmed.is_empty() {
        return Err(NodeSetError {
            at: at..at + term.len(),
            problem: Problem::Empty,
        });
    }
    if let Some(group) = trimmed.strip_prefix('@') {
        return names.group(group).map_err(fail);
    }
    let expanded = pattern::expand(trimmed, start, limit)?;
    expanded
        .iter()
        .try_for_each(|name| names.node(name))
        .map_err(fail)?;
    Ok(expanded.into_iter().collect())
}
