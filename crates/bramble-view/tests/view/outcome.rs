//! Who came to no good end, and why.

use bramble_cluster::NodeName;
use bramble_converge::Unreachable;
use bramble_view::outcome::{Outcome, summary};

use crate::{plain, styled};

fn told(outcomes: impl IntoIterator<Item = Outcome>) -> String {
    let names = (1..).map(|nth: u32| format!("node{nth}").parse::<NodeName>().unwrap());
    summary(&names.zip(outcomes).collect::<Vec<_>>()).join("\n")
}

fn no_answer(nth: u32) -> Outcome {
    let reason = Unreachable::NoAnswer {
        address: format!("10.55.0.{nth}:22"),
        reason: "Connection refused (os error 111)".to_owned(),
    };
    Outcome::of(Err(reason), false)
}

fn too_slow(what: &str, begun: bool) -> Outcome {
    let what = what.to_owned();
    Outcome::of(Err(Unreachable::TooSlow { what, seconds: 5 }), begun)
}

#[test]
fn nothing_is_told_of_nodes_that_came_to_a_good_end() {
    assert_eq!(told([Outcome::Status(0), Outcome::Status(0)]), "");
    assert_eq!(told([]), "");
}

#[test]
fn failures_are_grouped_by_status_and_unreachable_nodes_told_apart() {
    let lost = Unreachable::Lost("the other side closed it".to_owned());
    let outcomes = [
        Outcome::Status(0),
        Outcome::Status(7),
        Outcome::Status(1),
        Outcome::Status(7),
        no_answer(5),
        Outcome::of(Err(lost), true),
        too_slow("the command", true),
        too_slow("the command", true),
        too_slow("connecting to 10.55.0.9:22", false),
    ];
    insta::assert_snapshot!(plain(&told(outcomes.clone())), @r"
    failed on 3 nodes: node[2,4] (exit 7), node3 (exit 1)
    timed out on 2 nodes: node[7-8] (the command took longer than 5 s)
    unreachable: node5 (no answer at 10.55.0.5:22: Connection refused (os error 111)), node6 (the connection was lost: the other side closed it), node9 (connecting to 10.55.0.9:22 took longer than 5 s)
    ");
    assert!(styled(&told(outcomes)).starts_with("^[[1m^[[31mfailed on 3 nodes:^[[0m "));
}

#[test]
fn the_same_mishap_on_many_nodes_is_told_once() {
    let refused = (1..=900).map(no_answer);
    let slow = (901..=1000).map(|nth| too_slow(&format!("connecting to 10.55.4.{nth}:22"), false));
    insta::assert_snapshot!(plain(&told(refused.chain(slow))), @"unreachable: node[1-900] (no answer: Connection refused (os error 111)), node[901-1000] (connecting took longer than 5 s)");
    let key = |nth: u32| Unreachable::WrongHostKey {
        expected: format!("SHA256:{nth}"),
        found: format!("SHA256:x{nth}"),
    };
    let keys = (1..=2).map(|nth| Outcome::of(Err(key(nth)), false));
    insta::assert_snapshot!(plain(&told(keys)), @"unreachable: node[1-2] (the host keys are not the ones pinned; name one node alone to see its keys)");
}

#[test]
fn why_the_way_is_closed_is_told_once() {
    let closed = || Unreachable::NoAnswer {
        address: "garden.local:22".to_owned(),
        reason: "the name is not known".to_owned(),
    };
    let behind = |_| {
        let reason = Unreachable::NoWay {
            via: "node1".parse().unwrap(),
            reason: Box::new(closed()),
        };
        Outcome::of(Err(reason), false)
    };
    let head = Outcome::of(Err(closed()), false);
    let all = [head].into_iter().chain((0..3).map(behind));
    insta::assert_snapshot!(plain(&told(all)), @"unreachable: node1 (no answer at garden.local:22: the name is not known), node[2-4] (behind node1)");
    let rest = [Outcome::Status(0)].into_iter().chain((0..3).map(behind));
    insta::assert_snapshot!(plain(&told(rest)), @"unreachable: node[2-4] (node1 is the way there, and could not be reached: no answer at garden.local:22: the name is not known)");
}

#[test]
fn what_was_interrupted_is_told_apart_from_what_was_not_begun() {
    let interrupted = |begun| Outcome::of(Err(Unreachable::Interrupted), begun);
    let outcomes = [interrupted(true), interrupted(false), interrupted(true)];
    insta::assert_snapshot!(plain(&told(outcomes)), @r"
    interrupted: node[1,3]
    not begun: node2
    ");
}

#[test]
fn a_reason_that_comes_from_elsewhere_cannot_act_on_a_terminal() {
    let reason = Unreachable::Lost("\u{1b}[2J\r".to_owned());
    let told = plain(&told([Outcome::of(Err(reason), false)]));
    assert_eq!(
        told,
        "unreachable: node1 (the connection was lost: ^[[2J^M)"
    );
    let unread = Unreachable::NoInput("gone".to_owned());
    let told = super::plain(&summary(&[("a".parse().unwrap(), Outcome::of(Err(unread), true))])[0]);
    assert_eq!(
        told,
        "failed on 1 node: a (what it was to be sent cannot be read: gone)"
    );
}
