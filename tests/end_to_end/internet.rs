//! The workers' way out: closed, open for a time, and open by itself as long as
//! packages are installed.

use std::thread;
use std::time::Duration;

use crate::cluster_file::{ClusterFile, wait_until};
use crate::twin::cluster;

/// The archive that the nodes themselves are set to.
const ARCHIVE: &str =
    "host=$(sed -n 's,^deb http://\\([^/]*\\)/.*,\\1,p' /etc/apt/sources.list | head -n 1); ";

pub(crate) fn workers_get_out_only_while_they_may() {
    let cluster = cluster();
    cluster
        .run(&["internet", "off"])
        .exits(0)
        .prints("workers cannot reach the internet");
    assert!(gets_out(cluster, "head"), "the head always may");
    assert!(!gets_out(cluster, "node1"), "nobody opened the way");

    cluster.run(&["internet", "on", "--for", "2m"]).exits(0);
    cluster
        .run(&["internet", "status"])
        .exits(0)
        .prints("for another 1m5");
    let status = cluster
        .run(&["--json", "internet", "status"])
        .exits(0)
        .json();
    assert_eq!(status["open"], true);
    assert!(gets_out(cluster, "node1") && gets_out(cluster, "node5"));
    cluster.on("node1", "apt-get -o APT::Update::Error-Mode=any update");
    cluster.run(&["up"]).exits(0).prints("0 changes:");

    thread::scope(|scope| {
        let established = scope.spawn(|| cluster.on("node2", &talk_before_and_after()));
        wait_until("the connection stands", Duration::from_secs(10), || {
            cluster.try_on("node2", "[ -e /run/first-answer ]").status == Some(0)
        });
        cluster.run(&["internet", "off"]).exits(0);
        cluster.on("node2", ": > /run/closed");
        assert_eq!(established.join().unwrap(), "before: HTTP\nafter:");
    });
    assert!(!gets_out(cluster, "node1"));
    cluster
        .run(&["internet", "status"])
        .exits(0)
        .prints("workers cannot reach the internet");

    cluster.run(&["internet", "on", "--for", "1s"]).exits(0);
    thread::sleep(Duration::from_millis(1500));
    assert!(!gets_out(cluster, "node1"), "the time was over");
}

pub(crate) fn packages_are_installed_through_a_way_that_closes_again() {
    let cluster = cluster();
    cluster.on(
        "node5",
        "DEBIAN_FRONTEND=noninteractive apt-get -q -y purge chrony",
    );
    assert!(!gets_out(cluster, "node5"));

    let up = cluster.run(&["up"]);

    up.exits(0)
        .says("workers may reach the internet while they install packages");
    assert_eq!(
        cluster.on(
            "node5",
            "systemctl is-active chrony; chronyc -n -c sources | cut -d, -f3"
        ),
        "active\n10.55.0.1"
    );
    assert!(!gets_out(cluster, "node5"), "the way stayed open");
    cluster.run(&["up"]).exits(0).prints("0 changes:");
}

fn gets_out(cluster: &ClusterFile, node: &str) -> bool {
    let script = format!("{ARCHIVE} timeout 5 bash -c \": > /dev/tcp/$host/80\"");
    cluster.try_on(node, &script).status == Some(0)
}

/// Opens two connections, asks over one at once, and over the other when
/// `/run/closed` appears. Prints the first word of each answer.
fn talk_before_and_after() -> String {
    let ask = "printf 'GET / HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n' $host";
    format!(
        "{ARCHIVE} rm -f /run/closed /run/first-answer
         exec 3<>/dev/tcp/$host/80 4<>/dev/tcp/$host/80
         {ask} >&3; echo \"before: $(timeout 5 head -c 4 <&3)\"
         : > /run/first-answer
         until [ -e /run/closed ]; do sleep 0.05; done
         {ask} >&4; echo \"after: $(timeout 3 head -c 4 <&4 2>/dev/null)\"
         rm -f /run/closed /run/first-answer"
    )
}
