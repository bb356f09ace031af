//! `firstrun.sh`: Raspberry Pi OS bookworm, and trixie before it had cloud-init. Its
//! `custom.toml` has no field for host keys and addresses, so a script does all of it. Not
//! in here: the script (`script`).
//!
//! Read in raspberrypi-sys-mods (`firstboot`, `imager_fixup`), userconf-pi and what
//! `rpi-imager` writes: the image grows its file system and makes host keys, starts again,
//! and then systemd runs this script and starts the machine a last time.

use bramble_cluster::Cluster;

use super::cmdline::{self, Wish};
use super::format::{BootFile, BootPartition, Format, Reach};
use super::script::Script;
use super::{boot_files, network_manager};
use crate::order::{Order, OrderError};

pub(super) static FORMAT: Format = Format {
    name: "Raspberry Pi OS's firstrun.sh",
    documents: "raspberrypi/rpi-imager, formats of customisation (systemd); systemd-run-generator(8)",
    reach: Reach::Everything,
    note: None,
    is_in,
    files,
};

/// The radio's switch in a file of `NetworkManager`'s, which images ship turned off.
const RADIO_ON: &str = "[main]\nWirelessEnabled=true\n";

/// What grows the file system at the first boot, and is then taken away.
fn is_in(partition: &BootPartition) -> bool {
    let first_boot =
        |word: &[u8]| word.ends_with(b"/raspberrypi-sys-mods/firstboot") || word == b"resize";
    partition
        .text("cmdline.txt")
        .is_some_and(|text| cmdline::tells(text, first_boot))
}

/// The script is run as from `/boot`: where the partition is mounted elsewhere, the
/// image's initramfs looks for just these words and puts them right.
fn files(partition: &BootPartition, order: &Order<'_>) -> Result<Vec<BootFile>, OrderError> {
    let run = [
        ("systemd.run", "/boot/firstrun.sh"),
        ("systemd.run_success_action", "reboot"),
        ("systemd.unit", "kernel-command-line.target"),
    ];
    let run = run.map(|(name, value)| Wish::Is(name, value.to_owned()));
    let mut files = vec![BootFile::new("firstrun.sh", script(order)?.finish())];
    files.extend(boot_files::changed(partition, order, run));
    Ok(files)
}

fn script(order: &Order<'_>) -> Result<Script, OrderError> {
    let (cluster, node) = (order.cluster, order.node);
    let zone = &cluster.timezone;
    let mut script = Script::default()
        .host_key(order)?
        .file("0644", "/etc/hostname", &format!("{}\n", node.name))
        .hosts(order)
        .account(order)
        .sudo(order)
        .keys(order)
        .file("0644", Cluster::SSHD_FILE, &cluster.sshd_file())
        .file("0644", "/etc/default/locale", "LANG=C.UTF-8\n")
        .file("0644", "/etc/timezone", &format!("{zone}\n"));
    let zone = format!("/usr/share/zoneinfo/{zone}");
    script = script.line("link", &["/etc/localtime", &zone]);
    for (path, content) in network_manager::connections(order) {
        script = script.file("0600", &path, &content);
    }
    if order.wifi().is_some() {
        let state = "/var/lib/NetworkManager/NetworkManager.state";
        script = script.line("radio", &[]).file("0600", state, RADIO_ON);
    }
    Ok(script
        .line("disable", &["regenerate_ssh_host_keys.service"])
        .line("enable", &["ssh.service"]))
}
