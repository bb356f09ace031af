//! What commands read: files, what all read, and what nobody reads.

use std::fs;
use std::time::Duration;

use bramble_cluster::Secret;
use bramble_converge::Unreachable;
use bramble_fleet::{Input, Pace, Part};

use crate::sshd::{Sshd, carry, soon, task};

fn shared() -> Input {
    Input {
        parts: Vec::new(),
        shared: true,
    }
}

#[test]
fn all_nodes_read_the_common_input_whole_and_at_their_own_pace() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[
        ("node1", sshd.entry("127.0.0.1")),
        ("node2", sshd.entry("127.0.0.2")),
    ]);
    let input: Vec<u8> = (0..20_000_000_u32).map(|n| n.to_le_bytes()[1]).collect();
    let slow = "case $SSH_CONNECTION in *127.0.0.2*) sleep 1;; esac; cat";
    let task = task(slow, shared(), None);
    let went = carry(
        &fleet,
        &["node1", "node2"],
        &task,
        Some(&input),
        Pace::default(),
    );
    assert!(
        went.iter().all(|went| went.output == input),
        "an output is not the input"
    );
}

#[test]
fn endless_input_that_nobody_reads_does_not_keep_the_round_open() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let errand = bramble_fleet::Errand {
        node: crate::sshd::node("node1"),
        task: task("head -c 5", shared(), None),
    };
    let (mut output, mut ended) = (Vec::new(), None);
    let endless = Box::new(std::io::repeat(b'x'));
    fleet.carry_out(
        &[errand],
        Some(endless),
        Pace::default(),
        &mut |_, news| match news {
            bramble_fleet::News::Wrote(_, bytes) => output.extend_from_slice(&bytes),
            bramble_fleet::News::Ended(how) => ended = Some(how),
            bramble_fleet::News::Begun => {}
        },
    );
    assert_eq!((output, ended), (b"xxxxx".to_vec(), Some(Ok(0))));
}

#[test]
fn files_are_sent_after_the_bytes_before_them() {
    let Some(sshd) = Sshd::start() else { return };
    let names = ["node1", "node2", "node3"];
    let entries = names.map(|name| (name, sshd.entry("127.0.0.1")));
    let fleet = sshd.fleet(&entries);
    let path = sshd.dir.path().join("file");
    let content: Vec<u8> = (0..3_000_001_u32).map(|n| n.to_le_bytes()[0]).collect();
    fs::write(&path, &content).unwrap();
    let file = Part::File {
        path,
        length: content.len() as u64,
    };
    let input = Input {
        parts: vec![
            Part::Bytes(Secret::new(b"head"[..].into())),
            file,
            Part::Bytes(Secret::new(b"tail"[..].into())),
        ],
        shared: false,
    };
    let expected = [b"head".as_slice(), &content, b"tail"].concat();
    let went = carry(
        &fleet,
        &names,
        &task("cat", input, None),
        None,
        Pace::default(),
    );
    assert!(
        went.iter().all(|went| went.output == expected),
        "an output is not the input"
    );
}

#[test]
fn a_file_that_became_shorter_is_told_and_its_command_ended() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let path = sshd.dir.path().join("file");
    fs::write(&path, b"short").unwrap();
    let mark = sshd.dir.path().join("ended");
    let input = Input {
        parts: vec![Part::File { path, length: 6 }],
        shared: false,
    };
    let line = format!("trap 'touch {}' TERM; cat; sleep 5", mark.display());
    let went = carry(
        &fleet,
        &["node1"],
        &task(&line, input, None),
        None,
        Pace::default(),
    );
    let Some(Err(Unreachable::NoInput(reason))) = &went[0].ended else {
        panic!("{went:?}");
    };
    assert!(
        reason.ends_with("it became shorter while it was sent"),
        "{reason}"
    );
    assert!(soon(|| mark.exists()), "the command was not ended");
}

#[test]
fn a_small_fanout_reaches_all_nodes_in_turn() {
    let Some(sshd) = Sshd::start() else { return };
    let names = ["node1", "node2", "node3", "node4"];
    let entries = names.map(|name| (name, sshd.entry("127.0.0.1")));
    let fleet = sshd.fleet(&entries);
    let lock = sshd.dir.path().join("busy");
    let line = format!("mkdir {0} || exit 9; sleep 0.05; rmdir {0}", lock.display());
    let pace = Pace {
        fanout: 1,
        connect: Duration::from_secs(10),
    };
    let went = carry(
        &fleet,
        &names,
        &task(&line, Input::default(), None),
        None,
        pace,
    );
    assert!(
        went.iter().all(|went| went.ended == Some(Ok(0))),
        "{went:?}"
    );
}
