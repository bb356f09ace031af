//! Somebody else than the cluster's account, at one node only. A password that is right
//! takes a server that may look it up: see the scenarios in the twin.

use bramble_cluster::Secret;
use bramble_converge::Unreachable;
use bramble_fleet::{Entry, Fleet, Guest, GuestBy};

use crate::sshd::{Sshd, ask, fleet, node, user};

fn by_keys(keys: &[&Sshd]) -> Guest {
    let keys = keys.iter().map(|sshd| sshd.login.private.clone());
    Guest {
        user: user(),
        by: GuestBy::Keys(keys.collect()),
    }
}

fn by_password() -> Guest {
    Guest {
        user: user(),
        by: GuestBy::Password(Secret::new("no such password".to_owned())),
    }
}

/// Why node1 did not answer.
fn refusal(fleet: &Fleet) -> Unreachable {
    let mut answers = ask(fleet, &["node1"], "true");
    answers.remove(&node("node1")).unwrap().unwrap_err()
}

#[test]
fn a_guest_is_let_in_by_a_key_of_its_own_and_the_head_by_the_clusters() {
    let (Some(head), Some(board)) = (Sshd::start(), Sshd::start()) else {
        return;
    };
    let entries: [(&str, Entry); 2] = [
        ("head", head.entry("127.0.0.1")),
        ("node1", board.behind("127.0.0.2", "head")),
    ];
    let ours = || fleet(&entries, head.identity());
    assert!(matches!(
        refusal(&ours()),
        Unreachable::Refused { offered: 1, .. }
    ));
    // A key that is not allowed there is passed over.
    let guest = ours().with_guest(node("node1"), by_keys(&[&head, &board]));
    let answers = ask(&guest, &["head", "node1"], "echo in");
    for name in ["head", "node1"] {
        assert_eq!(
            answers[&node(name)].as_ref().unwrap().output,
            b"in\n",
            "{name}"
        );
    }
}

#[test]
fn a_guest_without_the_right_key_is_refused() {
    let (Some(board), Some(other)) = (Sshd::start(), Sshd::start()) else {
        return;
    };
    let entries = [("node1", board.entry("127.0.0.1"))];
    let guest = fleet(&entries, board.identity()).with_guest(node("node1"), by_keys(&[&other]));
    assert!(matches!(
        refusal(&guest),
        Unreachable::Refused { offered: 1, .. }
    ));
}

#[test]
fn a_wrong_password_is_told_from_a_server_that_takes_none() {
    let Some(takes) = Sshd::start() else { return };
    let Some(takes_none) = Sshd::start_with(&[], "AuthenticationMethods publickey") else {
        return;
    };
    let offered = |sshd: &Sshd| {
        let entries = [("node1", sshd.entry("127.0.0.1"))];
        let guest = fleet(&entries, sshd.identity()).with_guest(node("node1"), by_password());
        match refusal(&guest) {
            Unreachable::Refused { offered, .. } => offered,
            other => panic!("{other}"),
        }
    };
    assert_eq!(offered(&takes), 1);
    assert_eq!(offered(&takes_none), 0);
}

#[test]
fn a_guest_believes_the_pinned_key_alone_and_shows_it_no_password() {
    let (Some(board), Some(other)) = (Sshd::start(), Sshd::start()) else {
        return;
    };
    let entry = Entry {
        host_key: other.host.public.clone(),
        ..board.entry("127.0.0.1")
    };
    let guest = fleet(&[("node1", entry)], board.identity());
    let guest = guest.with_guest(node("node1"), by_password());
    assert!(matches!(refusal(&guest), Unreachable::WrongHostKey { .. }));
    assert!(!board.log().contains("Failed password"), "{}", board.log());
}
