//! Node sets as written in tests and by properties.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn set(expression: &str) -> NodeSet {
    parse(expression, &PlainNames).unwrap()
}

fn expanded(expression: &str) -> String {
    set(expression)
        .iter()
        .map(|name| name.to_string())
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
    assert_eq!(expanded("n[1, 3 - 4]"), "n1 n3 n4");
    assert_eq!(
        expanded("n[1-2]-ib,n[1-3],n"),
        "n n1 n1-ib n2 n2-ib n3",
        "shapes that begin alike are counted through together"
    );
    assert_eq!(expanded("r2n1,r10n1,r2n10,r2n9"), "r2n1 r2n9 r2n10 r10n1");
}

#[test]
fn digits_beside_a_bracket_belong_to_its_number() {
    assert_eq!(expanded("n1[0-2]"), "n10 n11 n12");
    assert_eq!(expanded("n[0-1]1"), "n01 n11");
    assert_eq!(expanded("n[1-2][3-4]"), "n13 n14 n23 n24");
    assert_eq!(expanded("n0[9-10]"), "n09 n010");
    assert_eq!(set("n1[0-5]").fold(), "n[10-15]");
    let long = "9".repeat(30);
    assert_eq!(expanded(&format!("n{long}")), format!("n{long}"));
    assert!(refused(&format!("n{long}[1-2]")).ends_with("has more than 17 digits"));
    assert!(refused("n[1-200000000000000000/99999999999999999]").ends_with("17 digits"));
}

#[test]
fn padding_is_part_of_a_number() {
    assert_eq!(expanded("n[1-2,01-02,001]"), "n1 n2 n01 n02 n001");
    assert_eq!(set("n01!n1").fold(), "n01");
    assert_eq!(set("n[1-10]&n[01-10]").fold(), "n10");
    assert_eq!(set("n[01-100]").fold(), "n[01-99,100]");
    assert_eq!(set("n[5-9],n[08-12]").fold(), "n[5-9,08-12]");
    assert!(!set("n[1-20]").contains(&"n01".parse().unwrap()));
    assert!(set("n[1-20]").contains(&"n20".parse().unwrap()));
    assert!(set("r1n[01-20]").contains(&"r1n07".parse().unwrap()));
    assert!(!set("r1n[01-20]").contains(&"r2n07".parse().unwrap()));
}

#[test]
fn operators_are_taken_from_left_to_right() {
    assert_eq!(expanded("node[1-5]!node[2-3]"), "node1 node4 node5");
    assert_eq!(expanded("node[1-5]&node[4-8],head"), "head node4 node5");
    assert_eq!(expanded("node[1-3]^node[2-4]"), "node1 node4");
    assert_eq!(expanded("node1!node1,node1"), "node1");
    assert_eq!(expanded("b a  n[1-3] ! n2\t! n3"), "a b n1");
    assert_eq!(expanded("a&a^b^b^c"), "a c");
}

#[test]
fn a_set_folds_to_the_shortest_text() {
    let folded = |expression: &str| set(expression).fold();
    assert_eq!(folded("node8,node[1-4],node5"), "node[1-5,8]");
    assert_eq!(folded("head"), "head");
    assert_eq!(folded("node1"), "node1");
    assert_eq!(folded("node[09-11],node[1-2]"), "node[1-2,09-11]");
    assert_eq!(folded("n[8-12],n99,n100"), "n[8-12,99-100]");
    assert_eq!(folded("node1-a,node2-a,head"), "head,node[1-2]-a");
    assert_eq!(NodeSet::new().fold(), "");
}

#[test]
fn every_number_in_a_name_folds() {
    let folded = |expression: &str| set(expression).fold();
    assert_eq!(folded("r1n1,r1n2,r2n1,r2n2"), "r[1-2]n[1-2]");
    assert_eq!(folded("r[1-3]n[1-3]!r2n2"), "r[1,3]n[1-3],r2n[1,3]");
    assert_eq!(
        folded("r[1-2]n[1-8],r[2-3]n[9-16]"),
        "r[1-2]n[1-8],r[2-3]n[9-16]"
    );
    assert_eq!(folded("r[1-2]n[1-2],r1n01,r2n01"), "r[1-2]n[1-2,01]");
    assert_eq!(
        folded("a[1-9]b[1-9]c[1-9]!a5b5c5"),
        "a[1-4,6-9]b[1-9]c[1-9],a5b[1-4,6-9]c[1-9],a5b5c[1-4,6-9]"
    );
    assert_eq!(
        folded("a[1-2]b[1-2]c[1-2]d[1-2]e[1-2]"),
        "a[1-2]b[1-2]c[1-2]d[1-2]e[1-2]"
    );
    assert_eq!(folded("1a2,1a3"), "1a[2-3]");
}

#[test]
fn folding_a_grid_without_pattern_costs_no_more_than_a_second() {
    let names = (0..40_000_u64).map(|n| {
        let n = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        format!("r{}n{}", n % 300, n / 300 % 300).parse().unwrap()
    });
    let nodes: NodeSet = names.collect();
    let text = nodes.fold();
    assert_eq!(parse_at_most(&text, &PlainNames, 1_000_000).unwrap(), nodes);
}

#[test]
fn a_set_splits_into_parts_as_equal_as_can_be() {
    let parts = |expression: &str, count| {
        let parts = set(expression).split(count);
        parts.iter().map(NodeSet::fold).collect::<Vec<_>>()
    };
    assert_eq!(parts("n[1-7]", 3), ["n[1-3]", "n[4-5]", "n[6-7]"]);
    assert_eq!(parts("b,a", 5), ["a", "b"]);
    assert_eq!(parts("a!a", 5), [""; 0]);
}

#[test]
fn names_are_gathered_in_any_order_and_number() {
    let mut gatherer = Gatherer::new(10);
    for turn in 0..100 {
        let name = format!("n{}", turn * 7 % 10);
        assert_eq!(gatherer.add_name(name.as_bytes()), Ok(true));
    }
    for no_name in ["N1", "", "a_b", "a b", "-a", "a-", "12", "é"] {
        assert_eq!(
            gatherer.add_name(no_name.as_bytes()),
            Ok(false),
            "{no_name}"
        );
    }
    assert_eq!(gatherer.clone().finish().unwrap().fold(), "n[0-9]");
    gatherer.add_name(b"one-more").unwrap();
    assert_eq!(gatherer.finish(), Err(Problem::TooMany(10)));
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
    assert_eq!(refused("a,"), r#""": a node's name is missing here"#);
    assert_eq!(refused("!a"), r#""": a node's name is missing here"#);
    assert_eq!(refused("a ! ! b"), r#""": a node's name is missing here"#);
    assert_eq!(refused(" "), r#""": a node's name is missing here"#);
    assert_eq!(refused(""), r#""": a node's name is missing here"#);
    assert_eq!(
        refused("a,@worker"),
        r#""@worker": a group such as `@worker` cannot stand here"#
    );
    assert_eq!(
        refused("a,@board:rpi[4-5]"),
        r#""@board:rpi[4-5]": a group such as `@board:rpi4` cannot stand here"#
    );
    assert!(refused("@g[1-2000]").ends_with("that is more than 1000 groups"));
    let long = format!("a[1-9]-[1,1000]-{}", "a".repeat(56));
    assert!(
        refused(&long).ends_with("this has 64"),
        "{}",
        refused(&long)
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
    assert!(refused("n[1-90000],n[1-90000/9],m[1-90000]").ends_with(too_many));
    assert!(refused("n[1-99999999999999999999]").ends_with("is no number"));
    let padding = format!("n[{}1]", "0".repeat(1_000_000));
    assert!(refused(&padding).ends_with("is no number"));
    assert_eq!(set("n[1-10000]").len(), 10_000);
    let a_million = parse_at_most("n[1-1000000]", &PlainNames, 4_000_000).unwrap();
    assert_eq!(
        (a_million.len(), a_million.fold()),
        (1_000_000, "n[1-1000000]".to_owned())
    );
}

/// Names such as clusters have: few prefixes, small numbers, some padding.
fn name() -> impl Strategy<Value = NodeName> {
    "(head|node|r[0-2]n|a0?[0-3]b[0-3]c)(0{0,2}[0-9]{1,2})?(-a)?"
        .prop_map(|text| text.parse().unwrap())
}

fn any_set() -> impl Strategy<Value = NodeSet> {
    members().prop_map(|names| names.into_iter().collect())
}

fn members() -> impl Strategy<Value = BTreeSet<NodeName>> {
    proptest::collection::btree_set(name(), 0..40)
}

proptest! {
    #[test]
    fn a_set_is_what_a_set_of_texts_is(a in members(), b in members()) {
        let set = |names: &BTreeSet<NodeName>| names.iter().cloned().collect::<NodeSet>();
        let (x, y) = (set(&a), set(&b));
        prop_assert_eq!(x.union(&y), set(&(&a | &b)));
        prop_assert_eq!(x.intersection(&y), set(&(&a & &b)));
        prop_assert_eq!(x.difference(&y), set(&(&a - &b)));
        prop_assert_eq!(x.symmetric_difference(&y), set(&(&a ^ &b)));
        prop_assert_eq!(x.len(), a.len());
        prop_assert!(b.iter().all(|name| x.contains(name) == a.contains(name)));
        prop_assert_eq!(x.iter().collect::<BTreeSet<_>>(), a);
        let texts: Vec<_> = x.iter().map(|name| name.to_string()).collect();
        let in_order = |pair: &[String]| {
            natural::compare(pair[0].as_bytes(), pair[1].as_bytes()).is_lt()
        };
        prop_assert!(texts.windows(2).all(in_order), "{texts:?}");
    }

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
