//! Through the head, over one connection.

use std::collections::BTreeMap;

use bramble_converge::{Transport as _, Unreachable};
use bramble_fleet::Entry;

use crate::sshd::{Sshd, ask, free_port, node, request, say};

/// The head, and `count` nodes behind it.
fn behind_head(sshd: &Sshd, count: usize) -> (Vec<String>, Vec<Entry>) {
    let names = (1..=count).map(|n| format!("node{n}")).collect();
    let entries = (1..=count)
        .map(|n| sshd.behind(&format!("127.0.1.{n}"), "head"))
        .collect();
    (names, entries)
}

#[test]
fn twenty_nodes_share_one_connection_to_a_stock_head() {
    let Some(head) = Sshd::start() else { return };
    // As one server stands for all twenty, it sees twenty logins at once.
    let Some(rack) = Sshd::start_with(&[], "MaxStartups 100") else {
        return;
    };
    std::fs::copy(
        head.dir.path().join("authorized"),
        rack.dir.path().join("authorized"),
    )
    .unwrap();
    let (names, entries) = behind_head(&rack, 20);
    let mut book = vec![("head", head.entry("127.0.0.1"))];
    book.extend(names.iter().map(String::as_str).zip(entries));
    let fleet = head.fleet(&book);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for _ in 0..2 {
        let answers = ask(&fleet, &names, "true");
        let failed: Vec<_> = answers
            .iter()
            .filter(|(_, answer)| answer.is_err())
            .collect();
        assert!(failed.is_empty(), "{failed:?}");
    }
    assert_eq!(head.connections_to("127.0.0.1"), 1);
    assert_eq!(say(&fleet, "head", "echo me too"), "me too");
    assert_eq!(head.connections_to("127.0.0.1"), 2);
    assert_eq!(rack.connections_to("127.0.1.7"), 1);
}

#[test]
fn large_input_and_output_of_several_nodes_do_not_block_each_other() {
    let Some(sshd) = Sshd::start() else { return };
    let (names, entries) = behind_head(&sshd, 4);
    let mut book = vec![("head", sshd.entry("127.0.0.1"))];
    book.extend(names.iter().map(String::as_str).zip(entries));
    let input: Vec<u8> = b"0123456789abcde\n".repeat(5 << 16);
    let requests: BTreeMap<_, _> = names
        .iter()
        .map(|name| (node(name), request("cat", &input)))
        .collect();
    let answers = sshd.fleet(&book).exchange(requests, &mut |_, _| {});
    for (node, answer) in answers {
        assert!(
            answer.unwrap().output == input,
            "the output of {node} is not its input"
        );
    }
}

#[test]
fn a_head_that_is_down_is_the_reason_of_all_behind_it() {
    let Some(sshd) = Sshd::start() else { return };
    let head = Entry {
        port: free_port(),
        ..sshd.entry("127.0.0.1")
    };
    let address = format!("127.0.0.1:{}", head.port);
    let fleet = sshd.fleet(&[("head", head), ("node1", sshd.behind("127.0.0.2", "head"))]);
    let reason = ask(&fleet, &["node1"], "true")
        .remove(&node("node1"))
        .unwrap()
        .unwrap_err();
    let refused = "Connection refused (os error 111)".to_owned();
    let reason_of_head = Box::new(Unreachable::NoAnswer {
        address,
        reason: refused,
    });
    assert_eq!(
        reason,
        Unreachable::NoWay {
            via: node("head"),
            reason: reason_of_head
        }
    );
}

#[test]
fn a_node_that_the_head_does_not_reach_is_named_itself() {
    let Some(sshd) = Sshd::start() else { return };
    let down = Entry {
        port: free_port(),
        ..sshd.behind("127.0.0.2", "head")
    };
    let address = format!("127.0.0.2:{}", down.port);
    let fleet = sshd.fleet(&[("head", sshd.entry("127.0.0.1")), ("node1", down)]);
    let reason = ask(&fleet, &["node1"], "true")
        .remove(&node("node1"))
        .unwrap()
        .unwrap_err();
    let expected = "head cannot connect to it; is it on, and on the same network?".to_owned();
    assert_eq!(
        reason,
        Unreachable::NoAnswer {
            address,
            reason: expected
        }
    );
}

#[test]
fn two_jumps_in_a_row_work() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[
        ("door", sshd.entry("127.0.0.1")),
        ("head", sshd.behind("127.0.0.2", "door")),
        ("node1", sshd.behind("127.0.0.3", "head")),
    ]);
    assert_eq!(
        say(&fleet, "node1", "echo $SSH_CONNECTION | cut -d' ' -f3"),
        "127.0.0.3"
    );
}
