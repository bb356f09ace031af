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
    let cluster = cluster();
    let config = exported(cluster);
    let found = new_host_key(cluster, "node2");
    let expected = fingerprint(&pinned(cluster, "node2"));

    for aim in [&[][..], &["--cold"]] {
        let run = cluster.run(&[aim, &["run", "@all", "--", "hostname"]].concat());
        run.exits(4)
            .prints("node3: node3")
            .says("unreachable: node2 ")
            .says(&expected)
            .says(&found)
            .says("--rekey");
        assert!(!run.stdout.contains("node2"), "{run}");
    }
    cluster
        .run(&["up"])
        .exits(4)
        .says("node2:")
        .says(&expected)
        .says(&found);
    let ssh = cluster.run(&["ssh", "node2", "--", "hostname"]);
    ssh.exits(255)
        .says("Host key verification failed")
        .says(&found)
        .says(" adopt node2 --rekey`");
    assert_eq!(ssh.stdout, "");
    let file = cluster.path.to_str().unwrap();
    for aim in [&[][..], &["--cold"]] {
        let copy = cluster.run(&[aim, &["cp", file, "node2:/tmp/reached"]].concat());
        copy.exits(4).says("node2").says(&found);
    }
    for (program, arguments) in [
        ("ssh", &["node2", "touch /tmp/reached"][..]),
        ("scp", &[file, "node2:/tmp/reached"]),
    ] {
        let ran = plain(program, &config, arguments);
        ran.exits(255).says("Host key for node2 has changed");
    }
    assert_eq!(cluster.try_on("node2", "ls /tmp/reached").status, Some(2));

    old_host_key(cluster, "node2");
    cluster.run(&["up"]).exits(0).prints("0 changes:");
}

pub(crate) fn plain_ssh_and_scp_go_by_the_exported_configuration() {
    let cluster = cluster();
    let config = exported(cluster);
    for node in ["head", "node4"] {
        let hostname = plain("ssh", &config, &[node, "hostname"]);
        assert_eq!(hostname.exits(0).stdout, format!("{node}\n"));
    }
    let file = cluster.path.to_str().unwrap();
    plain("scp", &config, &[file, "node4:/tmp/copied"]).exits(0);
    let copied = cluster.on("node4", "cat /tmp/copied; rm /tmp/copied");
    assert_eq!(copied, fs::read_to_string(file).unwrap().trim());
    plain("ssh", &config, &["node4", "exit 7"]).exits(7);
}

pub(crate) fn a_new_key_is_adopted_once_somebody_has_compared_it() {
    let cluster = cluster();
    let config = exported(cluster);
    let found = new_host_key(cluster, "node2");
    let expected = fingerprint(&pinned(cluster, "node2"));
    let adopt = ["adopt", "node2", "--rekey"];

    let unsaid = cluster.run(&adopt);
    unsaid.exits(2).says(&expected).says(&found);
    let wrong = cluster.run(&[&adopt[..], &["--fingerprint", &expected]].concat());
    wrong.exits(1).says("nothing was changed");
    cluster
        .run(&["run", "node2", "--", "hostname"])
        .exits(4)
        .says(&expected);

    let named = [&adopt[..], &["--fingerprint", &found]].concat();
    cluster
        .run(&named)
        .exits(0)
        .prints(&found)
        .says("hint: let the other nodes know it too: `bramble --lab -f ");
    cluster.run(&adopt).exits(0).prints("nothing to do");
    assert_eq!(
        cluster
            .run(&["ssh", "node2", "--", "hostname"])
            .exits(0)
            .stdout,
        "node2\n"
    );
    assert_eq!(
        plain("ssh", &config, &["node2", "hostname"])
            .exits(0)
            .stdout,
        "node2\n"
    );
    let between = "runuser -l pi -c 'ssh -o BatchMode=yes node2 hostname'";
    cluster.try_on("node1", between).exits(255);
    cluster.run(&["up"]).exits(0).prints("6 changes");
    assert_eq!(cluster.on("node1", between), "node2");

    old_host_key(cluster, "node2");
    cluster.run(&["run", "node2", "--", "hostname"]).exits(4);
    let back = [&adopt[..], &["--fingerprint", &expected]].concat();
    cluster.run(&back).exits(0).prints(&expected);
    cluster.run(&["up"]).exits(0).prints("6 changes");
    assert_eq!(cluster.on("node1", between), "node2");
}

pub(crate) fn a_head_with_another_key_is_refused_on_every_path() {
    let cluster = cluster();
    let (right, wrong) = (pinned(cluster, "head"), pinned(cluster, "node1"));
    let kept = fs::read(&right).unwrap();
    let (expected, found) = (fingerprint(&wrong), fingerprint(&right));
    fs::copy(&wrong, &right).unwrap();
    forgive(cluster);

    for arguments in [
        &["run", "head", "--", "hostname"][..],
        &["run", "node1", "--", "hostname"],
        &["--cold", "run", "node1", "--", "hostname"],
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
    forgive(cluster);
    let config = exported(cluster);
    for node in ["head", "node1"] {
        for ssh in [
            cluster.run(&["ssh", node, "--", "hostname"]),
            plain("ssh", &config, &[node, "hostname"]),
        ] {
            ssh.exits(255)
                .says("Host key verification failed")
                .says(&found);
            assert_eq!(ssh.stdout, "");
        }
    }
    cluster
        .run(&["adopt", "node1", "--rekey"])
        .exits(4)
        .says("head is the way there")
        .says(&found);

    fs::write(&right, kept).unwrap();
    forgive(cluster);
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

const KEY: &str = "/etc/ssh/ssh_host_ed25519_key";

/// A new server by another key, and no connection of the old one's; the fingerprint
/// of the new key.
fn new_host_key(cluster: &ClusterFile, node: &str) -> String {
    let renew = format!(
        "cp -a {KEY} /root/kept; cp -a {KEY}.pub /root/kept.pub; \
         rm {KEY} {KEY}.pub; ssh-keygen -q -t ed25519 -N '' -f {KEY}; {RESTART}"
    );
    cluster.on(node, &renew);
    let found = cluster.on(node, &format!("ssh-keygen -lf {KEY}.pub"));
    found.split(' ').nth(1).unwrap().to_owned()
}

fn old_host_key(cluster: &ClusterFile, node: &str) {
    let restore = format!("mv /root/kept {KEY}; mv /root/kept.pub {KEY}.pub; {RESTART}");
    cluster.on(node, &restore);
}

/// Makes the head's server forget who turned away from it: since OpenSSH 9.8 it closes its
/// door for a while to an address that has done so fifteen times within some seconds.
fn forgive(cluster: &ClusterFile) {
    cluster.on("head", "systemctl restart ssh");
}

/// The sessions of a server outlast it.
const RESTART: &str = "systemctl stop ssh; pkill '^sshd'; systemctl start ssh";

/// The file of a configuration for plain `ssh`.
fn exported(cluster: &ClusterFile) -> String {
    let file = cluster.folder().join("ssh-config");
    let file = file.to_str().unwrap().to_owned();
    cluster.run(&["export", "ssh-config", "-o", &file]).exits(0);
    file
}

fn plain(program: &str, config: &str, arguments: &[&str]) -> Ran {
    let mut command = Command::new(program);
    Ran::of(
        command
            .args(["-F", config])
            .args(arguments)
            .env_remove("SSH_AUTH_SOCK"),
    )
}

fn pinned(cluster: &ClusterFile, node: &str) -> PathBuf {
    cluster.kept("keys/hosts").join(format!("{node}.pub"))
}

/// As `ssh-keygen` writes it.
fn fingerprint(file: &PathBuf) -> String {
    let ran = Ran::of(Command::new("ssh-keygen").arg("-lf").arg(file));
    ran.exits(0).stdout.split(' ').nth(1).unwrap().to_owned()
}
