//! The scripts for nodes, run for real by this machine's `sh`, in a temporary
//! directory that stands for a node's home. Not in here: SSH.

use std::collections::BTreeMap;
use std::fs::{self, File, FileTimes, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use bramble_fleet::Part;
use tempfile::TempDir;

use crate::copy::archive::{Sums, pack};
use crate::copy::ask::{ASK, question, seen};
use crate::copy::deliver::{Delivery, LOADER};
use crate::copy::item::Kind;
use crate::copy::listing::{Lack, Refusal, Terms, compare};
use crate::copy::place::{Place, Remote};
use crate::copy::relay::Branch;
use crate::copy::talk::with_remedy;
use crate::copy::tree::{self, Sources};

/// This machine in place of a node.
struct Node {
    home: TempDir,
    here: TempDir,
}

/// How a copy went.
#[derive(Debug)]
struct Went {
    status: i32,
    result: String,
    message: String,
    complaint: String,
}

fn remote(path: &str) -> Remote {
    match Place::parse(format!("n1:{path}").as_ref()).unwrap() {
        Place::There { path, .. } => path,
        Place::Here(_) => unreachable!(),
    }
}

impl Node {
    fn new() -> Self {
        Self {
            home: TempDir::new().unwrap(),
            here: TempDir::new().unwrap(),
        }
    }

    fn there(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    /// A file of this machine.
    fn write(&self, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.here.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    fn sh(&self, script: &str, input: &[u8]) -> Child {
        let mut child = Command::new("/bin/sh")
            .args(["-c", script])
            .current_dir(self.home.path())
            .env("HOME", self.home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A script that ends early does not read to the end.
        let _closed = child.stdin.as_mut().unwrap().write_all(input);
        child
    }

    fn lack(&self, sources: &Sources, to: &str, terms: Terms) -> Result<Lack, Refusal> {
        let to = remote(to);
        let child = self.sh(ASK, &question(sources, &to));
        let answer = child.wait_with_output().unwrap();
        let seen = seen(&answer.stdout).unwrap_or_else(|| panic!("{answer:?}"));
        let mut lack = compare(sources, &to, &seen, terms)?;
        lack.settle(sources, &seen, &|_| true, terms)?;
        Ok(lack)
    }

    fn delivery(&self, sources: &Sources, to: &str) -> Delivery {
        let lack = self.lack(sources, to, Terms::default()).unwrap();
        Delivery {
            archive: pack(sources, &lack, &mut Sums::new(&AtomicBool::new(false))).unwrap(),
            lack,
            members: Vec::new(),
        }
    }

    fn input(delivery: &Delivery) -> Vec<u8> {
        let head = delivery.head(&Branch::alone(None), &BTreeMap::new());
        let mut input = head.into_bytes();
        for part in &delivery.archive.parts {
            match part {
                Part::Bytes(bytes) => input.extend_from_slice(bytes.expose()),
                Part::File { path, length } => {
                    let content = fs::read(path).unwrap();
                    input.extend_from_slice(&content[..usize::try_from(*length).unwrap()]);
                }
            }
        }
        input
    }

    fn receive(&self, input: &[u8]) -> Went {
        went(self.sh(LOADER, input))
    }

    fn copy(&self, from: &[PathBuf], to: &str) -> Went {
        let sources = tree::read(from).unwrap();
        let delivery = self.delivery(&sources, to);
        self.receive(&Self::input(&delivery))
    }

    /// Whether a second copy would send anything.
    fn is_there(&self, from: &[PathBuf], to: &str) -> bool {
        let sources = tree::read(from).unwrap();
        let lack = self.lack(&sources, to, Terms::default());
        lack.unwrap().is_nothing()
    }

    /// Everything in the home directory, hidden or not.
    fn all(&self) -> Vec<String> {
        let found = Command::new("find")
            .args([".", "-mindepth", "1", "-printf", "%P\\n"])
            .current_dir(self.home.path())
            .output()
            .unwrap();
        let text = String::from_utf8(found.stdout).unwrap();
        let mut all: Vec<_> = text.lines().map(str::to_owned).collect();
        all.sort();
        all
    }
}

fn went(child: Child) -> Went {
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let last = text.lines().last().unwrap_or_default().to_owned();
    let fields: Vec<_> = last.split('\u{1f}').map(str::to_owned).collect();
    let field = |nth| fields.get(nth).cloned().unwrap_or_default();
    Went {
        status: output.status.code().unwrap_or(-1),
        result: field(2),
        message: field(3),
        complaint: String::from_utf8(output.stderr).unwrap(),
    }
}

#[track_caller]
fn copied(went: &Went) {
    assert_eq!(
        (went.status, went.result.as_str()),
        (0, "copied"),
        "{went:?}"
    );
    assert_eq!(went.complaint, "");
}

fn set_time(path: &Path, seconds: u64, nanoseconds: u32) {
    let time = SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds);
    let times = FileTimes::new().set_modified(time);
    File::open(path).unwrap().set_times(times).unwrap();
}

#[test]
fn a_file_comes_with_its_mode_and_its_time_to_the_nanosecond() {
    let node = Node::new();
    let file = node.write("a b'\\$", "content");
    fs::set_permissions(&file, Permissions::from_mode(0o751)).unwrap();
    set_time(&file, 1_234_567_890, 123_456_789);
    copied(&node.copy(std::slice::from_ref(&file), ""));
    let found = fs::metadata(node.there("a b'\\$")).unwrap();
    assert_eq!(found.mode() & 0o7777, 0o751);
    assert_eq!(
        (found.mtime(), found.mtime_nsec()),
        (1_234_567_890, 123_456_789)
    );
    assert!(node.is_there(&[file], ""));
    assert_eq!(node.all(), ["a b'\\$"]);
}

fn tree(node: &Node) -> PathBuf {
    node.write("tree/a", "one");
    node.write("tree/-n", "dash");
    node.write("tree/sub/deep/b", vec![7; 700_000]);
    node.write("tree/sub/empty", "");
    let long = "l".repeat(200);
    node.write(&format!("tree/{long}/{long}"), "long");
    let root = node.here.path().join("tree");
    symlink("sub/deep/b", root.join("link")).unwrap();
    symlink("/nowhere", root.join("dangling")).unwrap();
    fs::create_dir(root.join("void")).unwrap();
    fs::set_permissions(root.join("void"), Permissions::from_mode(0o555)).unwrap();
    set_time(&root.join("sub"), 1_000_000_000, 1);
    set_time(&root, 1_000_000_001, 2);
    root
}

#[test]
fn a_tree_comes_whole_and_a_second_time_nothing_is_sent() {
    let node = Node::new();
    let root = tree(&node);
    copied(&node.copy(std::slice::from_ref(&root), "x/"));
    assert!(node.is_there(std::slice::from_ref(&root), "x/"));
    let here = fs::metadata(root.join("sub")).unwrap();
    let there = fs::metadata(node.there("x/tree/sub")).unwrap();
    assert_eq!(
        (there.mtime(), there.mtime_nsec()),
        (here.mtime(), here.mtime_nsec())
    );
    let difference = Command::new("diff")
        .args(["-r", "--no-dereference"])
        .args([&root, &node.there("x/tree")])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&difference.stdout), "");
    assert!(difference.status.success());
}

#[test]
fn only_what_changed_in_a_tree_is_sent_and_times_of_directories_are_right_again() {
    let node = Node::new();
    let root = tree(&node);
    copied(&node.copy(std::slice::from_ref(&root), ""));
    node.write("tree/sub/new/file", "new");
    node.write("tree/a", "ONE");
    let touched = root.join("sub/deep/b");
    set_time(&touched, 5, 5);
    let sources = tree::read(std::slice::from_ref(&root)).unwrap();
    let delivery = node.delivery(&sources, "");
    let path = |&nth: &usize| sources.items[nth].path.to_str().unwrap().to_owned();
    let sent: Vec<_> = delivery.lack.send.iter().map(path).collect();
    // The stand-in for the hashes says that equal sizes are equal content.
    assert_eq!(sent, ["tree/sub/new", "tree/sub/new/file"]);
    copied(&node.receive(&Node::input(&delivery)));
    assert!(node.is_there(&[root], ""));
    assert_eq!(
        fs::metadata(node.there("tree/sub/deep/b")).unwrap().mtime(),
        5
    );
}

#[test]
fn what_is_there_is_replaced_and_what_else_is_there_stays() {
    let node = Node::new();
    let root = node
        .write("tree/a", "new and longer")
        .parent()
        .unwrap()
        .to_owned();
    fs::create_dir(node.there("tree")).unwrap();
    fs::write(node.there("tree/a"), "old").unwrap();
    fs::write(node.there("tree/kept"), "kept").unwrap();
    let inode = fs::metadata(node.there("tree/a")).unwrap().ino();
    copied(&node.copy(&[root], ""));
    assert_eq!(fs::read(node.there("tree/a")).unwrap(), b"new and longer");
    assert_ne!(fs::metadata(node.there("tree/a")).unwrap().ino(), inode);
    assert_eq!(node.all(), ["tree", "tree/a", "tree/kept"]);
}

#[test]
fn a_file_is_put_under_another_name_and_a_link_there_is_replaced() {
    let node = Node::new();
    let file = node.write("a", "content");
    fs::write(node.there("other"), "other").unwrap();
    symlink("other", node.there("b")).unwrap();
    copied(&node.copy(std::slice::from_ref(&file), "b"));
    assert!(fs::symlink_metadata(node.there("b")).unwrap().is_file());
    assert_eq!(fs::read(node.there("other")).unwrap(), b"other");
    assert!(node.is_there(&[file], "b"));
}

#[test]
fn a_tree_of_many_small_files_is_put_in_place_by_few_processes() {
    let node = Node::new();
    for nth in 0..3000 {
        node.write(&format!("many/{}/file{nth}", nth % 3), format!("{nth}"));
    }
    let root = node.here.path().join("many");
    fs::create_dir_all(node.there("many/1")).unwrap();
    let started = Instant::now();
    copied(&node.copy(std::slice::from_ref(&root), ""));
    assert!(started.elapsed() < Duration::from_secs(20));
    assert!(node.is_there(&[root], ""));
}

#[test]
fn more_names_than_a_command_line_takes_are_put_in_place() {
    let node = Node::new();
    for nth in 0..1500 {
        node.write(&format!("flat/{nth}{}", "x".repeat(200)), "");
    }
    let root = node.here.path().join("flat");
    fs::create_dir(node.there("flat")).unwrap();
    copied(&node.copy(std::slice::from_ref(&root), ""));
    assert!(node.is_there(&[root], ""));
}

#[test]
fn content_that_changed_on_its_way_changes_nothing_there() {
    let node = Node::new();
    let (first, second) = (
        node.write("d/a", "first"),
        node.write("d/b", vec![1; 300_000]),
    );
    fs::write(node.there("a"), "old").unwrap();
    fs::write(node.there("b"), "old").unwrap();
    let sources = tree::read(&[first, second.clone()]).unwrap();
    let delivery = node.delivery(&sources, "");
    fs::write(&second, vec![2; 300_000]).unwrap();
    let went = node.receive(&Node::input(&delivery));
    assert_eq!(
        (went.status, went.result.as_str()),
        (1, "differs"),
        "{went:?}"
    );
    let place: usize = went.message.parse().unwrap();
    let path = &sources.items[delivery.archive.files[place - 1]].path;
    assert_eq!(path, Path::new("b"));
    assert_eq!(fs::read(node.there("a")).unwrap(), b"old");
    assert_eq!(node.all(), ["a", "b"]);
}

#[test]
fn a_stream_that_is_cut_off_changes_nothing_there() {
    let node = Node::new();
    let file = node.write("a", vec![1; 400_000]);
    fs::write(node.there("a"), "old").unwrap();
    let sources = tree::read(&[file]).unwrap();
    let input = Node::input(&node.delivery(&sources, ""));
    for length in [input.len() - 200_000, input.len() - 398_000] {
        let went = node.receive(&input[..length]);
        assert_eq!(
            (went.status, went.result.as_str()),
            (1, "failed"),
            "{went:?}"
        );
        assert_eq!(fs::read(node.there("a")).unwrap(), b"old");
        assert_eq!(node.all(), ["a"]);
    }
}

#[test]
fn a_copy_that_is_ended_leaves_nothing_behind() {
    let node = Node::new();
    let file = node.write("a", vec![1; 400_000]);
    let sources = tree::read(&[file]).unwrap();
    let input = Node::input(&node.delivery(&sources, "new/"));
    let child = node.sh(LOADER, &input[..input.len() - 100_000]);
    let waited = Instant::now();
    while !node.all().iter().any(|path| path.ends_with("new/a")) {
        assert!(
            waited.elapsed() < Duration::from_secs(10),
            "{:?}",
            node.all()
        );
        sleep(Duration::from_millis(10));
    }
    let id = i32::try_from(child.id()).unwrap();
    let pid = rustix::process::Pid::from_raw(id).unwrap();
    // Again and again, as whoever ends it does.
    for _ in 0..5 {
        let _gone = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        sleep(Duration::from_millis(5));
    }
    went(child);
    assert_eq!(node.all(), Vec::<String>::new());
}

#[test]
fn what_a_power_failure_left_is_removed_by_the_next_copy() {
    let node = Node::new();
    let file = node.write("a", "content");
    fs::create_dir_all(node.there(".bramble-cp.abcdef/new")).unwrap();
    set_time(&node.there(".bramble-cp.abcdef"), 1_000_000_000, 0);
    // Another may be at work in this one.
    fs::create_dir_all(node.there(".bramble-cp.ghijkl/new")).unwrap();
    fs::create_dir_all(node.there(".bramble-cp.kept")).unwrap();
    copied(&node.copy(&[file], ""));
    assert_eq!(
        node.all(),
        [
            ".bramble-cp.ghijkl",
            ".bramble-cp.ghijkl/new",
            ".bramble-cp.kept",
            "a"
        ]
    );
}

#[test]
fn a_directory_that_the_account_may_not_write_to_is_told_of() {
    let node = Node::new();
    let file = node.write("a", "content");
    fs::create_dir(node.there("closed")).unwrap();
    fs::set_permissions(node.there("closed"), Permissions::from_mode(0o555)).unwrap();
    let sources = tree::read(&[file]).unwrap();
    let delivery = node.delivery(&sources, "closed/");
    // Root may write everywhere, hence somebody else does it.
    fs::set_permissions(node.home.path(), Permissions::from_mode(0o755)).unwrap();
    let went = if rustix::process::geteuid().is_root() {
        let script = format!(
            "exec setpriv --reuid=65534 --regid=65534 --clear-groups /bin/sh -c '{LOADER}'"
        );
        went(node.sh(&script, &Node::input(&delivery)))
    } else {
        node.receive(&Node::input(&delivery))
    };
    assert_eq!(went.result, "failed");
    assert!(went.message.contains("Permission denied"), "{went:?}");
}

/// Runs the receiver where `mount` was done first, in a mount namespace of its own,
/// and tells in its complaint what is on the disk afterwards.
fn receive_on(node: &Node, mount: &str, delivery: &Delivery) -> Option<Went> {
    if !rustix::process::geteuid().is_root() {
        println!("not tried: only root can mount");
        return None;
    }
    let script = format!(
        "{mount} || exit 99; /bin/sh -c '{LOADER}'; status=$?
        ls -A disk >&2; cat disk/* >&2; exit $status"
    );
    let mut child = Command::new("unshare")
        .args(["-m", "/bin/sh", "-c", &script])
        .current_dir(node.home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A script that ends early does not read to the end.
    let _closed = child
        .stdin
        .as_mut()
        .unwrap()
        .write_all(&Node::input(delivery));
    let went = went(child);
    assert_ne!(went.status, 99, "{went:?}");
    Some(went)
}

#[test]
fn a_full_disk_leaves_the_old_file_and_no_remains() {
    let node = Node::new();
    let file = node.write("a", vec![1; 900_000]);
    let sources = tree::read(&[file]).unwrap();
    fs::create_dir(node.there("disk")).unwrap();
    let delivery = node.delivery(&sources, "disk/");
    let mount = "mount -t tmpfs -o size=512k none disk && echo old >disk/a";
    let Some(went) = receive_on(&node, mount, &delivery) else {
        return;
    };
    assert_eq!(
        (went.status, went.result.as_str()),
        (1, "failed"),
        "{went:?}"
    );
    let message = with_remedy(&went.message);
    assert!(message.contains("make room there"), "{message}");
    assert!(!message.contains("Exiting"), "{message}");
    assert_eq!(went.complaint, "a\nold\n");
}

#[test]
fn a_read_only_file_system_is_told_of() {
    let node = Node::new();
    let file = node.write("a", "content");
    let sources = tree::read(&[file]).unwrap();
    fs::create_dir(node.there("disk")).unwrap();
    let delivery = node.delivery(&sources, "disk/");
    let Some(went) = receive_on(
        &node,
        "mount -t tmpfs none disk && echo old >disk/a && mount -o remount,ro disk",
        &delivery,
    ) else {
        return;
    };
    assert_eq!(went.result, "failed");
    assert!(went.message.contains("Read-only file system"), "{went:?}");
    assert_eq!(went.complaint, "a\nold\n");
}

#[test]
fn a_file_in_the_way_of_a_directory_is_refused_before_anything_is_sent() {
    let node = Node::new();
    let root = tree(&node);
    fs::create_dir(node.there("tree")).unwrap();
    fs::write(node.there("tree/sub"), "in the way").unwrap();
    let sources = tree::read(&[root]).unwrap();
    let refused = node.lack(&sources, "", Terms::default()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "tree/sub is no directory there, and in the way of one; move it away first"
    );
    assert!(matches!(sources.items[0].kind, Kind::Directory));
}
