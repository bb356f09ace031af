//! One command on many nodes.

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

pub(crate) fn the_exit_code_says_whether_all_succeeded() {
    cluster().run(&["run", "@all", "--", "true"]).exits(0);
    let run = cluster().run(&["run", "@worker", "--", "[ $(hostname) != node3 ] || exit 7"]);
    run.exits(1).says("failed on 1 node: node3 (7)");
    let run = cluster().run(&["run", "nod3", "--", "true"]);
    run.exits(2).says("nod3").says("node3");
}

pub(crate) fn answers_come_as_json() {
    let run = cluster().run(&[
        "--json",
        "run",
        "node[1-2]",
        "--",
        "hostname; echo no >&2; exit 3",
    ]);
    let answers = run.exits(1).json();
    for (index, node) in ["node1", "node2"].into_iter().enumerate() {
        assert_eq!(answers[index]["node"], node);
        assert_eq!(answers[index]["status"], 3);
        assert_eq!(answers[index]["output"], format!("{node}\n"));
        assert_eq!(answers[index]["complaint"], "no\n");
    }
    assert_eq!(answers.as_array().unwrap().len(), 2);
}
