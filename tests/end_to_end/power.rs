//! Nodes without power: named with the reason, and no hindrance to the others.

use std::process::Command;
use std::time::Duration;

use crate::cluster_file::{ClusterFile, wait_until};
use crate::ran::Ran;
use crate::twin::cluster;

const SLURM_CONF: &str = "sha256sum /etc/slurm/slurm.conf";

pub(crate) fn a_worker_without_power_is_named_and_the_others_are_finished() {
    let cluster = cluster();
    let slurm_conf = cluster.on("head", SLURM_CONF);
    cluster.on("node4", "echo '10.9.9.9 stranger' >> /etc/hosts");
    let up = up_while_node3_loses_its_power(cluster, || {});
    println!("an up during which a node lost its power: {:.1?}", up.took);
    up.exits(4)
        .says("node3: ")
        .is_silent_about("node4:")
        .prints("not finished: node3");
    assert_eq!(
        cluster.try_on("node4", "grep stranger /etc/hosts").status,
        Some(1)
    );

    cluster.on("node5", "echo '10.9.9.9 stranger' >> /etc/hosts");
    let up = cluster.run(&["up"]);
    // Either the head waits in vain, or its kernel has given the address up.
    up.exits(4).says("fail  node3: ").says("10.55.0.4:22");
    up.prints("1 change made on 1 node; not finished: node3");
    assert_eq!(
        cluster.try_on("node5", "grep stranger /etc/hosts").status,
        Some(1)
    );
    assert_eq!(
        cluster.on("head", SLURM_CONF),
        slurm_conf,
        "an absence is no change"
    );
    let status = cluster.run(&["--json", "lab", "status"]).exits(0).json();
    let node3 = status["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|node| node["name"] == "node3");
    assert_eq!(node3.unwrap()["running"], false);

    cluster.run(&["lab", "heal", "node3"]).exits(0);
    up_until_all_is_well(cluster);
    assert_eq!(cluster.on("head", SLURM_CONF), slurm_conf);
    wait_until("Slurm has node3 again", Duration::from_mins(1), || {
        cluster.on("head", "sinfo --noheader --format='%T %D'") == "idle 5"
    });
}

pub(crate) fn a_head_without_power_is_named_as_the_reason_for_all() {
    let cluster = cluster();
    cluster.run(&["internet", "on"]).exits(0);
    cluster.run(&["lab", "fail", "head"]).exits(0);

    let up = cluster.run(&["up"]);
    up.exits(4)
        .says("fail  head: ")
        .prints("not finished: head,node[1-5]");
    for node in 1..=5 {
        up.says(&format!("fail  node{node}: behind head"));
    }
    cluster
        .run(&["run", "node1", "--", "true"])
        .exits(4)
        .says("head is the way there");
    cluster.run(&["job", "list"]).exits(4).says("head");
    cluster.run(&["internet", "status"]).exits(4).says("head");

    cluster.run(&["lab", "heal", "head"]).exits(0);
    up_until_all_is_well(cluster);
    cluster
        .run(&["internet", "status"])
        .exits(0)
        .prints("workers cannot reach the internet");
    wait_until("Slurm is back", Duration::from_mins(1), || {
        cluster
            .try_on("head", "sinfo --noheader --format='%T %D'")
            .stdout
            .trim()
            == "idle 5"
    });
    cluster
        .run(&["run", "@worker", "--", "srun --nodes=1 hostname"])
        .exits(0);
}

pub(crate) fn a_package_half_installed_at_a_power_cut_is_finished_by_the_next_up() {
    let cluster = cluster();
    slow_down_chrony(cluster, "node5");
    cluster.on(
        "node5",
        "DEBIAN_FRONTEND=noninteractive apt-get -q -y purge chrony",
    );
    let up = cluster.start(&["up"]);
    wait_until("chrony is half there", Duration::from_mins(1), || {
        let state = "dpkg-query --show --showformat='${Status}' chrony";
        let state = cluster.try_on("node5", state).stdout;
        state == "install ok half-configured"
    });
    cluster.run(&["lab", "fail", "node5"]).exits(0);
    up.finish().exits(4).says("node5: ");

    cluster.run(&["lab", "heal", "node5"]).exits(0);
    up_until_all_is_well(cluster);
    assert_eq!(cluster.on("node5", "dpkg --audit"), "");
    assert_eq!(cluster.on("node5", "systemctl is-active chrony"), "active");
}

/// A node that loses its power says no goodbye, unlike the processes of a virtual
/// one: here its cable goes first.
pub(crate) fn a_worker_that_falls_silent_is_given_up_after_a_minute() {
    let cluster = cluster();
    let up = up_while_node3_loses_its_power(cluster, || {
        let network = format!("bramble-{}.node3", cluster.twin.id());
        let pull = ["-n", &network, "link", "set", "eth0", "down"];
        Ran::of(Command::new("ip").args(pull)).exits(0);
    });
    up.exits(4)
        .says("node3: the connection was lost: nothing was heard")
        .prints("not finished: node3");
    assert!(up.took < Duration::from_secs(90), "{up}");

    cluster.run(&["lab", "heal", "node3"]).exits(0);
    up_until_all_is_well(cluster);
}

/// The restart of a service that is slow to start leaves time to do so.
fn up_while_node3_loses_its_power(cluster: &ClusterFile, before: impl FnOnce()) -> Ran {
    slow_down_chrony(cluster, "node3");
    cluster.on("node3", "echo '# edit' >> /etc/chrony/chrony.conf");
    let up = cluster.start(&["up"]);
    wait_until("node3 is being changed", Duration::from_secs(20), || {
        cluster
            .try_on("node3", "! grep -q '# edit' /etc/chrony/chrony.conf")
            .status
            == Some(0)
    });
    before();
    cluster.run(&["lab", "fail", "node3"]).exits(0);
    up.finish()
}

/// Until the node starts anew.
fn slow_down_chrony(cluster: &ClusterFile, node: &str) {
    cluster.on(
        node,
        "mkdir -p /run/systemd/system/chrony.service.d
         cd /run/systemd/system/chrony.service.d
         printf '[Service]\\nExecStartPre=/bin/sleep 20\\n' > slow.conf
         systemctl daemon-reload",
    );
}

/// A board takes its time to start; then one `up` is enough.
fn up_until_all_is_well(cluster: &ClusterFile) {
    wait_until("all nodes answer again", Duration::from_secs(90), || {
        cluster
            .run(&["run", "@all", "--", "systemctl is-system-running --wait"])
            .status
            != Some(4)
    });
    cluster.run(&["up"]).exits(0);
    cluster.run(&["up"]).exits(0).prints("0 changes:");
}
