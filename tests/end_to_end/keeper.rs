//! Connections that are kept from one command to the next.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::cluster_file::{ClusterFile, wait_until};
use crate::twin::cluster;

/// The process that keeps the connections to the twin's nodes, known by the folder
/// that it works in.
pub(crate) fn keeper(of: &ClusterFile) -> Option<Pid> {
    let kept = of.kept("");
    let is_keeper = |process: &Path| {
        let here = fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == *kept);
        let line = fs::read_to_string(process.join("cmdline")).unwrap_or_default();
        here && line.contains("\0keeper\0keeper-twin-0\0")
    };
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|process| is_keeper(process))
        .and_then(|process| Pid::from_raw(process.file_name()?.to_str()?.parse().ok()?))
}

fn server(arguments: &[&str]) -> String {
    let arguments = [arguments, &["run", "node1", "--", "echo $PPID"]].concat();
    cluster().run(&arguments).exits(0).stdout.clone()
}

pub(crate) fn connections_are_kept_from_one_command_to_the_next() {
    let first = server(&[]);
    assert_eq!(server(&[]), first);
    assert_ne!(server(&["--cold"]), first);
}

pub(crate) fn a_keeper_that_is_killed_is_told_and_replaced() {
    server(&[]);
    let run = cluster().start(&["run", "node1", "--", "touch /tmp/begun; sleep 3"]);
    wait_until("the command begins", Duration::from_secs(5), || {
        cluster().try_on("node1", "rm /tmp/begun").status == Some(0)
    });
    kill_process(keeper(cluster()).unwrap(), Signal::KILL).unwrap();
    run.finish()
        .exits(4)
        .says("node1")
        .says("the process that keeps the connections has ended");
    server(&[]);
}

pub(crate) fn another_user_gets_neither_to_the_connections_nor_to_the_keys() {
    server(&[]);
    for (name, mode) in [("", 0o700), ("keeper-twin-0", 0o600), ("keys", 0o700)] {
        let found = fs::metadata(cluster().kept(name)).unwrap().permissions();
        assert_eq!(found.mode() & 0o777, mode, ".bramble/{name}");
    }
    let open = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "ls"])
        .arg(cluster().kept("keeper-twin-0"))
        .output()
        .unwrap();
    assert!(
        String::from_utf8_lossy(&open.stderr).contains("Permission denied"),
        "{open:?}"
    );
}

pub(crate) fn a_dead_node_costs_its_time_and_the_others_answer() {
    let cluster = cluster();
    cluster.run(&["run", "node[1-3]", "--", "true"]).exits(0);
    cluster.run(&["lab", "fail", "node2"]).exits(0);
    let run = cluster.run(&[
        "run",
        "--connect-timeout",
        "3",
        "node[1-3]",
        "--",
        "echo here",
    ]);
    cluster.run(&["lab", "heal", "node2"]).exits(0);
    run.exits(4).prints("node[1,3]: here").says("node2");
    assert!(run.took < Duration::from_secs(15), "{:?}", run.took);
    wait_until("node2 answers again", Duration::from_mins(1), || {
        cluster.run(&["run", "node2", "--", "true"]).status == Some(0)
    });
}
