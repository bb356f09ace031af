//! The processes of a command that nobody waits for any more.

use std::time::Duration;

use bramble_fleet::{Input, Pace};

use crate::sshd::{Sshd, carry, process, soon, task};

/// Gives up on `line` after half a second; whether the processes whose ids it
/// wrote are gone soon.
fn all_end(line: &str) -> bool {
    let Some(sshd) = Sshd::start() else {
        return true;
    };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let task = task(line, Input::default(), Some(Duration::from_millis(500)));
    let went = carry(&fleet, &["node1"], &task, None, Pace::default()).remove(0);
    let output = String::from_utf8(went.output).unwrap();
    assert!(!output.is_empty(), "{:?}", went.ended);
    soon(|| output.lines().all(|pid| !process(pid).exists()))
}

#[test]
fn what_a_command_has_started_ends_with_it() {
    assert!(all_end("sleep 100 & echo $!; echo $$; wait"));
}

#[test]
fn a_command_that_does_not_hear_term_is_killed() {
    assert!(all_end(
        "trap '' TERM; echo $$; while :; do sleep 0.1; done"
    ));
}

#[test]
fn a_process_in_a_session_of_its_own_ends_with_the_command_that_waits_for_it() {
    assert!(all_end("setsid -w sh -c 'echo $$; exec sleep 100'"));
}

#[test]
fn a_process_left_behind_in_the_background_ends_too() {
    assert!(all_end("(sleep 100 & echo $!) ; sleep 50"));
}

#[test]
fn the_mark_changes_nothing_that_a_command_sees() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let line = "printf '%s|' \"it's\" \"$#\" 'a\nb' # end";
    let task = task(line, Input::default(), None);
    let went = carry(&fleet, &["node1"], &task, None, Pace::default()).remove(0);
    assert_eq!(String::from_utf8(went.output).unwrap(), "it's|0|a\nb|");
    assert_eq!(went.ended, Some(Ok(0)));
}
