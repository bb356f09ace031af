//! What many nodes answered, each answer once. Not in here: the answers
//! themselves, which may be larger than memory; whoever has them writes them
//! between what is made here.

mod difference;
mod line;
mod under_way;

use std::collections::BTreeMap;

use bramble_cluster::nodeset::NodeSet;

pub use difference::{LONGEST, Look, difference};
pub use line::Prefixes;
pub use under_way::under_way;

use crate::style::Label;

/// How many lines an answer has, which decides how it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// None at all.
    Nothing,
    /// One: it stands beside its nodes.
    Line,
    /// Several: they stand below.
    Lines,
}

/// The places of equal answers together, in order of the first of each.
pub fn grouped<K: Ord>(answers: impl IntoIterator<Item = (usize, K)>) -> Vec<Vec<usize>> {
    let mut known = BTreeMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (place, answer) in answers {
        let group = *known.entry(answer).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(place);
    }
    groups
}

/// The largest of the groups, the first of several that are equally large.
pub fn majority(groups: &[Vec<usize>]) -> Option<usize> {
    let larger = |(place, group): &(usize, &Vec<usize>)| (group.len(), usize::MAX - place);
    let largest = groups.iter().enumerate().max_by_key(larger)?;
    Some(largest.0)
}

/// What stands before an answer of this shape. The answer follows, and a line feed
/// unless it ends with one.
pub fn opening(nodes: &NodeSet, shape: Shape) -> String {
    let heading = Label::Heading.paint(format!("{nodes}:"));
    match shape {
        Shape::Nothing => format!("{heading} {}", Label::Quiet.paint("(no output)")),
        Shape::Line => format!("{heading} "),
        Shape::Lines => format!("{heading}\n"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn groups_stand_in_the_order_of_their_first_node() {
        let answers = ["b", "a", "b", "c", "a"].into_iter().enumerate();
        assert_eq!(grouped(answers), [vec![0, 2], vec![1, 4], vec![3]]);
        assert!(grouped::<u8>([]).is_empty());
    }

    #[test]
    fn the_majority_is_the_largest_group_and_of_equals_the_first() {
        assert_eq!(majority(&[vec![0], vec![1, 2], vec![3, 4]]), Some(1));
        assert_eq!(majority(&[]), None);
    }

    proptest! {
        #[test]
        fn every_node_is_in_one_group_beside_those_with_the_same_answer(
            answers in vec(0..5_u8, 0..1000),
        ) {
            let groups = grouped(answers.iter().copied().enumerate());
            let mut all: Vec<_> = groups.concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..answers.len()).collect::<Vec<_>>());
            for group in &groups {
                prop_assert!(group.iter().all(|&at| answers[at] == answers[group[0]]));
                prop_assert!(group.is_sorted());
            }
            prop_assert!(groups.is_sorted_by_key(|group| group[0]));
            let kinds: std::collections::BTreeSet<_> = answers.iter().collect();
            prop_assert_eq!(groups.len(), kinds.len());
        }
    }
}
