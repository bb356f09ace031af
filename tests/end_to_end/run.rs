//! One command on many nodes.

use std::fs::{self, File, OpenOptions};
use std::process::Output;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::cluster_file::{ClusterFile, wait_until};
use crate::ran::Ran;
use crate::twin::cluster;

pub(crate) fn equal_answers_are_shown_once() {
    let run = cluster().run(&[
        "run",
        "@all",
        "--",
        "stat -c %n /usr/sbin/slurmctld /etc/hosts",
    ]);
    assert_eq!(
        run.exits(0).stdout,
        "head,node[1-5]:\n/usr/sbin/slurmctld\n/etc/hosts\n"
    );
    let run = cluster().run(&[
        "run",
        "node[1-3]",
        "--",
        "[ $(hostname) = node2 ] && echo odd || echo even",
    ]);
    assert_eq!(run.exits(0).stdout, "node[1,3]: even\nnode2: odd\n");
    let run = cluster().run(&[
        "run",
        "@worker!node[2-5]",
        "--",
        "printf",
        "<%s>",
        "a b",
        "$HOME",
        "'",
    ]);
    assert_eq!(run.exits(0).stdout, "node1: <a b><$HOME><'>\n");
}

pub(crate) fn complaints_are_folded_apart() {
    let run = cluster().run(&["run", "node[1-2]", "--", "hostname; echo no >&2"]);
    run.exits(0).says("node[1-2]: no\n");
    assert_eq!(run.stdout, "node1: node1\nnode2: node2\n");
}

pub(crate) fn the_exit_code_says_whether_all_succeeded() {
    cluster().run(&["run", "@all", "--", "true"]).exits(0);
    let run = cluster().run(&["run", "@worker", "--", "[ $(hostname) != node3 ] || exit 7"]);
    run.exits(1).says("failed on 1 node: node3 (exit 7)");
    let line = "case $(hostname) in node2) exit 7;; node3) exit 40;; esac";
    let run = cluster().run(&["run", "@worker", "-S", "--", line]);
    run.exits(40).says("failed on 2 nodes");
    let run = cluster().run(&["run", "nod3", "--", "true"]);
    run.exits(2).says("nod3").says("node3");
}

pub(crate) fn answers_come_as_json() {
    let run = cluster().run(&[
        "--json",
        "run",
        "node[1-2]",
        "--",
        r#"hostname; printf '"\377\n'; echo no >&2; exit 3"#,
    ]);
    let answers = run.exits(1).json();
    for (index, node) in ["node1", "node2"].into_iter().enumerate() {
        assert_eq!(answers[index]["node"], node);
        assert_eq!(answers[index]["status"], 3);
        assert_eq!(answers[index]["output"], format!("{node}\n\"\u{fffd}\n"));
        assert_eq!(answers[index]["complaint"], "no\n");
        assert!(answers[index]["seconds"].is_f64());
    }
    assert_eq!(answers.as_array().unwrap().len(), 2);
}

pub(crate) fn lines_are_shown_live_behind_their_node() {
    let line = "hostname; sleep 0.3; printf 'no end'; echo odd >&2";
    let mut run = cluster().run(&["run", "node[1-2]", "--live", "--", line]);
    let mut lines: Vec<_> = run.exits(0).stdout.lines().collect();
    assert!(lines[0].ends_with(": node1") || lines[0].ends_with(": node2"));
    lines[2..].sort_unstable();
    assert_eq!(lines[2..], ["node1: no end", "node2: no end"]);
    run.stderr = run.stderr.replace("node1", "node2");
    run.says("node2: odd\nnode2: odd\n");
}

pub(crate) fn answers_can_be_shown_one_by_one_or_against_the_usual_one() {
    let line = "echo same; [ $(hostname) != node3 ] || printf '\\033[2Jodd'";
    let run = cluster().run(&["run", "node[1-3]", "--each", "--", line]);
    assert_eq!(
        run.exits(0).stdout,
        "node1:\nsame\nnode2:\nsame\nnode3:\nsame\n\u{1b}[2Jodd\n"
    );
    let run = cluster().run(&["run", "node[1-3]", "--diff", "--", line]);
    assert_eq!(
        run.exits(0).stdout,
        "node[1-2]: same\nnode3: +1 -0 against node[1-2]\n@@ -1 +1,2 @@\n same\n+\u{1b}[2Jodd\n"
    );
}

pub(crate) fn answers_are_written_to_a_file_a_node() {
    let folder = cluster().folder().join("answers");
    let out = folder.to_str().unwrap();
    fs::create_dir_all(&folder).unwrap();
    for name in ["node1", "node1.err", "node2"] {
        fs::write(folder.join(name), "of an earlier run").unwrap();
    }
    let line = "hostname; [ $(hostname) != node2 ] || sleep 60; echo odd >&2; exit 3";
    let run = cluster().run(&[
        "run",
        "node[1-2]",
        "--timeout",
        "1",
        "--out",
        out,
        "--",
        line,
    ]);
    run.exits(1)
        .says("failed on 1 node: node1 (exit 3)")
        .says("timed out on 1 node: node2")
        .says("NODE.partial: node2")
        .says("from an earlier run")
        .says(": node2\n");
    assert_eq!(run.stdout, "");
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!([text("node1"), text("node1.err")], ["node1\n", "odd\n"]);
    assert_eq!(text("node2"), "of an earlier run");
    assert_eq!(text("node2.partial"), "node2\n");
    let mut names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["node1", "node1.err", "node2", "node2.partial"]);
}

pub(crate) fn standard_input_reaches_all_nodes() {
    let run = fed(
        cluster(),
        b"a\nb\n",
        &["run", "@worker", "--", "cat; wc -c"],
    );
    assert_eq!(run.stdout, b"node[1-5]:\na\nb\n0\n", "{run:?}");
    let run = fed(cluster(), b"a\nb\n", &["run", "node1", "-n", "--", "wc -c"]);
    assert_eq!(run.stdout, b"node1: 0\n", "{run:?}");
}

pub(crate) fn a_script_runs_with_its_arguments_and_leaves_nothing() {
    let script = cluster().folder().join("script");
    fs::write(
        &script,
        "#!/bin/bash\necho \"<$*>\" ${BASH_VERSION:+bash}; cat; exit 4\n",
    )
    .unwrap();
    let script = script.to_str().unwrap();
    let files = || cluster().on("node1", "ls -A /tmp");
    let before = files();
    let typed = ["run", "node[1-2]", "--script", script, "--", "a b", "it's"];
    let run = fed(cluster(), b"the rest\n", &typed);
    assert_eq!(
        run.stdout, b"node[1-2]:\n<a b it's> bash\nthe rest\n",
        "{run:?}"
    );
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(files(), before);
}

pub(crate) fn variables_and_root_are_there_if_wanted() {
    let mut command = cluster().bramble(&aimed(
        cluster(),
        &[
            "run",
            "node1",
            "--sudo",
            "-e",
            "HERE",
            "-e",
            "GIVEN=$x 'y'",
            "--",
            "id -un; echo \"$HERE $GIVEN\"",
        ],
    ));
    let run = Ran::of(command.env("HERE", "as it is"));
    assert_eq!(run.exits(0).stdout, "node1:\nroot\nas it is $x 'y'\n");
}

pub(crate) fn a_command_that_takes_too_long_is_ended_on_its_node() {
    for more in [&[][..], &["--sudo"]] {
        let line = "echo begun; sleep 4711";
        let typed = [&["run", "node[1-2]", "--timeout", "1"], more, &["--", line]].concat();
        let run = cluster().run(&typed);
        run.exits(1)
            .says("timed out on 2 nodes: node[1-2]")
            .prints("node[1-2]: begun");
        for node in ["node1", "node2"] {
            assert_eq!(running(node, "sleep 4711"), "", "{more:?}");
        }
    }
}

pub(crate) fn ctrl_c_ends_the_command_on_all_nodes_and_shows_what_came() {
    let line = "hostname; [ $(hostname) = node3 ] || sleep 4712";
    let child = cluster().start(&["run", "node[1-3]", "--", line]);
    wait_until("the command runs", Duration::from_secs(10), || {
        ["node1", "node2"]
            .iter()
            .all(|node| !running(node, "sleep 4712").is_empty())
    });
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    let run = child.finish();
    run.exits(130).says("interrupted: node[1-2]\n");
    assert_eq!(run.stdout, "node1: node1\nnode2: node2\nnode3: node3\n");
    for node in ["node1", "node2"] {
        assert_eq!(running(node, "sleep 4712"), "");
    }
}

pub(crate) fn no_node_can_disturb_the_terminal_unless_it_may() {
    let line = "sleep 0.5; printf '\\033[2J\\rnode9: ok\\n'";
    let shown = at_a_terminal(&["run", "node[1-2]", "--", line]);
    assert!(shown.contains("^[[2J^Mnode9: ok"), "{shown:?}");
    assert!(!shown.contains("\u{1b}[2J"), "{shown:?}");
    assert!(shown.contains("0/2 nodes, open: node[1-2]"), "{shown:?}");
    let shown = at_a_terminal(&["run", "node[1-2]", "--live", "--", line]);
    assert!(shown.contains("^[[2J^Mnode9: ok"), "{shown:?}");
    assert!(!shown.contains("\u{1b}[2J"), "{shown:?}");
    let shown = at_a_terminal(&["run", "node[1-2]", "--raw", "--", line]);
    assert!(shown.contains("\u{1b}[2J\rnode9: ok"), "{shown:?}");
}

/// What the command shows on a terminal of its own.
fn at_a_terminal(arguments: &[&str]) -> String {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
    let theirs = || {
        let terminal = OpenOptions::new().read(true).write(true).open(&name);
        terminal.unwrap()
    };
    let mut command = cluster().bramble(&aimed(cluster(), arguments));
    command.stdin(theirs()).stdout(theirs()).stderr(theirs());
    let mut child = command.spawn().unwrap();
    // It holds ends of the terminal, and reading ends with the last of them.
    drop(command);
    let mut shown = Vec::new();
    let _closed = std::io::copy(&mut File::from(ours), &mut shown);
    child.wait().unwrap();
    String::from_utf8_lossy(&shown).into_owned()
}

/// The processes on `node` whose command line is `line`.
fn running(node: &str, line: &str) -> String {
    cluster().on(node, &format!("pgrep -xf '{line}' || true"))
}

fn aimed<'a>(cluster: &'a ClusterFile, arguments: &[&'a str]) -> Vec<&'a str> {
    [&["--lab", "-f", cluster.path.to_str().unwrap()], arguments].concat()
}

/// The command, with something to read.
fn fed(cluster: &ClusterFile, input: &[u8], arguments: &[&str]) -> Output {
    let path = cluster.folder().join("input");
    fs::write(&path, input).unwrap();
    let mut command = cluster.bramble(&aimed(cluster, arguments));
    command.stdin(File::open(&path).unwrap());
    command.output().unwrap()
}
