//! Rounds over the connections of a keeper.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

use bramble_converge::{Transport as _, Unreachable};
use bramble_fleet::keeper::{Commission, Keeper, serve};
use bramble_fleet::{Entry, Fleet, Input, Pace, keys};
use tempfile::TempDir;

use crate::sshd::{
    ENDLESS, Sshd, ask, carry, fleet, node, process, request, say, soon, stoppable, task,
};

/// A folder in which a keeper's socket may be, and how many keepers were started.
pub(crate) struct Home {
    folder: TempDir,
    started: Arc<AtomicUsize>,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            started: Arc::default(),
        }
    }

    /// Keepers are threads here; the command has a process for each.
    fn keeper(&self, idle: Duration) -> Keeper {
        let socket = self.folder.path().join("keeper");
        let started = Arc::clone(&self.started);
        let launch = move |commission: &Commission| {
            started.fetch_add(1, Ordering::Relaxed);
            let (ready, wait) = std::sync::mpsc::channel();
            let (bytes, socket) = (commission.bytes().expose().clone(), socket.clone());
            thread::spawn(move || {
                serve(&bytes, &socket, idle, || ready.send(()).unwrap()).unwrap();
            });
            wait.recv().map_err(std::io::Error::other)
        };
        Keeper {
            folder: self.folder.path().to_owned(),
            socket: "keeper".to_owned(),
            build: "test".to_owned(),
            launch: Box::new(launch),
        }
    }

    pub(crate) fn kept(&self, sshd: &Sshd, entries: &[(&str, Entry)]) -> Fleet {
        sshd.fleet(entries)
            .kept_by(self.keeper(Duration::from_mins(1)))
    }

    fn started(&self) -> usize {
        self.started.load(Ordering::Relaxed)
    }

    fn socket(&self) -> std::path::PathBuf {
        self.folder.path().join("keeper")
    }
}

#[test]
fn a_second_fleet_goes_over_the_connections_of_the_first() {
    let Some(sshd) = Sshd::start() else { return };
    let home = Home::new();
    let entries = [
        ("head", sshd.entry("127.0.0.1")),
        ("node1", sshd.behind("127.0.0.2", "head")),
    ];
    let first = say(&home.kept(&sshd, &entries), "node1", "echo $PPID");
    let second = say(&home.kept(&sshd, &entries), "node1", "echo $PPID");
    assert_eq!(first, second);
    assert_eq!(home.started(), 1);
    assert_eq!(sshd.connections_to("127.0.0.2"), 1);
}

#[test]
fn input_output_complaint_and_status_pass_the_keeper() {
    let Some(sshd) = Sshd::start() else { return };
    let home = Home::new();
    let fleet = home.kept(&sshd, &[("node1", sshd.entry("127.0.0.1"))]);
    let task = task("cat; echo oh >&2; exit 7", shared(), None);
    let common = vec![b'x'; 20 << 20];
    let went = carry(&fleet, &["node1"], &task, Some(&common), Pace::default()).remove(0);
    assert!(went.output == common, "the output is not the input");
    assert_eq!(
        (went.complaint, went.ended),
        (b"oh\n".to_vec(), Some(Ok(7)))
    );
}

fn shared() -> Input {
    Input {
        parts: Vec::new(),
        shared: true,
    }
}

#[test]
fn nobody_but_the_user_can_open_the_socket() {
    let Some(sshd) = Sshd::start() else { return };
    let home = Home::new();
    say(
        &home.kept(&sshd, &[("node1", sshd.entry("127.0.0.1"))]),
        "node1",
        "true",
    );
    let mode = fs::metadata(home.socket()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn another_pinned_key_leads_to_another_keeper() {
    let Some(sshd) = Sshd::start() else { return };
    let home = Home::new();
    let right = sshd.entry("127.0.0.1");
    say(
        &home.kept(&sshd, &[("node1", right.clone())]),
        "node1",
        "true",
    );
    let wrong = Entry {
        host_key: keys::generate("").unwrap().public,
        ..right.clone()
    };
    let answers = ask(&home.kept(&sshd, &[("node1", wrong)]), &["node1"], "true");
    assert!(
        matches!(
            answers[&node("node1")],
            Err(Unreachable::WrongHostKey { .. })
        ),
        "{answers:?}"
    );
    say(&home.kept(&sshd, &[("node1", right)]), "node1", "true");
    assert_eq!(home.started(), 3);
}

#[test]
fn a_keeper_that_is_not_asked_ends_and_takes_its_socket_along() {
    let Some(sshd) = Sshd::start() else { return };
    let home = Home::new();
    let kept = || {
        sshd.fleet(&[("node1", sshd.entry("127.0.0.1"))])
            .kept_by(home.keeper(Duration::from_millis(200)))
    };
    say(&kept(), "node1", "true");
    assert!(
        soon(|| !home.socket().exists()),
        "the keeper is still there"
    );
    say(&kept(), "node1", "true");
    assert_eq!(home.started(), 2);
}

#[test]
fn a_keeper_that_is_told_to_retire_has_gone_when_the_call_is_back() {
    let Some(sshd) = Sshd::start() else { return };
    let home = Home::new();
    say(
        &home.kept(&sshd, &[("node1", sshd.entry("127.0.0.1"))]),
        "node1",
        "true",
    );
    home.keeper(Duration::from_mins(1)).retire();
    assert!(!home.socket().exists());
    home.keeper(Duration::from_mins(1)).retire();
}

/// A keeper in `folder` that cannot be started.
fn never_started(folder: &Path) -> Keeper {
    Keeper {
        folder: folder.to_owned(),
        socket: "keeper".to_owned(),
        build: String::new(),
        launch: Box::new(|_| Err(std::io::Error::other("none"))),
    }
}

#[test]
fn where_no_keeper_can_be_had_the_fleet_connects_itself() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = sshd
        .fleet(&[("node1", sshd.entry("127.0.0.1"))])
        .kept_by(never_started(Path::new("/nowhere")));
    assert_eq!(say(&fleet, "node1", "echo there"), "there");
}

#[test]
fn a_socket_that_nobody_listens_at_is_replaced() {
    let Some(sshd) = Sshd::start() else { return };
    let home = Home::new();
    drop(std::os::unix::net::UnixListener::bind(home.socket()).unwrap());
    let fleet = home.kept(&sshd, &[("node1", sshd.entry("127.0.0.1"))]);
    assert_eq!(say(&fleet, "node1", "echo there"), "there");
    assert_eq!(home.started(), 1);
}

#[test]
fn the_wish_to_stop_passes_the_keeper() {
    let Some(sshd) = Sshd::start() else { return };
    let home = Home::new();
    let stop = Arc::<AtomicBool>::default();
    let fleet = stoppable(
        &[("node1", sshd.entry("127.0.0.1"))],
        sshd.identity(),
        Arc::clone(&stop),
    )
    .kept_by(home.keeper(Duration::from_mins(1)));
    let mut heard = Vec::new();
    let requests = [(node("node1"), request(ENDLESS, b""))];
    let answers = fleet.exchange(requests.into(), &mut |_, line| {
        heard.push(line.to_owned());
        stop.store(true, Ordering::Relaxed);
    });
    assert_eq!(answers[&node("node1")], Err(Unreachable::Interrupted));
    assert!(
        soon(|| !process(&heard[0]).exists()),
        "process {} runs on",
        heard[0]
    );
}

#[test]
fn waiting_for_nodes_passes_the_keeper() {
    let Some(sshd) = Sshd::start() else { return };
    let home = Home::new();
    let fleet = home.kept(&sshd, &[("node1", sshd.entry("127.0.0.1"))]);
    let mut ready = Vec::new();
    let missing = fleet.wait_ready(&[node("node1")].into(), Duration::from_secs(5), &mut |n| {
        ready.push(n.clone());
    });
    assert_eq!((ready, missing.len()), (vec![node("node1")], 0));
}

#[test]
fn a_connection_that_died_unnoticed_is_found_out_within_seconds() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = fleet(&[("node1", sshd.entry("127.0.0.1"))], sshd.identity());
    let frozen = say(&fleet, "node1", "echo $PPID");
    signal("STOP", &frozen);
    let start = Instant::now();
    assert_eq!(say(&fleet, "node1", "echo there"), "there");
    signal("KILL", &frozen);
    assert!(
        start.elapsed() < Duration::from_secs(8),
        "{:?}",
        start.elapsed()
    );
}

/// As after the node was started anew.
#[test]
fn several_connections_that_died_unnoticed_cost_no_more_than_one() {
    let Some(sshd) = Sshd::start() else { return };
    let fleet = fleet(&[("node1", sshd.entry("127.0.0.1"))], sshd.identity());
    let both = task("echo $PPID; sleep 0.5", Input::default(), None);
    let went = carry(&fleet, &["node1", "node1"], &both, None, Pace::default());
    let frozen = went
        .iter()
        .map(|went| String::from_utf8_lossy(&went.output));
    let frozen: Vec<_> = frozen.map(|pid| pid.trim().to_owned()).collect();
    assert_ne!(frozen[0], frozen[1]);
    for pid in &frozen {
        signal("STOP", pid);
    }
    assert_eq!(say(&fleet, "node1", "echo there"), "there");
    for pid in &frozen {
        signal("KILL", pid);
    }
}

fn signal(name: &str, pid: &str) {
    let kill = std::process::Command::new("kill")
        .args(["-s", name, pid])
        .status();
    assert!(kill.unwrap().success());
}

/// Also where somebody opened the folder and the socket to all.
#[test]
fn another_user_is_not_let_in() {
    use std::io::Read as _;
    use std::os::unix::net::UnixStream;
    let Some(sshd) = Sshd::start() else { return };
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can be another user");
        return;
    }
    let home = Home::new();
    let kept = home.kept(&sshd, &[("node1", sshd.entry("127.0.0.1"))]);
    say(&kept, "node1", "true");
    for (path, mode) in [
        (home.folder.path().to_owned(), 0o755),
        (home.socket(), 0o666),
    ] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let socket = home.socket();
    let stranger = thread::spawn(move || {
        let nobody = rustix::process::Uid::from_raw(65534);
        // Of this thread alone.
        rustix::thread::set_thread_res_uid(nobody, nobody, nobody).unwrap();
        UnixStream::connect(socket).unwrap().read(&mut [0]).unwrap()
    });
    assert_eq!(
        stranger.join().unwrap(),
        0,
        "the keeper spoke to a stranger"
    );
}

#[test]
fn a_keeper_that_is_silent_is_done_without() {
    let Some(sshd) = Sshd::start() else { return };
    let home = Home::new();
    let silent = std::os::unix::net::UnixListener::bind(home.socket()).unwrap();
    let fleet = sshd
        .fleet(&[("node1", sshd.entry("127.0.0.1"))])
        .kept_by(never_started(home.folder.path()));
    assert_eq!(say(&fleet, "node1", "echo there"), "there");
    drop(silent);
}
