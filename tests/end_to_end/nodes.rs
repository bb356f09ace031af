//! What a cluster promises that has come up: names, keys, shared files, time,
//! credentials, sizes and speed, as its nodes see them.

use std::time::Duration;

use crate::cluster_file::wait_until;
use crate::twin::{NODES, WORKERS, cluster};

pub(crate) fn names_lead_to_cluster_addresses_everywhere() {
    let expected: Vec<_> = (1..)
        .zip(NODES)
        .map(|(n, name)| format!("10.55.0.{n} {name}"))
        .collect();
    let expected = expected.join("\n");
    let query = format!(
        "for name in {}; do echo $(getent ahostsv4 $name | awk '$2 == \"STREAM\" {{print $1}}') $name; done",
        NODES.join(" ")
    );
    for node in NODES {
        assert_eq!(cluster().on(node, &query), expected, "names on {node}");
        let trap = cluster().on(node, "grep -c '^127.0.1.1' /etc/hosts; hostname -f");
        assert_eq!(
            trap,
            format!("0\n{node}.garden.lan"),
            "its own name on {node}"
        );
    }
}

pub(crate) fn the_account_reaches_every_node_from_every_node() {
    let script = format!(
        "id -u; for node in {}; do ssh -n -o BatchMode=yes $node hostname || echo refused; done 2>&1",
        NODES.join(" ")
    );
    let expected = format!("1000\n{}", NODES.join("\n"));
    for node in ["head", "node1", "node5"] {
        let login = format!("runuser -l pi -c '{script}'");
        assert_eq!(cluster().on(node, &login), expected, "from {node}");
    }
    for node in NODES {
        assert_eq!(cluster().on(node, "id -u pi"), "1000", "on {node}");
    }
}

pub(crate) fn a_file_written_on_the_head_is_read_on_all_workers() {
    let cluster = cluster();
    cluster.on(
        "head",
        "runuser -u pi -- sh -c 'echo from the head > /srv/home/end-to-end'",
    );
    for node in WORKERS {
        let seen = cluster.on(
            node,
            "cat /home/shared/end-to-end; stat -c %U /home/shared/end-to-end",
        );
        assert_eq!(seen, "from the head\npi", "on {node}");
    }
    cluster.on(
        "node3",
        "runuser -u pi -- sh -c 'echo and back > /home/shared/end-to-end'",
    );
    assert_eq!(
        cluster.on("head", "cat /srv/home/end-to-end; rm /srv/home/end-to-end"),
        "and back"
    );
}

pub(crate) fn workers_take_the_time_from_the_head() {
    let cluster = cluster();
    for node in WORKERS {
        wait_until(
            &format!("{node} follows the head"),
            Duration::from_mins(1),
            || {
                let sources = cluster.on(node, "chronyc -n -c sources");
                sources.lines().count() == 1 && sources.starts_with("^,*,10.55.0.1,")
            },
        );
    }
}

pub(crate) fn a_credential_of_one_node_is_good_on_another() {
    let decoded = cluster().on(
        "node1",
        "runuser -l pi -c 'munge -n | ssh -o BatchMode=yes node4 unmunge'",
    );
    assert!(
        decoded.contains("STATUS:") && decoded.contains("Success"),
        "{decoded}"
    );
    assert!(
        decoded.contains("node1.garden.lan (10.55.0.2)") && decoded.contains("pi (1000)"),
        "{decoded}"
    );
}

pub(crate) fn slurm_counts_what_the_boards_have() {
    let cluster = cluster();
    for node in WORKERS {
        let shown = cluster.on("head", &format!("scontrol show node {node}"));
        let has = |field: &str| shown.split_whitespace().any(|word| word == field);
        assert!(has("CPUTot=4") && has("RealMemory=1024"), "{shown}");
        assert!(has(&format!("NodeAddr={node}")), "{shown}");
    }
    wait_until("all workers are idle", Duration::from_secs(10), || {
        cluster.on("head", "sinfo --noheader --format='%T %D'") == "idle 5"
    });
    assert_eq!(
        cluster.on("node1", "ls /etc/slurm/slurm.conf 2>/dev/null || echo none"),
        "none"
    );
}

pub(crate) fn a_link_carries_what_the_board_does() {
    const RECEIVE: &str = "import socket, time
server = socket.create_server(('10.55.0.1', 5001))
peer = server.accept()[0]
count, start = 0, time.monotonic()
while data := peer.recv(1 << 20):
    count += len(data)
print(round(count * 8 / 1e6 / (time.monotonic() - start)))";
    const SEND: &str = "import socket, time
for attempt in range(100):
    try:
        peer = socket.create_connection(('10.55.0.1', 5001))
        break
    except OSError:
        time.sleep(0.05)
end = time.monotonic() + 2
while time.monotonic() < end:
    peer.sendall(bytes(1 << 18))";
    let cluster = cluster();
    let measured = std::thread::scope(|scope| {
        let receiver = scope.spawn(|| cluster.on("head", &format!("python3 -c \"{RECEIVE}\"")));
        cluster.on("node1", &format!("python3 -c \"{SEND}\""));
        receiver.join().unwrap()
    });
    println!("node1 to the head: {measured} Mb/s");
    let megabits: u32 = measured.parse().unwrap();
    // A 3B+ carries 253; its queue adds a little at the start, and a machine that is
    // busy takes away much.
    assert!((126..=258).contains(&megabits), "{megabits} Mb/s");
}
