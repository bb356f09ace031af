//! Expressions over node sets: `@worker!node3`. Not in here: how one pattern
//! expands (`pattern`).

use std::ops::Range;

use super::error::{NodeSetError, Problem};
use super::gather::Gatherer;
use super::pattern::{self, Pattern};
use super::{LIMIT, NodeSet};

/// What an expression may name.
pub trait Names {
    /// The nodes of the group `@name`, or of `@source:name`.
    fn group(&self, source: Option<&str>, name: &str) -> Result<NodeSet, Problem>;

    /// Whether all of `nodes` may be named.
    fn check(&self, nodes: &NodeSet) -> Result<(), Problem>;
}

/// Any name and no groups: what fits where new nodes get their names.
#[derive(Debug, Clone, Copy)]
pub struct PlainNames;

impl Names for PlainNames {
    fn group(&self, source: Option<&str>, name: &str) -> Result<NodeSet, Problem> {
        let source = source.map(|source| format!("{source}:"));
        Err(Problem::NoGroups(source.unwrap_or_default() + name))
    }

    fn check(&self, _nodes: &NodeSet) -> Result<(), Problem> {
        Ok(())
    }
}

/// Reads `expression`, in which `names` says who is who; at most [`LIMIT`] nodes.
pub fn parse(expression: &str, names: &dyn Names) -> Result<NodeSet, NodeSetError> {
    parse_at_most(expression, names, LIMIT)
}

/// Reads `expression`, whose terms may have at most `limit` names together.
pub fn parse_at_most(
    expression: &str,
    names: &dyn Names,
    limit: usize,
) -> Result<NodeSet, NodeSetError> {
    let mut set = NodeSet::new();
    let mut left = limit;
    let terms = terms(expression);
    // Taking away a thousand sets, or adding them, is one operation.
    let one_operation = |a: &Term<'_>, b: &Term<'_>| {
        a.operator == b.operator && matches!(a.operator, Operator::Or | Operator::Not)
    };
    for same in terms.chunk_by(one_operation) {
        let mut operand = Gatherer::new(limit);
        for term in same {
            let nodes = term
                .read(left, names)
                .map_err(|error| error.of_all(limit))?;
            left = left.saturating_sub(nodes.len());
            operand
                .add_set(nodes)
                .map_err(|problem| term.fail(problem))?;
        }
        let operand = operand.finish().map_err(|problem| same[0].fail(problem))?;
        set = same[0].operator.apply(set, operand);
    }
    Ok(set)
}

/// What stands between two terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Or,
    Not,
    And,
    Xor,
}

/// A pattern or group, with the operator before it. The first has the operator of a
/// union, which with an empty set is itself.
#[derive(Debug)]
struct Term<'a> {
    operator: Operator,
    text: &'a str,
    /// Where the text begins in the expression.
    at: usize,
}

impl Operator {
    fn of(c: char) -> Option<Self> {
        match c {
            ',' => Some(Self::Or),
            '!' => Some(Self::Not),
            '&' => Some(Self::And),
            '^' => Some(Self::Xor),
            _ => None,
        }
    }

    fn apply(self, set: NodeSet, operand: NodeSet) -> NodeSet {
        match self {
            Self::Or => set.combined(operand, |here, there| here || there),
            Self::Not => set.combined(operand, |here, there| here && !there),
            Self::And => set.combined(operand, |here, there| here && there),
            Self::Xor => set.combined(operand, |here, there| here != there),
        }
    }
}

/// The terms of an expression. Where an operator has none beside it, there is a term
/// without text.
fn terms(expression: &str) -> Vec<Term<'_>> {
    let mut terms = Vec::new();
    let (mut operator, mut from, mut depth) = (Some(Operator::Or), 0, 0_usize);
    // One more character ends the last term.
    let ended = expression.char_indices().chain([(expression.len(), '\n')]);
    for (at, c) in ended {
        depth = match c {
            '[' => depth + 1,
            ']' => depth.saturating_sub(1),
            _ if at == expression.len() => 0,
            _ => depth,
        };
        let next = Operator::of(c);
        if depth > 0 || (next.is_none() && !c.is_whitespace()) {
            continue;
        }
        // White space alone is a union; beside an operator it is nothing.
        if from < at || (next.is_some() && operator.is_some()) {
            terms.push(Term {
                operator: operator.take().unwrap_or(Operator::Or),
                text: &expression[from..at],
                at: from,
            });
        }
        operator = next.or(operator);
        from = at + c.len_utf8();
    }
    if let Some(operator) = operator {
        terms.push(Term {
            operator,
            text: "",
            at: expression.len(),
        });
    }
    terms
}

impl Term<'_> {
    fn fail(&self, problem: Problem) -> NodeSetError {
        NodeSetError {
            at: self.place(),
            problem,
        }
    }

    fn place(&self) -> Range<usize> {
        self.at..self.at + self.text.len()
    }

    /// The nodes that it names, at most `limit`.
    fn read(&self, limit: usize, names: &dyn Names) -> Result<NodeSet, NodeSetError> {
        if self.text.is_empty() {
            return Err(self.fail(Problem::Empty));
        }
        if let Some(group) = self.text.strip_prefix('@') {
            let nodes = self.group(group, names)?;
            let fits = nodes.len() <= limit;
            return if fits {
                Ok(nodes)
            } else {
                Err(self.fail(Problem::TooMany(limit)))
            };
        }
        let pattern = Pattern::read(self.text, self.at)?;
        let nodes = pattern.nodes(limit).map_err(|problem| self.fail(problem))?;
        names.check(&nodes).map_err(|problem| self.fail(problem))?;
        Ok(nodes)
    }

    /// The nodes of `@group`; of several if its name is a pattern.
    fn group(&self, group: &str, names: &dyn Names) -> Result<NodeSet, NodeSetError> {
        let (source, name) = match group.split_once(':') {
            Some((source, name)) => (Some(source), name),
            None => (None, group),
        };
        let at = self.at + self.text.len() - name.len();
        let mut nodes = NodeSet::new();
        for name in pattern::words(name, at)? {
            let group = names.group(source, &name);
            nodes.absorb(group.map_err(|problem| self.fail(problem))?);
        }
        Ok(nodes)
    }
}
