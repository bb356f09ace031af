//! From packages of Debian to nodes that boot from the cards written for them. Not in
//! here: what can go wrong while cards are written.

use std::fs;
use std::process::Command;

use sha2::{Digest as _, Sha256};

use crate::cluster_file::ClusterFile;
use crate::ran::Ran;

/// A head and a worker, whose cards say the same for boards as for the twin: nobody is
/// reached by Wi-Fi or gets an address by DHCP.
const ON_THE_LAN: &str = r#"
[cluster]
name = "garden"
user = "pi"
timezone = "Europe/London"
[network]
subnet = "10.56.0.0/24"
access = "direct"
router = "10.56.0.254"
[storage]
shared = [{ on = "head", path = "/srv/home", mount = "/home/shared" }]
[scheduler]
engine = "slurm"
[head]
name = "head"
board = "rpi4b"
ram = "4GB"
roles = ["time", "storage", "scheduler"]
[[nodes]]
names = "node1"
board = "rpi4b"
ram = "2GB"
roles = ["worker"]
"#;

pub(crate) fn nodes_boot_from_their_cards_and_become_what_the_file_says() {
    let cluster = ClusterFile::new(ON_THE_LAN);
    let architecture = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        _ => "amd64",
    };
    let build = ["image", "build", "--arch", architecture, "-o", "debian.img"];
    let aside = |arguments: &[&str]| Ran::of(&mut cluster.bramble(arguments));
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

    aside(&["lab", "up", "--yes", "--cards", "cards"]).exits(0);

    // The pinned host key of each is the one on its card.
    let told = cluster.run(&["run", "@all", "--", "hostname; cloud-init status"]);
    told.exits(0).prints("head").prints("node1");
    told.prints("status: done");
    let address = cluster.on("node1", "ip -4 -brief address show eth0");
    assert!(address.contains("10.56.0.2/24"), "{address}");
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
