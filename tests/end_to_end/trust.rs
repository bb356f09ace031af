//! Nobody gets in without a key, and no node is believed without its own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::cluster_file::ClusterFile;
use crate::ran::Ran;
use crate::twin::{WORKERS, cluster};

/// `ssh` with everything but a key.
const WITHOUT_KEY: [&str; 10] = [
    "-F",
    "none",
    "-o",
    "PreferredAuthentications=password,keyboard-interactive",
    "-o",
    "StrictHostKeyChecking=no",
    "-o",
    "UserKnownHostsFile=/dev/null",
    "-o",
    "ConnectTimeout=5",
];

pub(crate) fn a_password_opens_nothing() {
    let cluster = cluster();
    for user in ["pi", "root"] {
        let login = format!("{user}@100.64.0.2");
        let ran = Ran::of(
            cluster
                .outside("ssh")
                .args(WITHOUT_KEY)
                .args([&login, "true"]),
        );
        ran.exits(255).says("Permission denied (publickey).");
    }
    for node in WORKERS {
        let login = format!("ssh {} pi@{node} true", WITHOUT_KEY.join(" "));
        cluster
            .try_on("head", &login)
            .exits(255)
            .says("Permission denied (publickey).");
    }
}

pub(crate) fn a_worker_with_another_key_is_refused_on_every_path() {
    const KEY: &str = "/etc/ssh/ssh_host_ed25519_key";
    let cluster = cluster();
    cluster.on(
        "node2",
        &format!(
            "cp -a {KEY} /root/kept; cp -a {KEY}.pub /root/kept.pub; \
             rm {KEY} {KEY}.pub; ssh-keygen -q -t ed25519 -N '' -f {KEY}; systemctl restart ssh"
        ),
    );
    let expected = fingerprint(&pinned(cluster, "node2"));
    let found = cluster.on("node2", &format!("ssh-keygen -lf {KEY}.pub"));
    let found = found.split(' ').nth(1).unwrap().to_owned();

    let run = cluster.run(&["run", "@all", "--", "hostname"]);
    run.exits(4)
        .prints("node3: node3")
        .says("node2:")
        .says(&expected)
        .says(&found);
    assert!(!run.stdout.contains("node2"), "{run}");
    cluster
        .run(&["up"])
        .exits(4)
        .says("node2:")
        .says(&expected)
        .says(&found);
    let ssh = cluster.run(&["ssh", "node2", "--", "hostname"]);
    ssh.exits(255)
        .says("Host key verification failed")
        .says(&found);
    assert_eq!(ssh.stdout, "");

    cluster.on(
        "node2",
        &format!("mv /root/kept {KEY}; mv /root/kept.pub {KEY}.pub; systemctl restart ssh"),
    );
    cluster.run(&["up"]).exits(0).prints("0 changes:");
}

pub(crate) fn a_head_with_another_key_is_refused_on_every_path() {
    let cluster = cluster();
    let (right, wrong) = (pinned(cluster, "head"), pinned(cluster, "node1"));
    let kept = fs::read(&right).unwrap();
    let (expected, found) = (fingerprint(&wrong), fingerprint(&right));
    fs::copy(&wrong, &right).unwrap();

    for arguments in [
        &["run", "head", "--", "hostname"][..],
        &["run", "node1", "--", "hostname"],
        &["up"],
        &["up", "--dry-run"],
        &["job", "list"],
        &["internet", "status"],
    ] {
        let ran = cluster.run(arguments);
        ran.exits(4).says(&expected).says(&found);
        assert!(!ran.stdout.contains("node1: node1"), "{ran}");
    }
    cluster
        .run(&["run", "node1", "--", "true"])
        .says("head is the way there");
    for node in ["head", "node1"] {
        let ssh = cluster.run(&["ssh", node, "--", "hostname"]);
        ssh.exits(255)
            .says("Host key verification failed")
            .says(&found);
    }

    fs::write(&right, kept).unwrap();
    cluster.run(&["up"]).exits(0).prints("0 changes:");
    assert_eq!(
        cluster
            .run(&["ssh", "node1", "--", "hostname"])
            .exits(0)
            .stdout,
        "node1\n"
    );
}

pub(crate) fn secrets_are_their_owners_alone() {
    let open =
        "find .bramble/keys -type f ! -name *.pub -perm /077; stat -c %a .bramble .bramble/keys";
    let mut command = Command::new("sh");
    let listed = Ran::of(command.args(["-c", open]).current_dir(cluster().folder()));
    assert_eq!(listed.exits(0).stdout, "700\n700\n");
    let on_node = "stat -c '%a %U' /etc/munge/munge.key /home/pi/.ssh/id_bramble /etc/ssh/ssh_host_ed25519_key; \
        ls /boot/firmware/user-data 2>/dev/null | xargs -r stat -c %a";
    let modes = cluster().on("node1", on_node);
    assert!(modes.starts_with("400 munge\n600 pi\n600 root"), "{modes}");
    assert!(
        !modes.ends_with("644"),
        "the seed with a private key can be read by all: {modes}"
    );
}

fn pinned(cluster: &ClusterFile, node: &str) -> PathBuf {
    cluster.kept("keys/hosts").join(format!("{node}.pub"))
}

/// As `ssh-keygen` writes it.
fn fingerprint(file: &PathBuf) -> String {
    let ran = Ran::of(Command::new("ssh-keygen").arg("-lf").arg(file));
    ran.exits(0).stdout.split(' ').nth(1).unwrap().to_owned()
}
