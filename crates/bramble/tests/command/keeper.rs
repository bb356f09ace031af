//! The keeper, as far as it goes without a command that started it.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::typed::Place;

/// Whoever waits for a lock or a pipe of the command that started it would wait as
/// long as the keeper lives.
#[test]
fn the_keeper_holds_nothing_open_that_it_was_not_started_with() {
    let place = Place::empty();
    let keeper = place.command(["keeper", "socket"]);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", r#"exec "$0" "$@" 9>&1 >/dev/null"#])
        .arg(keeper.get_program())
        .args(keeper.get_args())
        .current_dir(place.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = shell.spawn().unwrap();
    let mut inherited = child.stdout.take().unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(inherited.read(&mut [0])));
    let closed = told.recv_timeout(Duration::from_secs(10));
    // It still waits for what it is to keep.
    let lives = child.try_wait().unwrap().is_none();
    drop(child.stdin.take());
    child.wait().unwrap();
    assert!(matches!(closed, Ok(Ok(0))), "{closed:?}");
    assert!(lives);
}
