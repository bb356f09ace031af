//! Files and trees to nodes and back.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::cluster_file::wait_until;
use crate::ran::Ran;
use crate::twin::cluster;

/// A directory on this machine, and one on every node that is gone in the end.
struct Here {
    folder: TempDir,
}

impl Here {
    fn new() -> Self {
        cluster()
            .run(&["run", "@all", "--", "mkdir copies"])
            .exits(0);
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::create_dir_all(Path::new(&path).parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        cluster().run(&["run", "@all", "--", "rm -rf copies"]);
    }
}

/// What all nodes answer, if it is the same.
fn everywhere(script: &str) -> String {
    let run = cluster().run(&["run", "@all", "--", script]);
    let answer = run.exits(0).stdout.clone();
    let same = answer.strip_prefix("head,node[1-5]:");
    same.unwrap_or_else(|| panic!("not the same everywhere: {run}"))
        .trim()
        .to_owned()
}

pub(crate) fn a_tree_goes_to_all_nodes_and_back_and_only_changes_go_again() {
    let here = Here::new();
    here.write("tree/sub/a b", "content");
    let changed = here.write("tree/sub/c", "more");
    std::os::unix::fs::symlink("sub/c", here.path("tree/link")).unwrap();
    let tree = here.path("tree");
    let copy = || cluster().run(&["cp", &tree, "@all:copies/"]);

    copy().exits(0).prints("copied 3 files (11 B) to 6 nodes");
    let seen = everywhere("cd copies && find tree -printf '%p %m %T@ %l\\n' | sort");
    let find = ["-c", "find tree -printf '%p %m %T@ %l\\n' | sort"];
    let expected = Ran::of(Command::new("sh").args(find).current_dir(&here.folder));
    assert_eq!(seen, expected.stdout.trim());

    copy().exits(0).prints("already there on 6 nodes");
    fs::write(changed, "changed").unwrap();
    cluster()
        .run(&["cp", "--dry-run", &tree, "@all:copies/"])
        .exits(0)
        .prints("would copy 1 file (7 B) to 6 nodes");
    copy().exits(0).prints("copied 1 file (7 B) to 6 nodes");

    let back = here.path("back");
    let fetch = || cluster().run(&["cp", "@worker:copies/tree", &back]);
    fetch()
        .exits(0)
        .prints("copied 2 files (14 B) from 5 nodes")
        .prints(&format!(": {back}/node[1-5]/tree\n"));
    for node in ["node1", "node5"] {
        let fetched = format!("{back}/{node}/tree");
        let difference =
            Ran::of(Command::new("diff").args(["-r", "--no-dereference", &tree, &fetched]));
        difference.exits(0);
    }
    fetch().exits(0).prints("already here from 5 nodes");
}

pub(crate) fn what_the_kernel_makes_when_it_is_read_is_copied_and_what_may_not_be_read_leaves_nothing()
 {
    let here = Here::new();
    let made = here.path("made");
    let fetch = |from: &str| cluster().run(&["cp", from, &made]);
    fetch("node1:/proc/version")
        .exits(0)
        .prints("copied 1 file");
    let version = fs::read_to_string(format!("{made}/node1/version")).unwrap();
    assert_eq!(version.trim(), cluster().on("node1", "cat /proc/version"));
    fs::remove_dir_all(&made).unwrap();
    fetch("node1:/etc/shadow")
        .exits(1)
        .says("Permission denied; with `--sudo` root does it");
    fetch("node1:*.log")
        .exits(1)
        .says("cannot read *.log: No such file");
    assert!(!fs::exists(&made).unwrap());
}

pub(crate) fn a_node_that_cannot_take_it_is_told_with_the_remedy_and_the_others_are_done() {
    let here = Here::new();
    let file = here.write("file", "new");
    everywhere("echo old > copies/file; touch -d 2001-01-01 copies/file");
    cluster().on(
        "node2",
        "chown root /home/pi/copies && chmod 755 /home/pi/copies",
    );
    cluster().on(
        "node3",
        "rm /home/pi/copies/file && mkdir /home/pi/copies/file",
    );
    let copy = cluster().run(&["--json", "cp", &file, "@worker:copies/"]);
    let records = copy.exits(1).json();
    let of = |nth: usize, key: &str| records[nth][key].as_str().unwrap_or_default().to_owned();
    assert_eq!(of(0, "status"), "copied");
    assert!(
        of(1, "reason").contains("Permission denied; with `--sudo`"),
        "{copy}"
    );
    assert!(of(2, "reason").contains("is a directory there"), "{copy}");
    assert_eq!(cluster().on("node2", "cat /home/pi/copies/file"), "old");
    assert_eq!(cluster().on("node1", "cat /home/pi/copies/file"), "new");
    cluster()
        .run(&["cp", "--sudo", &file, "node2:copies/"])
        .exits(0);
    assert_eq!(cluster().on("node2", "cat /home/pi/copies/file"), "new");
    cluster().on("node2", "chown pi /home/pi/copies");
}

pub(crate) fn a_copy_that_is_killed_leaves_the_old_file_and_no_remains() {
    let here = Here::new();
    let file = here.write("file", vec![7; 200_000_000]);
    everywhere("echo old > copies/file");
    let copy = cluster().start(&["cp", &file, "@worker:copies/"]);
    let under_way = || {
        cluster()
            .on("node1", "ls -A /home/pi/copies")
            .contains(".bramble-cp")
    };
    wait_until("the copy begins", Duration::from_secs(20), under_way);
    assert_eq!(copy.end(Signal::KILL), None);
    wait_until("all remains are gone", Duration::from_secs(20), || {
        let left = cluster().run(&["run", "@worker", "--", "ls -A copies; cat copies/file"]);
        left.exits(0).stdout == "node[1-5]:\nfile\nold\n"
    });
}

pub(crate) fn nodes_pass_a_file_on_and_whoever_is_not_trusted_is_sent_to_directly() {
    const KNOWN: &str = "/etc/ssh/ssh_known_hosts";
    let here = Here::new();
    let content: Vec<u8> = (0..=250_u8).cycle().take(3_000_000).collect();
    let copy = |name: &str| {
        let file = here.write(name, &content);
        cluster().run(&["cp", "--relay-from", "2", &file, "@all:copies/"])
    };
    let passed_on = copy("one");
    passed_on.exits(0).prints("copied 1 file (3 MB) to 6 nodes");
    passed_on.is_silent_about("note");
    assert_eq!(
        everywhere("cksum copies/one; ls -A copies").lines().last(),
        Some("one")
    );
    // The others are sent the first two's copies, and have heard of it.
    let accepted =
        "journalctl -u ssh --since -60s | grep -c 'Accepted publickey for pi from 10.55'";
    let logins = ["head", "node1", "node2", "node3", "node4", "node5"].map(|node| {
        cluster()
            .try_on(node, accepted)
            .stdout
            .trim()
            .parse()
            .unwrap_or(0)
    });
    assert!(logins.iter().sum::<u32>() >= 4, "{logins:?}");

    // Node 4 shows another key to the others than the one that they know.
    for node in ["head", "node1", "node2", "node3"] {
        let wrong = format!(
            "cp {KNOWN} /root/known && \
             other=$(awk '/^node5,/ {{ print $3 }}' {KNOWN}) && \
             awk -v other=\"$other\" '/^node4,/ {{ $3 = other }} 1' /root/known > {KNOWN}"
        );
        cluster().on(node, &wrong);
    }
    let around = copy("two");
    around.exits(0).prints("copied 1 file (3 MB) to 6 nodes");
    around.says("node4").says("Host key verification failed");
    everywhere("cmp copies/one copies/two && ls -A copies");
    for node in ["head", "node1", "node2", "node3"] {
        cluster().on(node, &format!("mv /root/known {KNOWN}"));
    }
    cluster().run(&["up"]).exits(0).prints("0 changes:");
}
