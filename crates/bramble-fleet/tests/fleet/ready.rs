//! Waiting for nodes that are still starting.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use bramble_converge::Unreachable;
use bramble_fleet::Entry;

use crate::sshd::{Sshd, free_port, node, say, stoppable};

#[test]
fn nodes_are_told_as_they_come_and_the_missing_are_returned() {
    let Some(sshd) = Sshd::start() else { return };
    let late = TcpListener::bind("127.0.0.1:0").unwrap();
    let late_port = late.local_addr().unwrap().port();
    drop(late);
    let (target, port) = (format!("127.0.0.1:{}", sshd.port), late_port);
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(700));
        let door = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let (mut near, _) = door.accept().unwrap();
        let mut far = std::net::TcpStream::connect(target).unwrap();
        let (mut back_from, mut back_to) = (far.try_clone().unwrap(), near.try_clone().unwrap());
        thread::spawn(move || std::io::copy(&mut back_from, &mut back_to));
        std::io::copy(&mut near, &mut far)
    });
    let fleet = sshd.fleet(&[
        ("node1", sshd.entry("127.0.0.1")),
        (
            "node2",
            Entry {
                port: late_port,
                ..sshd.entry("127.0.0.1")
            },
        ),
        (
            "node3",
            Entry {
                port: free_port(),
                ..sshd.entry("127.0.0.1")
            },
        ),
    ]);
    let nodes = BTreeSet::from(["node1", "node2", "node3"].map(node));
    let (start, mut ready) = (Instant::now(), Vec::new());
    let missing = fleet.wait_ready(&nodes, Duration::from_secs(3), &mut |node| {
        ready.push((node.to_string(), start.elapsed()));
    });
    assert_eq!(
        ready.iter().map(|(node, _)| &**node).collect::<Vec<_>>(),
        ["node1", "node2"]
    );
    let at_once = ready
        .iter()
        .all(|(_, after)| *after < Duration::from_millis(2500));
    assert!(at_once, "{ready:?}");
    assert_eq!(missing.keys().collect::<Vec<_>>(), [&node("node3")]);
    assert!(
        missing[&node("node3")]
            .to_string()
            .contains("Connection refused")
    );
    assert_eq!(say(&fleet, "node1", "echo kept"), "kept");
    assert_eq!(sshd.connections_to("127.0.0.1"), 2);
}

#[test]
fn the_wish_to_stop_ends_waiting() {
    let Some(sshd) = Sshd::start() else { return };
    let stop = Arc::<AtomicBool>::default();
    let down = Entry {
        port: free_port(),
        ..sshd.entry("127.0.0.1")
    };
    let fleet = stoppable(&[("node1", down)], sshd.identity(), Arc::clone(&stop));
    let stopped = thread::spawn(move || {
        thread::sleep(Duration::from_millis(300));
        stop.store(true, Ordering::Relaxed);
        Instant::now()
    });
    let nodes = BTreeSet::from([node("node1")]);
    let missing = fleet.wait_ready(&nodes, Duration::from_secs(30), &mut |_| {});
    assert!(stopped.join().unwrap().elapsed() < Duration::from_millis(500));
    assert_eq!(missing[&node("node1")], Unreachable::Interrupted);
}
