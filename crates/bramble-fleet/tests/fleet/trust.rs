//! Nobody but the holder of the pinned key is spoken to, on any path, and no
//! password ever leaves.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use bramble_converge::Unreachable;
use bramble_fleet::{AddressBook, Entry, Fleet, Identity, keys, look};

use crate::keeper::Home;
use crate::sshd::{Sshd, ask, fleet, node, say};

fn impostor(entry: Entry) -> Entry {
    Entry {
        host_key: keys::generate("").unwrap().public,
        ..entry
    }
}

/// Asks node1 and returns why it was not reached: the same over connections of its
/// own and through a keeper, with a command and while waiting.
fn refusal(sshd: &Sshd, entries: &[(&str, Entry)]) -> Unreachable {
    let home = Home::new();
    let ways = [sshd.fleet(entries), home.kept(sshd, entries)];
    let mut reasons: Vec<_> = ways.iter().flat_map(refusals).collect();
    assert!(
        !sshd.log().contains("Starting session: command"),
        "a command was run"
    );
    reasons.dedup();
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    reasons.remove(0)
}

fn refusals(fleet: &Fleet) -> [Unreachable; 2] {
    let name = node("node1");
    let asked = ask(fleet, &["node1"], "touch reached").remove(&name);
    let nodes = BTreeSet::from([name.clone()]);
    let waited = fleet.wait_ready(&nodes, Duration::from_secs(5), &mut |_| {});
    [asked.unwrap().unwrap_err(), waited[&name].clone()]
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

/// Looks at the key of node1.
fn seen(sshd: &Sshd, entries: &[(&str, Entry)]) -> Result<String, Unreachable> {
    let entries = entries
        .iter()
        .map(|(name, entry)| (node(name), entry.clone()));
    let book = AddressBook {
        entries: entries.collect(),
    };
    look(
        &book,
        &sshd.identity(),
        &node("node1"),
        &AtomicBool::new(false),
    )
}

/// Type and key, without the comment.
fn bare(key: &str) -> Vec<&str> {
    key.split_whitespace().take(2).collect()
}

#[test]
fn a_key_is_looked_at_without_naming_an_account() {
    let Some(sshd) = Sshd::start() else { return };
    let shown = seen(&sshd, &[("node1", impostor(sshd.entry("127.0.0.1")))]).unwrap();
    assert_eq!(bare(&shown), bare(&sshd.host.public));
    sshd.wait_for("Connection closed by");
    assert!(!sshd.log().contains("authenticating user"));
}

#[test]
fn a_key_behind_the_head_is_looked_at_through_the_head_alone() {
    let Some(sshd) = Sshd::start() else { return };
    let (head, behind) = (
        sshd.entry("127.0.0.1"),
        impostor(sshd.behind("127.0.0.2", "head")),
    );
    let shown = seen(&sshd, &[("head", head.clone()), ("node1", behind.clone())]).unwrap();
    assert_eq!(bare(&shown), bare(&sshd.host.public));
    let logins = || sshd.log().matches("Accepted publickey").count();
    assert_eq!(logins(), 1, "the head's");
    let head = impostor(head);
    let reason = Box::new(wrong_key(&sshd, &head));
    let refused = seen(&sshd, &[("head", head), ("node1", behind)]).unwrap_err();
    let via = node("head");
    assert_eq!(refused, Unreachable::NoWay { via, reason });
    assert_eq!(logins(), 1);
}

#[test]
fn a_node_whose_keys_cannot_be_pinned_says_what_it_has() {
    let key = |kind| {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("key");
        let mut make = Command::new("ssh-keygen");
        make.args(["-q", "-t", kind, "-N", "", "-f"]).arg(&path);
        assert!(make.status().unwrap().success());
        let public = std::fs::read_to_string(path.with_extension("pub")).unwrap();
        (dir, path.display().to_string(), public)
    };
    let (_kept, path, public) = key("ecdsa");
    let Some(sshd) = Sshd::start_with(
        &[],
        &format!("HostKeyAlgorithms ecdsa-sha2-nistp256\nHostKey {path}"),
    ) else {
        return;
    };
    let shown = seen(&sshd, &[("node1", sshd.entry("127.0.0.1"))]).unwrap();
    assert_eq!(bare(&shown), bare(&public));
    let pinned = Entry {
        host_key: shown,
        ..sshd.entry("127.0.0.1")
    };
    assert_eq!(
        say(&sshd.fleet(&[("node1", pinned)]), "node1", "echo in"),
        "in"
    );

    let (_kept, path, _) = key("rsa");
    let options = format!("HostKeyAlgorithms rsa-sha2-512\nHostKey {path}");
    let sshd = Sshd::start_with(&[], &options).unwrap();
    let reason = seen(&sshd, &[("node1", sshd.entry("127.0.0.1"))]).unwrap_err();
    let reason = reason.to_string();
    assert!(
        reason.contains("only rsa-sha2-512") && reason.contains("ssh-keygen -t ed25519"),
        "{reason}"
    );
}

#[test]
fn looking_at_a_silent_node_ends_when_it_is_told_to() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let Some(sshd) = Sshd::start() else { return };
    let entry = Entry {
        port: silent.local_addr().unwrap().port(),
        ..sshd.entry("127.0.0.1")
    };
    let book = AddressBook {
        entries: [(node("node1"), entry)].into(),
    };
    let start = Instant::now();
    let seen = look(
        &book,
        &sshd.identity(),
        &node("node1"),
        &AtomicBool::new(true),
    );
    assert_eq!(seen, Err(Unreachable::Interrupted));
    assert!(start.elapsed() < Duration::from_secs(5));
}
