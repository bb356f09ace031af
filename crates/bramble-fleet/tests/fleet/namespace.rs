//! Connecting from inside another network namespace.

use std::path::{Path, PathBuf};

use bramble_fleet::Entry;

use crate::sshd::{Sshd, ask, node, say, user};

#[test]
fn a_node_in_another_network_is_reached_and_the_process_stays_in_its_own() {
    if user().as_str() != "root" || !Path::new("/usr/bin/unshare").exists() {
        println!("skipped: making a network namespace takes root and `unshare`");
        return;
    }
    // Its only reference is the server's process, so that it ends with the server.
    let inside = "ip link set lo up && exec \"$@\"";
    let wrapper = ["unshare", "--net", "sh", "-c", inside, "sh"];
    let Some(sshd) = Sshd::start_with(&wrapper, "") else {
        return;
    };
    let network = Some(PathBuf::from(format!("/proc/{}/ns/net", sshd.pid())));
    let fleet = sshd.fleet(&[
        (
            "head",
            Entry {
                network,
                ..sshd.entry("127.0.0.1")
            },
        ),
        ("node1", sshd.behind("127.0.0.2", "head")),
        ("outside", sshd.entry("127.0.0.1")),
    ]);
    let own = std::fs::read_link("/proc/thread-self/ns/net").unwrap();
    for name in ["head", "node1"] {
        assert_ne!(
            say(&fleet, name, "readlink /proc/self/ns/net"),
            own.to_str().unwrap()
        );
    }
    let reason = ask(&fleet, &["outside"], "true")
        .remove(&node("outside"))
        .unwrap()
        .unwrap_err();
    assert!(
        reason.to_string().contains("Connection refused"),
        "{reason}"
    );
    for thread in std::fs::read_dir("/proc/self/task").unwrap() {
        assert_eq!(
            std::fs::read_link(thread.unwrap().path().join("ns/net")).unwrap(),
            own
        );
    }
}

#[test]
fn a_namespace_that_is_gone_is_named() {
    let Some(sshd) = Sshd::start() else { return };
    let network = Some(PathBuf::from("/run/netns/no-such-garden"));
    let fleet = sshd.fleet(&[(
        "node1",
        Entry {
            network,
            ..sshd.entry("127.0.0.1")
        },
    )]);
    let reason = ask(&fleet, &["node1"], "true")
        .remove(&node("node1"))
        .unwrap()
        .unwrap_err();
    assert!(
        reason
            .to_string()
            .contains("network namespace /run/netns/no-such-garden"),
        "{reason}"
    );
}
