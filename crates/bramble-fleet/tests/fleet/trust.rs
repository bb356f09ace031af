//! Nobody but the holder of the pinned key is spoken to, on any path, and no
//! password ever leaves.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use bramble_converge::Unreachable;
use bramble_fleet::{Entry, Identity, keys};

use crate::sshd::{Sshd, ask, fleet, node, say};

fn impostor(entry: Entry) -> Entry {
    Entry {
        host_key: keys::generate("").unwrap().public,
        ..entry
    }
}

/// Asks node1 and returns why it was not reached.
fn refusal(sshd: &Sshd, entries: &[(&str, Entry)]) -> Unreachable {
    let fleet = sshd.fleet(entries);
    let reason = ask(&fleet, &["node1"], "touch reached")
        .remove(&node("node1"))
        .unwrap();
    assert!(
        !sshd.log().contains("Starting session: command"),
        "a command was run"
    );
    reason.unwrap_err()
}

fn wrong_key(sshd: &Sshd, pinned: &Entry) -> Unreachable {
    Unreachable::WrongHostKey {
        expected: keys::fingerprint(&pinned.host_key).unwrap(),
        found: keys::fingerprint(&sshd.host.public).unwrap(),
    }
}

#[test]
fn a_wrong_host_key_is_refused() {
    let Some(sshd) = Sshd::start() else { return };
    let entry = impostor(sshd.entry("127.0.0.1"));
    assert_eq!(
        refusal(&sshd, &[("node1", entry.clone())]),
        wrong_key(&sshd, &entry)
    );
    sshd.wait_for("Connection closed by 127.0.0.1");
    assert!(
        !sshd.log().contains("authenticating user"),
        "the account was named to a stranger"
    );
}

#[test]
fn a_wrong_host_key_of_the_jump_host_is_refused() {
    let Some(sshd) = Sshd::start() else { return };
    let head = impostor(sshd.entry("127.0.0.1"));
    let reason = Box::new(wrong_key(&sshd, &head));
    let found = refusal(
        &sshd,
        &[("head", head), ("node1", sshd.behind("127.0.0.2", "head"))],
    );
    assert_eq!(
        found,
        Unreachable::NoWay {
            via: node("head"),
            reason
        }
    );
    assert_eq!(sshd.connections_to("127.0.0.2"), 0);
}

#[test]
fn a_wrong_host_key_behind_the_jump_host_is_refused() {
    let Some(sshd) = Sshd::start() else { return };
    let target = impostor(sshd.behind("127.0.0.2", "head"));
    let expected = wrong_key(&sshd, &target);
    let entries = [("head", sshd.entry("127.0.0.1")), ("node1", target)];
    assert_eq!(refusal(&sshd, &entries), expected);
}

#[test]
fn a_host_key_of_another_type_is_refused() {
    let Some(sshd) = Sshd::start() else { return };
    let ecdsa = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENj\
                 QEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=";
    let entry = Entry {
        host_key: ecdsa.to_owned(),
        ..sshd.entry("127.0.0.1")
    };
    let reason = refusal(&sshd, &[("node1", entry)]).to_string();
    assert!(
        reason.contains("only keys of other types: ssh-ed25519"),
        "{reason}"
    );
}

#[test]
fn waiting_ends_at_once_for_a_wrong_host_key() {
    let Some(sshd) = Sshd::start() else { return };
    let (direct, head) = (impostor(sshd.entry("127.0.0.1")), sshd.entry("127.0.0.2"));
    let behind = impostor(sshd.behind("127.0.0.3", "head"));
    let entries = [
        ("node1", direct.clone()),
        ("head", head),
        ("node2", behind.clone()),
    ];
    let (start, mut ready) = (Instant::now(), Vec::new());
    let nodes = BTreeSet::from(["node1", "head", "node2"].map(node));
    let missing = sshd
        .fleet(&entries)
        .wait_ready(&nodes, Duration::from_secs(30), &mut |node| {
            ready.push(node.clone());
        });
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(ready, [node("head")]);
    assert_eq!(missing[&node("node1")], wrong_key(&sshd, &direct));
    assert_eq!(missing[&node("node2")], wrong_key(&sshd, &behind));
}

#[test]
fn a_key_that_is_not_allowed_is_refused_and_no_password_is_tried() {
    let Some(sshd) = Sshd::start() else { return };
    let key = Some(keys::generate("").unwrap().private);
    let identity = Identity {
        key,
        ..sshd.identity()
    };
    let fleet = fleet(&[("node1", sshd.entry("127.0.0.1"))], identity);
    let reason = ask(&fleet, &["node1"], "true")
        .remove(&node("node1"))
        .unwrap()
        .unwrap_err();
    let user = sshd.identity().user.to_string();
    assert_eq!(reason, Unreachable::Refused { user, offered: 1 });
    sshd.wait_for("Failed publickey");
    let log = sshd.log();
    assert!(
        !log.contains("Failed password") && !log.contains("Failed keyboard"),
        "{log}"
    );
}

#[test]
fn the_comment_of_a_pinned_key_does_not_matter() {
    let Some(sshd) = Sshd::start() else { return };
    let plain = sshd
        .host
        .public
        .split(' ')
        .take(2)
        .collect::<Vec<_>>()
        .join(" ");
    let entry = Entry {
        host_key: format!("{plain} someone@else\n"),
        ..sshd.entry("127.0.0.1")
    };
    assert_eq!(
        say(&sshd.fleet(&[("node1", entry)]), "node1", "echo hello"),
        "hello"
    );
}
