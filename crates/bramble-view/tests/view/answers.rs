//! What many nodes answered: headings, and answers held against the usual one.

use bramble_cluster::nodeset::NodeSet;
use bramble_view::answers::{Look, Shape, difference, opening};

use crate::{plain, styled};

const PLAIN: Look = Look {
    harmless: false,
    coloured: false,
};

fn nodes(names: &[&str]) -> NodeSet {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

#[test]
fn one_line_stands_beside_its_nodes_and_several_below_and_silence_is_named() {
    let (several, one) = (nodes(&["node1", "node2", "node4"]), nodes(&["node3"]));
    let text = [
        opening(&several, Shape::Line),
        "6.12\n".to_owned(),
        opening(&one, Shape::Lines),
        "6.12\nLinux\n".to_owned(),
        opening(&nodes(&["head"]), Shape::Nothing),
    ];
    insta::assert_snapshot!(plain(&text.concat()), @r"
    node[1-2,4]: 6.12
    node3:
    6.12
    Linux
    head: (no output)
    ");
    insta::assert_snapshot!(styled(&text.concat()), @r"
    ^[[1mnode[1-2,4]:^[[0m 6.12
    ^[[1mnode3:^[[0m
    6.12
    Linux
    ^[[1mhead:^[[0m ^[[2m(no output)^[[0m
    ");
}

const USUAL: &str = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";

#[test]
fn an_answer_is_shown_by_what_differs_from_the_usual_one() {
    let most = nodes(&["node1", "node2", "node3"]);
    let odd = nodes(&["node4"]);
    let other = "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nk\n";
    let text = difference((&most, USUAL), (&odd, other), PLAIN);
    insta::assert_snapshot!(text, @r"
    node4: +1 -2 against node[1-3]
    @@ -1,5 +1,5 @@
     a
    -b
    +B
     c
     d
     e
    @@ -9,4 +9,3 @@
     i
     j
     k
    -l
    ");
    let coloured = Look {
        coloured: true,
        ..PLAIN
    };
    let text = difference((&most, "a\n"), (&odd, "a\nb\n"), coloured);
    insta::assert_snapshot!(styled(&text), @r"
    ^[[1mnode4:^[[0m +1 -0 against node[1-3]
    ^[[2m@@ -1 +1,2 @@^[[0m
     a
    ^[[32m+b^[[0m
    ");
}

#[test]
fn an_answer_that_differs_may_be_empty_or_no_text() {
    let (most, odd) = (nodes(&["node1", "node2"]), nodes(&["node4"]));
    let text = difference((&most, "a\n"), (&odd, ""), PLAIN);
    insta::assert_snapshot!(text, @r"
    node4: +0 -1 against node[1-2]
    @@ -1 +0,0 @@
    -a
    ");
    let text = difference((&most, "\u{fffd}\n"), (&odd, "\u{fffd}\n"), PLAIN);
    insta::assert_snapshot!(text, @"node4: differs only in bytes that are no text against node[1-2]");
}

#[test]
fn lines_that_differ_cannot_act_on_a_terminal_unless_they_may() {
    let (most, odd) = (nodes(&["node1", "node2"]), nodes(&["node4"]));
    let other = "a\n\u{1b}[2J\rnode9: ok\n";
    let harmless = Look {
        harmless: true,
        ..PLAIN
    };
    let text = difference((&most, "a\n"), (&odd, other), harmless);
    assert!(text.ends_with("+^[[2J^Mnode9: ok\n"), "{text}");
    let text = difference((&most, "a\n"), (&odd, other), PLAIN);
    assert!(text.ends_with("+\u{1b}[2J\rnode9: ok\n"), "{text}");
}

/// As long as answers may be that are compared.
#[test]
fn long_answers_without_a_common_line_are_compared_in_time() {
    let line = |letter: &str, nth: u32| format!("{letter} {nth} of many\n");
    let lines = |letter: &str| (0..60_000).map(|nth| line(letter, nth)).collect::<Vec<_>>();
    let lines = |letter: &str| lines(letter).concat();
    let (most, odd) = (nodes(&["node1"]), nodes(&["node2"]));
    let text = difference((&most, &lines("a")), (&odd, &lines("b")), PLAIN);
    assert!(text.starts_with("node2: +60000 -60000 against node1\n"));
}
