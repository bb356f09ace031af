//! Nodes that are no longer what the cluster file says: by hand, by an `up` that
//! was cut off, and two that would change them at once.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::cluster_file::{ClusterFile, wait_until};
use crate::journey::services;
use crate::twin::{NODES, cluster};

/// Files that the drift of these scenarios touches, with all that `up` cares for.
const STATE: &str = "for file in /etc/slurm/slurm.conf /etc/hosts /etc/chrony/chrony.conf \
    /etc/openmpi/prte-mca-params.conf; do \
    [ ! -e $file ] || stat -c '%n %a %U' $file && sha256sum $file; done 2>/dev/null; true";

pub(crate) fn what_was_changed_by_hand_is_shown_and_put_right() {
    let cluster = cluster();
    let files = NODES.map(|node| cluster.on(node, STATE));
    cluster.on(
        "head",
        "sed -i 's/^SlurmdTimeout=.*/SlurmdTimeout=7/' /etc/slurm/slurm.conf",
    );
    cluster.on(
        "node2",
        "echo '10.9.9.9 stranger' >> /etc/hosts; chmod 600 /etc/chrony/chrony.conf; \
         rm /etc/openmpi/prte-mca-params.conf; systemctl stop slurmd; \
         systemctl --quiet disable munge",
    );
    let before = NODES.map(|node| services(cluster, node));

    let shown = cluster.run(&["up", "--dry-run", "--exit-code"]);
    shown.exits(3).prints("8 changes on 2 nodes to make");
    for line in [
        "file /etc/slurm/slurm.conf: replace",
        "- SlurmdTimeout=7",
        "+ SlurmdTimeout=120",
        "- 10.9.9.9 stranger",
        "- mode 600",
        "+ mode 644",
        "file /etc/openmpi/prte-mca-params.conf: create",
        "service slurmd.service: start",
        "service munge.service: enable",
    ] {
        shown.prints(line);
    }
    assert_ne!(
        NODES.map(|node| cluster.on(node, STATE)),
        files,
        "a dry run changed something"
    );

    cluster
        .run(&["up"])
        .exits(0)
        .prints("8 changes made on 2 nodes");

    assert_eq!(NODES.map(|node| cluster.on(node, STATE)), files);
    assert_eq!(cluster.on("node2", "systemctl is-enabled munge"), "enabled");
    let after = NODES.map(|node| services(cluster, node));
    let touched: Vec<_> = NODES
        .iter()
        .zip(before.iter().zip(&after))
        .flat_map(|(node, (before, after))| {
            let changed = after
                .iter()
                .filter(|(unit, now)| before.get(*unit) != Some(now));
            changed.map(move |(unit, _)| format!("{node} {unit}"))
        })
        .collect();
    assert_eq!(
        touched,
        [
            "head slurmctld.service",
            "node2 chrony.service",
            "node2 slurmd.service"
        ]
    );
    let controller = |at: usize| [&before, &after][at][0]["slurmctld.service"].started;
    assert_eq!(
        controller(0),
        controller(1),
        "a reload was enough, and jobs may run"
    );
    cluster.run(&["up"]).exits(0).prints("0 changes:");
}

pub(crate) fn a_service_that_missed_its_restart_gets_it_once() {
    let cluster = cluster();
    // What a run leaves that is cut off between a file and the service reading it.
    cluster.on(
        "node4",
        "mkdir -p /run/bramble/pending; : > /run/bramble/pending/chrony.service",
    );
    let before = services(cluster, "node4");

    let up = cluster.run(&["up", "--diff"]);
    up.exits(0)
        .prints("service chrony.service: restart")
        .prints("1 change made on 1 node");

    let after = services(cluster, "node4");
    assert!(after["chrony.service"].started > before["chrony.service"].started);
    cluster.run(&["up"]).exits(0).prints("0 changes:");
    assert_eq!(services(cluster, "node4"), after);
}

/// When, by what, and the exit code of an `up` that was not quicker.
const CUTS: [(u64, Signal, Option<i32>); 4] = [
    (300, Signal::KILL, None),
    (450, Signal::KILL, None),
    (600, Signal::KILL, None),
    (400, Signal::INT, Some(130)),
];

pub(crate) fn an_up_that_was_cut_off_is_finished_by_the_next() {
    let cluster = cluster();
    for (milliseconds, signal, status) in CUTS {
        let edit = format!("echo '# edit {milliseconds}' >> /etc/chrony/chrony.conf");
        for node in NODES {
            cluster.on(node, &edit);
        }
        let up = cluster.start(&["up"]);
        thread::sleep(Duration::from_millis(milliseconds));
        let ended = up.end(signal);
        assert!(
            [status, Some(0)].contains(&ended),
            "{ended:?} after {milliseconds} ms"
        );

        cluster.run(&["up"]).exits(0);

        for node in NODES {
            // Both in seconds since the epoch; the process is younger than its file.
            cluster.on(
                node,
                "! grep '# edit' /etc/chrony/chrony.conf || exit
                 file=$(stat -c %Y /etc/chrony/chrony.conf)
                 started=$(systemctl show -p ActiveEnterTimestamp --value chrony)
                 [ $(date -d \"$started\" +%s) -ge $file ] && [ ! -e /run/bramble/pending/chrony.service ]",
            );
        }
        cluster.run(&["up"]).exits(0).prints("0 changes:");
    }
}

pub(crate) fn two_ups_at_once_do_not_mix() {
    let cluster = cluster();
    let first = cluster.start(&["up"]);
    let number = format!("process {}", first.id());
    wait_until(
        "the first holds the cluster",
        Duration::from_secs(5),
        || holder(cluster).is_some_and(|holder| holder.contains(&number)),
    );

    let second = cluster.run(&["up"]);

    second
        .exits(5)
        .says("is being worked on by `bramble up`")
        .says(&number);
    first.finish().exits(0).prints("0 changes:");
    cluster.run(&["up"]).exits(0);
}

fn holder(cluster: &ClusterFile) -> Option<String> {
    std::fs::read_to_string(cluster.kept("lock")).ok()
}
