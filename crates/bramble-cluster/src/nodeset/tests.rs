//! Node sets as written in tests and by properties.

use proptest::prelude::*;

use super::*;

fn set(expression: &str) -> NodeSet {
    parse(expression, &PlainNames).unwrap()
}

fn expanded(expression: &str) -> String {
    set(expression)
        .iter()
        .map(NodeName::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The faulty part, marked, and what is wrong with it.
fn refused(expression: &str) -> String {
    let error = parse(expression, &PlainNames).unwrap_err();
    format!("{:?}: {error}", &expression[error.at.clone()])
}

#[test]
fn patterns_expand_in_the_order_of_counting() {
    assert_eq!(expanded("node[1-3,8]"), "node1 node2 node3 node8");
    assert_eq!(expanded("node[9-11]"), "node9 node10 node11");
    assert_eq!(expanded("node[08-10]"), "node08 node09 node10");
    assert_eq!(expanded("node[1-9/4]"), "node1 node5 node9");
    assert_eq!(expanded("r[1-2]n[1-2]"), "r1n1 r1n2 r2n1 r2n2");
    assert_eq!(expanded(" head , node10,node2 "), "head node2 node10");
}

#[test]
fn operators_are_taken_from_left_to_right() {
    assert_eq!(expanded("node[1-5]!node[2-3]"), "node1 node4 node5");
    assert_eq!(expanded("node[1-5]&node[4-8],head"), "head node4 node5");
    assert_eq!(expanded("node[1-3]^node[2-4]"), "node1 node4");
    assert_eq!(expanded("node1!node1,node1"), "node1");
}

#[test]
fn a_set_folds_to_the_shortest_text() {
    let folded = |expression: &str| set(expression).fold();
    assert_eq!(folded("node8,node[1-4],node5"), "node[1-5,8]");
    assert_eq!(folded("head"), "head");
    assert_eq!(folded("node1"), "node1");
    assert_eq!(folded("node[09-11],node[1-2]"), "node[1-2,09-11]");
    assert_eq!(folded("r1n[1-2],r2n[1-2]"), "r1n[1-2],r2n[1-2]");
    assert_eq!(folded("node1-a,node2-a,head"), "head,node[1-2]-a");
    assert_eq!(NodeSet::new().fold(), "");
}

#[test]
fn a_faulty_part_is_named() {
    assert_eq!(
        refused("node[1-5"),
        r#""[1-5": a `[` needs a range and a `]`, such as `[1-5,8]`"#
    );
    assert_eq!(
        refused("node[]"),
        r#""[]": a `[` needs a range and a `]`, such as `[1-5,8]`"#
    );
    assert_eq!(refused("a,node1]"), r#""]": this bracket has no partner"#);
    assert_eq!(refused("node[1,x-3]"), r#""x-3": `x` is no number"#);
    assert_eq!(
        refused("node[5-1]"),
        r#""5-1": the range `5-1` runs backwards"#
    );
    assert_eq!(
        refused("node[001-10]"),
        r#""001-10": both ends of the range `001-10` need the same number of digits"#
    );
    assert_eq!(refused("node[1-9/0]"), r#""1-9/0": a step of 0 never ends"#);
    assert_eq!(refused("a,,b"), r#""": a node's name is missing here"#);
    assert_eq!(refused(""), r#""": a node's name is missing here"#);
    assert_eq!(
        refused("a,@worker"),
        r#""@worker": a group such as `@worker` cannot stand here"#
    );
    assert_eq!(
        refused("a, Node[1-2]"),
        r#""Node[1-2]": `Node1` is no node's name: `N` cannot stand in a name"#
    );
}

#[test]
fn absurd_sizes_are_refused_before_they_cost_anything() {
    let too_many = "that is more than 100000 nodes";
    assert!(refused("n[1-18446744073709551615]").ends_with(too_many));
    assert!(refused("n[0-18446744073709551615]").ends_with(too_many));
    assert!(refused("n[1-9999][1-9999][1-9999][1-9999][1-9999]").ends_with(too_many));
    assert!(refused("n[1-90000],m[1-90000]").ends_with(too_many));
    assert!(refused("n[1-99999999999999999999]").ends_with("is no number"));
    let padding = format!("n[{}1]", "0".repeat(1_000_000));
    assert!(refused(&padding).ends_with("is no number"));
    assert_eq!(set("n[1-10000]").len(), 10_000);
}

/// Names such as clusters have: few prefixes, small numbers, some padding.
fn name() -> impl Strategy<Value = NodeName> {
    "(head|node|r[0-2]n)(0{0,2}[0-9]{1,2})?(-a)?".prop_map(|text| text.parse().unwrap())
}

fn any_set() -> impl Strategy<Value = NodeSet> {
    proptest::collection::btree_set(name().prop_map(Natural), 0..40).prop_map(NodeSet)
}

proptest! {
    #[test]
    fn folding_loses_nothing(nodes in any_set()) {
        prop_assume!(!nodes.is_empty());
        prop_assert_eq!(set(&nodes.fold()), nodes);
    }

    #[test]
    fn any_name_folds_and_comes_back(text in "[a-z0-9][a-z0-9-]{0,61}[a-z0-9]") {
        prop_assume!(text.parse::<NodeName>().is_ok());
        prop_assert_eq!(set(&set(&text).fold()), set(&text));
    }

    #[test]
    fn sets_obey_the_laws_of_algebra(a in any_set(), b in any_set(), c in any_set()) {
        prop_assert_eq!(a.union(&b), b.union(&a));
        prop_assert_eq!(a.intersection(&b), b.intersection(&a));
        prop_assert_eq!(a.union(&b).union(&c), a.union(&b.union(&c)));
        prop_assert_eq!(
            a.intersection(&b.union(&c)),
            a.intersection(&b).union(&a.intersection(&c))
        );
        prop_assert_eq!(a.difference(&b), a.difference(&a.intersection(&b)));
        prop_assert_eq!(
            a.symmetric_difference(&b),
            a.union(&b).difference(&a.intersection(&b))
        );
        prop_assert_eq!(a.union(&a), a.clone());
        prop_assert!(a.difference(&a).is_empty());
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[a-z0-9@\\[\\]\\-,!&^/ é]{0,40}") {
        if let Err(error) = parse(&text, &PlainNames) {
            prop_assert!(text.get(error.at).is_some());
        }
    }
}
