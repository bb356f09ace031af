//! The processes of a command that nobody waits for any more.

use std::time::Duration;

use bramble_fleet::{Input, Pace};

use crate::sshd::{Sshd, carry, process, say, soon, task};

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
    let is_number = |line: &&str| line.starts_with(|c: char| c.is_ascii_digit());
    let processes: Vec<_> = output.lines().filter(is_number).collect();
    soon(|| processes.iter().all(|pid| !process(pid).exists()))
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
fn a_line_that_became_another_program_ends_too() {
    assert!(all_end("trap '' TERM; echo $$; exec sleep 100"));
}

#[test]
fn a_process_whose_shell_has_ended_ends_too() {
    assert!(all_end("sleep 100 & echo $!"));
    assert!(all_end("setsid sleep 100 & echo $!"));
}

#[test]
fn what_an_earlier_command_left_on_purpose_stays() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let left = say(&fleet, "node1", "sleep 60 >/dev/null 2>&1 & echo $!");
    std::thread::sleep(Duration::from_secs(4));
    let limit = Some(Duration::from_millis(300));
    let task = task("sleep 100", Input::default(), limit);
    carry(&fleet, &["node1"], &task, None, Pace::default());
    assert!(process(&left).exists(), "{left} was ended");
    let kill = std::process::Command::new("kill").arg(&left).status();
    assert!(kill.unwrap().success());
}

#[test]
fn a_process_left_behind_in_the_background_ends_too() {
    assert!(all_end("(sleep 100 & echo $!) ; sleep 50"));
}

#[test]
fn a_command_that_floods_the_connection_ends_too() {
    assert!(all_end("echo $$; exec 2>&1; yes"));
}

/// Also where root reads it in the list of processes.
#[test]
fn a_process_that_only_mentions_the_mark_is_left_alone() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))]);
    let told = sshd.dir.path().join("bystander");
    let line = format!(
        "mark=$(tr '\\0' '\\n' </proc/$$/cmdline | grep -o 'bramble-[0-9a-f-]*' | head -n 1); \
         setsid -f sh -c 'echo $$ >{}; sleep 30; :' \"$mark\" >/dev/null 2>&1; echo on; sleep 100",
        told.display()
    );
    let task = task(&line, Input::default(), Some(Duration::from_secs(1)));
    let went = carry(&fleet, &["node1"], &task, None, Pace::default()).remove(0);
    assert_eq!(went.output, b"on\n");
    let bystander = std::fs::read_to_string(told).unwrap().trim().to_owned();
    assert!(process(&bystander).exists(), "{bystander} was ended");
    let kill = std::process::Command::new("kill").arg(&bystander).status();
    assert!(kill.unwrap().success());
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
