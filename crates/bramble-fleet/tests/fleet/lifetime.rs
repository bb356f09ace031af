//! Connections that are kept, lost, remade, stopped, or never come about.

use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bramble_converge::{Transport as _, Unreachable};
use bramble_fleet::{Entry, Input, Pace};

use crate::sshd::{
    ENDLESS, Sshd, ask, carry, fleet, node, process, request, say, soon, stoppable, task,
};

/// Ends the server process of a connection, known by the `$PPID` of a command.
fn kill(pid: &str) {
    assert!(pid.parse::<u32>().unwrap() > 1);
    assert!(
        Command::new("kill")
            .args(["-KILL", pid])
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn a_connection_is_kept_for_the_next_exchange() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    assert_eq!(
        say(&fleet, "node1", "echo $PPID"),
        say(&fleet, "node1", "echo $PPID")
    );
    assert_eq!(sshd.connections_to("127.0.0.1"), 1);
}

#[test]
fn a_connection_lost_between_exchanges_is_remade() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    for _ in 0..5 {
        kill(&say(&fleet, "node1", "echo $PPID"));
        assert_eq!(say(&fleet, "node1", "echo again"), "again");
    }
}

#[test]
fn a_jump_connection_lost_between_exchanges_is_remade() {
    let Some(sshd) = Sshd::start() else { return };
    let book = [
        ("head", sshd.entry("127.0.0.1")),
        ("node1", sshd.behind("127.0.0.2", "head")),
    ];
    let fleet = sshd.fleet(&book);
    for _ in 0..5 {
        assert_eq!(say(&fleet, "node1", "echo there"), "there");
        kill(&say(&fleet, "head", "echo $PPID"));
    }
    assert_eq!(say(&fleet, "node1", "echo there"), "there");
}

#[test]
fn a_connection_lost_within_a_command_is_told_and_the_command_not_repeated() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let count = sshd.dir.path().join("count");
    let command = format!("echo x >> {}; kill -KILL $PPID; sleep 5", count.display());
    let answer = ask(&fleet, &["node1"], &command)
        .remove(&node("node1"))
        .unwrap();
    assert!(matches!(answer, Err(Unreachable::Lost(_))), "{answer:?}");
    assert_eq!(std::fs::read_to_string(count).unwrap(), "x\n");
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let Some(sshd) = Sshd::start() else { return };
    let port = listener.local_addr().unwrap().port();
    let entry = Entry {
        port,
        ..sshd.entry("127.0.0.1")
    };
    let pace = Pace {
        connect: Duration::from_millis(300),
        ..Pace::default()
    };
    let start = Instant::now();
    let fleet = fleet(&[("node1", entry)], sshd.identity());
    let task = task("true", Input::default(), None);
    let went = carry(&fleet, &["node1"], &task, None, pace);
    let what = format!("connecting to 127.0.0.1:{port}");
    assert_eq!(
        went[0].ended,
        Some(Err(Unreachable::TooSlow { what, seconds: 1 }))
    );
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[test]
fn the_wish_to_stop_ends_commands_and_handshakes() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let Some(sshd) = Sshd::start() else { return };
    let port = silent.local_addr().unwrap().port();
    let entries = [
        ("node1", sshd.entry("127.0.0.1")),
        (
            "node2",
            Entry {
                port,
                ..sshd.entry("127.0.0.1")
            },
        ),
    ];
    let stop = Arc::<AtomicBool>::default();
    let fleet = stoppable(&entries, sshd.identity(), Arc::clone(&stop));
    let requests = ["node1", "node2"].map(|name| (node(name), request(ENDLESS, b"")));
    let (mut heard, mut wished) = (Vec::new(), None);
    let answers = fleet.exchange(requests.into(), &mut |_, line| {
        heard.push(line.to_owned());
        stop.store(true, Ordering::Relaxed);
        wished.get_or_insert_with(Instant::now);
    });
    let took = wished.unwrap().elapsed();
    assert!(took < Duration::from_millis(500), "{took:?}");
    assert_eq!(answers[&node("node1")], Err(Unreachable::Interrupted));
    assert_eq!(answers[&node("node2")], Err(Unreachable::Interrupted));
    assert!(
        soon(|| !process(&heard[0]).exists()),
        "process {} runs on",
        heard[0]
    );
    let later = ask(&fleet, &["node1"], "true");
    assert_eq!(later[&node("node1")], Err(Unreachable::Interrupted));
}

#[test]
#[ignore = "takes the minute after which a silent node is given up"]
fn a_node_that_falls_silent_within_a_command_is_lost() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let frozen = say(&fleet, "node1", "echo $PPID");
    let freeze = format!("(sleep 0.3; kill -STOP {frozen}) >/dev/null 2>&1 & sleep 90");
    let start = Instant::now();
    let answer = ask(&fleet, &["node1"], &freeze)
        .remove(&node("node1"))
        .unwrap();
    kill(&frozen);
    let expected = "nothing was heard from the other side for a minute".to_owned();
    assert_eq!(answer, Err(Unreachable::Lost(expected)));
    assert!(start.elapsed() < Duration::from_secs(80));
}

#[test]
fn silent_nodes_do_not_keep_others_waiting() {
    let Some(sshd) = Sshd::start() else { return };
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let names: Vec<_> = (0..100).map(|n| format!("a{n}")).collect();
    let nobody = Entry {
        port,
        ..sshd.entry("127.0.0.1")
    };
    let mut entries: Vec<_> = names
        .iter()
        .map(|name| (name.as_str(), nobody.clone()))
        .collect();
    entries.push(("node", sshd.entry("127.0.0.1")));
    let nodes: Vec<_> = entries.iter().map(|(name, _)| *name).collect();
    let pace = Pace {
        connect: Duration::from_secs(2),
        ..Pace::default()
    };
    let start = Instant::now();
    let task = task("true", Input::default(), None);
    let went = carry(&sshd.fleet(&entries), &nodes, &task, None, pace);
    assert_eq!(went[100].ended, Some(Ok(0)));
    assert!(
        went[..100]
            .iter()
            .all(|went| matches!(went.ended, Some(Err(_))))
    );
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn commands_on_one_node_do_not_wait_for_each_other() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let nodes = ["node1"; 12];
    let start = Instant::now();
    let task = task("sleep 1", Input::default(), None);
    let went = carry(&fleet, &nodes, &task, None, Pace::default());
    assert!(
        went.iter().all(|went| went.ended == Some(Ok(0))),
        "{went:?}"
    );
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn any_fanout_is_one() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    for fanout in [0, usize::MAX] {
        let pace = Pace {
            fanout,
            ..Pace::default()
        };
        let task = task("true", Input::default(), None);
        let went = carry(&fleet, &["node1"], &task, None, pace);
        assert_eq!(went[0].ended, Some(Ok(0)));
    }
}

/// A name that no resolver has to be asked about.
#[test]
fn a_name_that_does_not_resolve_is_told_with_its_address() {
    let Some(sshd) = Sshd::start() else { return };
    let entry = Entry {
        host: "no..name".to_owned(),
        ..sshd.entry("127.0.0.1")
    };
    let fleet = sshd.fleet(&[("node1", entry), ("node2", sshd.entry("127.0.0.1"))]);
    let answers = ask(&fleet, &["node1", "node2"], "true");
    let reason = answers[&node("node1")].clone().unwrap_err().to_string();
    assert!(
        reason.starts_with(&format!("no answer at no..name:{}: ", sshd.port)),
        "{reason}"
    );
    assert!(answers[&node("node2")].is_ok());
}
