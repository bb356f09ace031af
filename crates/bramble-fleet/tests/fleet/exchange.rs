//! What goes to a node and comes back.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bramble_converge::{Answer, Transport as _, Unreachable};
use bramble_fleet::{Fleet, Input, Pace};

use crate::sshd::{ENDLESS, Sshd, ask, carry, free_port, node, process, request, soon, task};

fn put(fleet: &Fleet, command: &str, input: &[u8]) -> Answer {
    let requests = BTreeMap::from([(node("node1"), request(command, input))]);
    fleet
        .exchange(requests, &mut |_, _| {})
        .remove(&node("node1"))
        .unwrap()
        .unwrap()
}

#[test]
fn input_output_complaint_and_status_pass() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let answer = put(&fleet, "cat; echo oh >&2; exit 7", b"in\n");
    let expected = Answer {
        status: 7,
        output: b"in\n".to_vec(),
        complaint: b"oh\n".to_vec(),
    };
    assert_eq!(answer, expected);
}

#[test]
fn a_signal_counts_as_a_shell_counts_it() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    assert_eq!(put(&fleet, "kill -KILL $$", b"").status, 137);
    assert_eq!(put(&fleet, "kill -TERM $$", b"").status, 143);
}

#[test]
fn each_line_is_heard_as_it_comes_with_its_node() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let command = "echo one; sleep 0.5; printf 'two\\nthree'";
    let requests = BTreeMap::from([(node("node1"), request(command, b""))]);
    let (start, mut heard) = (Instant::now(), Vec::new());
    let answers = fleet.exchange(requests, &mut |node, line| {
        heard.push((node.to_string(), line.to_owned(), start.elapsed()));
    });
    assert_eq!(
        answers[&node("node1")].as_ref().map(|a| a.status),
        Ok(0),
        "{answers:?}"
    );
    let lines: Vec<_> = heard
        .iter()
        .map(|(node, line, _)| (&**node, &**line))
        .collect();
    assert_eq!(
        lines,
        [("node1", "one"), ("node1", "two"), ("node1", "three")]
    );
    assert!(
        heard[1].2.checked_sub(heard[0].2).unwrap() > Duration::from_millis(300),
        "{heard:?}"
    );
}

#[test]
fn five_megabytes_go_in_and_come_out() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let input: Vec<u8> = (0..5_000_000_u32)
        .flat_map(u32::to_le_bytes)
        .take(5 << 20)
        .collect();
    assert!(
        put(&fleet, "cat", &input).output == input,
        "the output is not the input"
    );
}

/// Kilobytes that the process which answers a connection has held at most, after
/// a command that begins to read this input late.
fn held_by_the_server(sshd: &Sshd, input: &[u8]) -> u64 {
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let line = "sleep 0.05; cat >/dev/null; sed -n 's/^VmHWM:\\s*\\([0-9]*\\) kB/\\1/p' /proc/$PPID/status";
    let output = put(&fleet, line, input).output;
    String::from_utf8_lossy(&output).trim().parse().unwrap()
}

#[test]
fn a_late_reader_does_not_make_its_server_hold_megabytes() {
    let Some(sshd) = Sshd::start() else { return };
    let idle = held_by_the_server(&sshd, b"");
    let input = vec![b'x'; 16 << 20];
    // Where another program keeps this machine busy, the node can look far away. Its
    // server's whole window would take 7,800.
    let least = (0..3).map(|_| held_by_the_server(&sshd, &input)).min();
    assert!(least < Some(idle + 4000), "{least:?}, idle {idle}");
}

#[test]
fn a_command_that_does_not_read_its_input_ends() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    assert_eq!(put(&fleet, "exit 3", &vec![b'x'; 5 << 20]).status, 3);
}

#[test]
fn a_command_that_takes_too_long_is_given_up_and_ended() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let limit = Some(Duration::from_millis(500));
    let task = task(ENDLESS, Input::default(), limit);
    let went = carry(&fleet, &["node1"], &task, None, Pace::default());
    let expected = Unreachable::TooSlow {
        what: "the command".to_owned(),
        seconds: 1,
    };
    assert_eq!(went[0].ended, Some(Err(expected)));
    let heard = String::from_utf8_lossy(&went[0].output);
    let heard: Vec<_> = heard.lines().collect();
    assert!(
        soon(|| !process(heard[0]).exists()),
        "process {} runs on",
        heard[0]
    );
}

#[test]
fn one_node_that_is_down_does_not_stop_the_others() {
    let Some(sshd) = Sshd::start() else { return };
    let mut down = sshd.entry("127.0.0.2");
    down.port = free_port();
    let fleet = sshd.fleet(&[
        ("node1", sshd.entry("127.0.0.1")),
        ("node2", down),
        ("node3", sshd.entry("127.0.0.3")),
    ]);
    let answers = ask(&fleet, &["node1", "node2", "node3", "stranger"], "hostname");
    assert!(answers[&node("node1")].is_ok() && answers[&node("node3")].is_ok());
    let reason = |name| answers[&node(name)].clone().unwrap_err().to_string();
    assert!(
        reason("node2").contains("Connection refused"),
        "{}",
        reason("node2")
    );
    assert!(
        reason("stranger").contains("not in the address book"),
        "{}",
        reason("stranger")
    );
}

#[test]
fn an_answer_without_an_end_is_not_kept() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let answers = ask(&fleet, &["node1"], "head -c 70000000 /dev/zero");
    let reason = answers[&node("node1")].clone().unwrap_err().to_string();
    assert!(reason.contains("more than 64 MiB"), "{reason}");
}
