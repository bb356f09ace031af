//! A machine that runs a system of its own becomes a node.

use std::fs;
use std::time::Duration;

use crate::cluster_file::{ClusterFile, wait_until};
use crate::ran::Ran;
use crate::twin::cluster;

/// What a board is that somebody has set up: another account, with a password and a
/// number of its own, another address, name and host key, and nothing of ours.
const SOMEBODYS: &str = "
set -e
cp -a /etc/ssh /root/ssh.before; cp -a /etc/netplan /root/netplan.before
rm -f /etc/sudoers.d/* /etc/ssh/sshd_config.d/* /etc/netplan/* /etc/ssh/ssh_host_*
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
printf 'PasswordAuthentication yes\\nPerSourcePenalties no\\n' > /etc/ssh/sshd_config.d/50-cloud-init.conf
pkill -KILL -u pi || true
userdel -r -f pi 2>/dev/null || true
getent group pi && groupdel pi
useradd -m -s /bin/bash -G sudo -u 1000 maker
echo maker:gooseberry | chpasswd
useradd -m -s /bin/bash guest
echo guest:gooseberry | chpasswd
printf 'network:\\n  version: 2\\n  ethernets:\\n    eth0:\\n      addresses: [10.55.0.77/24]\\n' > /etc/netplan/50-hers.yaml
chmod 600 /etc/netplan/50-hers.yaml
hostname board; echo board > /etc/hostname
systemctl restart ssh
netplan generate && networkctl reload && networkctl reconfigure eth0
ip link set eth0 address dc:a6:32:01:02:03";

pub(crate) fn a_machine_with_a_system_of_its_own_becomes_a_node() {
    let cluster = cluster();
    let file = fs::read_to_string(&cluster.path).unwrap();
    let own = print(cluster);
    cluster.on("node5", SOMEBODYS);
    wait_until(
        "node5 is at its other address",
        Duration::from_secs(20),
        || {
            cluster
                .on("node5", "ip -4 address show dev eth0")
                .contains("10.55.0.77")
        },
    );
    let print = print(cluster);

    refusals(cluster, &print, &own);
    cluster.on(
        "node5",
        "pkill -KILL -u maker; usermod -u 2000 maker; groupmod -g 2000 maker",
    );
    let adopted = adopt(cluster, &print, "maker", "gooseberry");
    adopted
        .exits(0)
        .prints("node5 is adopted")
        .prints("the cluster file knows its board");

    let told = cluster.run(&[
        "run",
        "node5",
        "--",
        "hostname; id -u; ip -4 -o a show dev eth0",
    ]);
    told.exits(0).prints("10.55.0.6/24").prints("\n1000\n");
    assert!(!told.stdout.contains("10.55.0.77"), "{told}");
    let learnt = fs::read_to_string(&cluster.path).unwrap();
    let added = learnt.strip_prefix(&file).unwrap();
    assert_eq!(added, "\n[identity.node5]\nmac = \"dc:a6:32:01:02:03\"\n");
    let decided = || cluster.on("node5", "ls /run/bramble") == "pending";
    wait_until("nothing is left to undo", Duration::from_secs(10), decided);

    // Again, and nothing changes: by its new account, though another is named.
    let again = cluster.bramble_with_password(
        "gooseberry",
        &[
            "adopt",
            "node5",
            "--address",
            "10.55.0.6",
            "--user",
            "maker",
        ],
    );
    again.exits(0).prints("0 changes made");
    assert_eq!(fs::read_to_string(&cluster.path).unwrap(), learnt);

    as_before(cluster, &own);
    fs::write(&cluster.path, file).unwrap();
}

/// What the other scenarios find: its own host key, and nobody else's account.
fn as_before(cluster: &ClusterFile, own: &str) {
    cluster.on(
        "node5",
        "pkill -KILL -u maker; userdel -r maker 2>/dev/null; userdel -r guest 2>/dev/null
        rm -rf /etc/ssh /etc/netplan; mv /root/ssh.before /etc/ssh; mv /root/netplan.before /etc/netplan
        systemctl restart ssh && netplan generate && networkctl reload",
    );
    let rekey = ["adopt", "node5", "--rekey", "--fingerprint", own];
    cluster.run(&rekey).exits(0);
    cluster.run(&["up"]).exits(0);
}

/// Whatever does not fit is said, and nothing is changed.
fn refusals(cluster: &ClusterFile, print: &str, other: &str) {
    let untouched = "id pi; cat /etc/hostname";
    let before = cluster.try_on("node5", untouched);
    let unsaid = cluster.run(&[
        "adopt",
        "node5",
        "--address",
        "10.55.0.77",
        "--user",
        "maker",
    ]);
    unsaid
        .exits(2)
        .says(print)
        .says("--user maker --fingerprint");
    adopt(cluster, other, "maker", "gooseberry")
        .exits(1)
        .says("nothing was changed");
    adopt(cluster, print, "maker", "wrong")
        .exits(4)
        .says("the password is not right");
    let clash = adopt(cluster, print, "maker", "gooseberry");
    clash
        .exits(1)
        .says("the account maker has the number 1000 there")
        .says("usermod -u 2000");
    cluster.on("node5", "usermod -u 2000 maker; groupmod -g 2000 maker");
    let no_sudo = adopt(cluster, print, "guest", "gooseberry");
    no_sudo.exits(1).says("guest does not become root there");
    cluster.on("node5", "usermod -u 1000 maker; groupmod -g 1000 maker");
    let after = cluster.try_on("node5", untouched);
    assert_eq!(before.stdout, after.stdout);
}

fn print(cluster: &ClusterFile) -> String {
    let told = cluster.on("node5", "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub");
    told.split(' ').nth(1).unwrap().to_owned()
}

fn adopt(cluster: &ClusterFile, print: &str, user: &str, password: &str) -> Ran {
    cluster.bramble_with_password(
        password,
        &[
            "adopt",
            "node5",
            "--address",
            "10.55.0.77",
            "--user",
            user,
            "--fingerprint",
            print,
        ],
    )
}
