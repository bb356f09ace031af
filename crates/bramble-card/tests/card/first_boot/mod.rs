//! Boot partitions as images have them, and what is written to them for a node.

mod boards;
mod edits;
mod formats;
mod judged;
mod made;
mod refused;
mod script;

use std::collections::BTreeMap;

use bramble_card::first_boot::{BootFile, BootPartition, FirstBoot};
use bramble_card::order::{Order, OrderError, Outside};
use bramble_cluster::{Cluster, Secret, Secrets};
use bramble_testkit::{RECIPE, cluster, secrets};

/// `cmdline.txt` as trixie has it.
const TRIXIE: &str = "console=serial0,115200 console=tty1 root=PARTUUID=2ab63b31-02 \
                      rootfstype=ext4 fsck.repair=yes rootwait resize\n";
/// As bookworm has it.
const BOOKWORM: &str = "console=serial0,115200 console=tty1 root=PARTUUID=4e639091-02 \
                        rootfstype=ext4 fsck.repair=yes rootwait quiet \
                        init=/usr/lib/raspberrypi-sys-mods/firstboot\n";
const CONFIG: &str = "# For more options, see the documentation\ndtparam=audio=on\n\n\
                      [cm5]\ndtoverlay=dwc2,dr_mode=host\n";
/// As much of `DietPi`'s as matters, with an example of a setting.
const DIETPI: &str = "# settings, applied once\nAUTO_SETUP_GLOBAL_PASSWORD=dietpi\n\
                      AUTO_SETUP_NET_USESTATIC=0\nAUTO_SETUP_NET_HOSTNAME=DietPi\n\
                      #AUTO_SETUP_SSH_PUBKEY=ssh-ed25519 AAAA example\n\
                      AUTO_SETUP_AUTOMATED=0\nCONFIG_NTP_MODE=2\n";

fn partition(label: &str, files: &[(&str, &str)]) -> BootPartition {
    let file = |(name, text): &(&str, &str)| (name.to_string(), text.as_bytes().to_vec());
    BootPartition {
        label: Some(label.to_owned()),
        names: files.iter().map(|(name, _)| name.to_string()).collect(),
        texts: files.iter().map(file).collect(),
    }
}

fn trixie() -> BootPartition {
    let files = [
        ("cmdline.txt", TRIXIE),
        ("config.txt", CONFIG),
        ("meta-data", "dsmode: local\ninstance_id: rpios-image\n"),
        ("network-config", "# nothing\n"),
        ("user-data", "#cloud-config\n"),
    ];
    partition("bootfs", &files)
}

fn bookworm() -> BootPartition {
    let files = [("cmdline.txt", BOOKWORM), ("config.txt", CONFIG)];
    partition("bootfs", &files)
}

fn ubuntu() -> BootPartition {
    let mut partition = trixie();
    partition.label = Some("system-boot".to_owned());
    partition
}

fn cidata() -> BootPartition {
    partition("CIDATA", &[])
}

fn dietpi() -> BootPartition {
    let files = [("cmdline.txt", TRIXIE), ("dietpi.txt", DIETPI)];
    partition("bootfs", &files)
}

fn armbian() -> BootPartition {
    partition("BOOT", &[("armbian_first_run.txt.template", "FR_x=1\n")])
}

/// The recipe with a country for the head's radio.
fn garden() -> Cluster {
    cluster(&RECIPE.replace("\"HomeWifi\" }", "\"HomeWifi\", country = \"GB\" }"))
}

/// The same for an image that brings its account.
fn garden_of_dietpi() -> Cluster {
    cluster(&RECIPE.replace("user = \"pi\"", "user = \"dietpi\""))
}

/// What an order is made from.
struct Desk {
    cluster: Cluster,
    secrets: Secrets,
    outside: Outside,
}

impl Desk {
    fn of(cluster: Cluster) -> Self {
        Self {
            secrets: secrets(&cluster),
            outside: crate::home(Some("correct horse")),
            cluster,
        }
    }

    fn order(&self, node: &str) -> Order<'_> {
        Order {
            cluster: &self.cluster,
            node: self.cluster.node(&node.parse().unwrap()).unwrap(),
            secrets: &self.secrets,
            outside: &self.outside,
            generation: 1,
            password_hash: None,
        }
    }
}

fn files(partition: &BootPartition, order: &Order<'_>) -> Result<Vec<BootFile>, OrderError> {
    let found = FirstBoot::found_in(partition).unwrap();
    found.files(partition, order)
}

/// What is written for `node`, as text, by name.
fn written(partition: &BootPartition, cluster: &Cluster, node: &str) -> BTreeMap<String, String> {
    let desk = Desk::of(cluster.clone());
    texts(files(partition, &desk.order(node)).unwrap())
}

/// The same with a MAC address and a password.
fn fitted(partition: &BootPartition, cluster: &Cluster, node: &str) -> BTreeMap<String, String> {
    let (mut desk, hash) = (Desk::of(cluster.clone()), hash());
    for known in &mut desk.cluster.nodes {
        known.mac = Some("DC:A6:32:01:02:03".parse().unwrap());
    }
    let order = Order {
        password_hash: Some(&hash),
        generation: 2,
        ..desk.order(node)
    };
    texts(files(partition, &order).unwrap())
}

fn hash() -> Secret<String> {
    Secret::new("$y$j9T$salt$hash".to_owned())
}

fn texts(files: Vec<BootFile>) -> BTreeMap<String, String> {
    let text = |file: BootFile| {
        let text = String::from_utf8(file.content.expose().clone()).unwrap();
        (file.name, text)
    };
    files.into_iter().map(text).collect()
}

/// The partition as the card has it afterwards.
fn after(partition: &BootPartition, files: &BTreeMap<String, String>) -> BootPartition {
    let mut after = partition.clone();
    for (name, text) in files {
        let name = name.to_lowercase();
        after.names.insert(name.clone());
        after.texts.insert(name, text.clone().into_bytes());
    }
    after
}
