//! Why a node gave no answer, in words for people, each thing told once. Not in here:
//! what can be done about it, which the command knows.

use std::collections::BTreeSet;

use bramble_cluster::NodeName;
use bramble_converge::Unreachable;

/// Why a node is out. Of `told` it is said beside why they are out themselves: a node
/// behind one of them needs no more than that.
pub fn reason(why: &Unreachable, told: &BTreeSet<&NodeName>) -> String {
    match why {
        Unreachable::NoWay { via, .. } if told.contains(via) => format!("behind {via}"),
        Unreachable::NoWay { via, reason: why } => format!(
            "{via} is the way there, and could not be reached: {}",
            reason(why, told)
        ),
        why => why.to_string(),
    }
}

/// The same without what is particular about the node, so that the same mishap on many
/// nodes is told once. Nothing where all of it may be the same.
pub(crate) fn gist(why: &Unreachable) -> Option<String> {
    match why {
        Unreachable::NoAnswer { reason, .. } => Some(format!("no answer: {reason}")),
        Unreachable::TooSlow { seconds, .. } => {
            Some(format!("connecting took longer than {seconds} s"))
        }
        Unreachable::WrongHostKey { .. } => Some(
            "the host keys are not the ones pinned; name one node alone to see its keys".to_owned(),
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_behind_one_of_which_the_reason_is_told_is_only_behind_it() {
        let head: NodeName = "head".parse().unwrap();
        let why = Unreachable::NoWay {
            via: head.clone(),
            reason: Box::new(Unreachable::Lost("reset".to_owned())),
        };
        assert_eq!(reason(&why, &[&head].into()), "behind head");
        assert_eq!(
            reason(&why, &BTreeSet::new()),
            "head is the way there, and could not be reached: the connection was lost: reset"
        );
    }

    #[test]
    fn a_wrong_key_is_told_with_both_also_where_it_is_the_one_of_a_node_in_between() {
        let why = Unreachable::NoWay {
            via: "head".parse().unwrap(),
            reason: Box::new(Unreachable::WrongHostKey {
                expected: "SHA256:a".to_owned(),
                found: "SHA256:b".to_owned(),
            }),
        };
        let told = reason(&why, &BTreeSet::new());
        assert!(told.contains("expected SHA256:a, got SHA256:b"), "{told}");
        assert!(!told.contains("bramble"), "{told}");
    }
}
