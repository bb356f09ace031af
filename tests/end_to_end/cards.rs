//! From packages of Debian to nodes that boot from the cards written for them. Not in
//! here: what can go wrong while cards are written.

use std::fs;
use std::process::Command;

use sha2::{Digest as _, Sha256};

use crate::cluster_file::ClusterFile;
use crate::ran::Ran;

/// A head on Wi-Fi and a worker whose hardware address is known: neither a radio nor that
/// address is in the twin.
const AT_HOME: &str = r#"
[cluster]
name = "garden"
user = "pi"
timezone = "Europe/London"
[network]
subnet = "10.56.0.0/24"
access = "gateway"
[storage]
shared = [{ on = "head", path = "/srv/home", mount = "/home/shared" }]
[scheduler]
engine = "slurm"
[head]
name = "head"
board = "rpi4b"
ram = "4GB"
uplink = { wifi = "HomeWifi" }
roles = ["gateway", "time", "storage", "scheduler"]
[[nodes]]
names = "node1"
board = "rpi4b"
ram = "2GB"
roles = ["worker"]
[identity.node1]
mac = "dc:a6:32:01:02:03"
"#;

pub(crate) fn nodes_boot_from_their_cards_and_become_what_the_file_says() {
    let cluster = ClusterFile::new(AT_HOME);
    let architecture = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        _ => "amd64",
    };
    let build = ["image", "build", "--arch", architecture, "-o", "debian.img"];
    let aside = |arguments: &[&str]| {
        let mut command = cluster.bramble(arguments);
        Ran::of(command.env("BRAMBLE_WIFI_PASSWORD", "gooseberry"))
    };
    aside(&build).exits(0).prints("debian.img");
    let cards = [
        "card",
        "image",
        "@all",
        "--image",
        "debian.img",
        "-o",
        "cards",
    ];
    aside(&cards).exits(0);
    let digest = || {
        let card = fs::read(cluster.folder().join("cards/node1.img")).unwrap();
        Sha256::digest(card)
    };
    let written = digest();

    a_card_under_the_name_of_another_node_is_refused(&cluster);
    let up = aside(&["lab", "up", "--yes", "--cards", "cards"]);
    up.exits(0).says("from cards: head,node1");
    up.says("head: its way out is the twin's: its card's Wi-Fi finds no network here");
    up.says("node1: its network is the twin's");

    // The pinned host key of each is the one on its card.
    let told = cluster.run(&["run", "@all", "--", "hostname; cloud-init status"]);
    told.exits(0).prints("head").prints("node1");
    told.prints("status: done");
    let address = cluster.on("node1", "ip -4 -brief address show eth0");
    assert!(address.contains("10.56.0.2/24"), "{address}");
    // All but the network is the card's: this file came with its image.
    let from_image = "test -e /boot/firmware/cmdline.txt && cat /boot/firmware/network-config";
    let network = cluster.on("head", from_image);
    assert!(
        network.contains("100.64.0.2/30") && !network.contains("gooseberry"),
        "{network}"
    );
    let mount = cluster.on("node1", "stat -c %a /boot/firmware/user-data");
    assert_eq!(mount, "600");
    assert_eq!(cluster.on("node1", "systemctl --failed --no-legend"), "");
    cluster.run(&["up"]).exits(0);
    cluster.run(&["up"]).exits(0).prints("0 changes");
    let job = ["run", "head", "--", "srun", "-N1", "hostname"];
    cluster.run(&job).exits(0).prints("node1");

    cluster.run(&["lab", "down"]).exits(0);

    assert_eq!(cluster.twin.leftovers(), Vec::<String>::new());
    assert_eq!(digest(), written, "the card was written to");
    let loops = Ran::of(Command::new("losetup").arg("--list"));
    let cards = cluster.folder().join("cards");
    assert!(
        !loops.stdout.contains(cards.to_str().unwrap()),
        "{}",
        loops.stdout
    );
}

/// Before anything is booted, and with both names.
fn a_card_under_the_name_of_another_node_is_refused(cluster: &ClusterFile) {
    let wrong = cluster.folder().join("wrong");
    fs::create_dir(&wrong).unwrap();
    let card = cluster.folder().join("cards/node1.img");
    std::os::unix::fs::symlink(card, wrong.join("head.img")).unwrap();

    let up = cluster.run(&["lab", "up", "--yes", "--cards", "wrong"]);

    up.exits(2)
        .says("wrong/head.img is head's card by its name, and node1's by what is on it");
    up.says("card image head --image IMAGE");
    assert_eq!(cluster.twin.leftovers(), Vec::<String>::new());
}
