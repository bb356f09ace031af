//! The files of an image that depend on what was ordered: where its partitions are
//! found, how it starts. Not in here: writing them.

use super::division::digits;
use super::order::{Firmware, ImageOrder};

/// A file, by its path in the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RootFile {
    pub(super) path: &'static str,
    pub(super) content: String,
}

/// All of them. What lies in `/boot/firmware` goes to the boot partition.
pub(super) fn files(order: &ImageOrder) -> Vec<RootFile> {
    let id = digits(order.disk_id);
    let file = |path, content: String| RootFile { path, content };
    let mut files = vec![
        file("etc/fstab", fstab(&id)),
        file("etc/hosts", HOSTS.to_owned()),
        file("boot/firmware/user-data", USER_DATA.to_owned()),
        file("boot/firmware/network-config", NETWORK_CONFIG.to_owned()),
        file("boot/firmware/meta-data", META_DATA.to_owned()),
        file("boot/firmware/cmdline.txt", command_line(&id)),
    ];
    match order.firmware {
        Firmware::None => {}
        Firmware::Uefi => files.push(file("boot/firmware/loader/entries/debian.conf", entry(&id))),
        Firmware::RaspberryPi => {
            files.push(file("boot/firmware/config.txt", CONFIG_TXT.to_owned()));
        }
    }
    files
}

/// The boot partition for root alone: private keys lie there.
fn fstab(id: &str) -> String {
    format!(
        "proc /proc proc defaults 0 0\n\
         PARTUUID={id}-01 /boot/firmware vfat defaults,umask=0077 0 2\n\
         PARTUUID={id}-02 / ext4 defaults,noatime 0 1\n"
    )
}

/// The first console is a Raspberry Pi's serial one, which its firmware names; where
/// there is none, the kernel passes over it.
fn command_line(id: &str) -> String {
    format!("console=serial0,115200 console=tty1 {}\n", root(id))
}

/// Consoles are UEFI's to tell.
fn entry(id: &str) -> String {
    let root = root(id);
    format!("title Debian\nlinux /vmlinuz\ninitrd /initrd.img\noptions {root}\n")
}

fn root(id: &str) -> String {
    format!("root=PARTUUID={id}-02 rootfstype=ext4 fsck.repair=yes rootwait net.ifnames=0")
}

/// Names of nodes come with the seed.
const HOSTS: &str = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n";

/// Until an image is made a certain node's, its seed says nothing.
const USER_DATA: &str = "#cloud-config
# What this node is: `bramble card image` and `bramble card write` put it here.
# By hand, for instance:
#hostname: node1
#user:
#  name: pi
#  sudo: \"ALL=(ALL) NOPASSWD:ALL\"
#  ssh_authorized_keys: [\"ssh-ed25519 ...\"]
";

const NETWORK_CONFIG: &str = "# The addresses of this node, in netplan's format. Without \
                              any, its first
# Ethernet interface asks for one by DHCP. By hand, for instance:
#network:
#  version: 2
#  ethernets:
#    eth0: {addresses: [10.55.0.2/24]}
";

const META_DATA: &str = "dsmode: local\ninstance-id: debian-image\n";

/// `upstream_kernel`: trees of devices have the names that Debian's kernel gives them.
const CONFIG_TXT: &str = "arm_64bit=1
upstream_kernel=1
enable_uart=1
kernel=vmlinuz
initramfs initrd.img followkernel
";

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::Architecture;

    fn shown(firmware: Firmware) -> String {
        let order = ImageOrder {
            architecture: Architecture::Arm64,
            suite: "trixie".parse().unwrap(),
            size: None,
            include: Vec::new(),
            firmware,
            disk_id: 0x00ab_cdef,
            output: "debian.img".into(),
        };
        files(&order).iter().fold(String::new(), |mut text, file| {
            write!(text, "== {} ==\n{}\n", file.path, file.content).unwrap();
            text
        })
    }

    #[test]
    fn the_files_of_an_image_for_uefi() {
        insta::assert_snapshot!(shown(Firmware::Uefi));
    }

    #[test]
    fn the_files_of_an_image_for_a_raspberry_pi() {
        insta::assert_snapshot!(shown(Firmware::RaspberryPi));
    }

    #[test]
    fn the_kernels_words_are_one_line() {
        let line = command_line("00abcdef");
        assert!(line.ends_with('\n') && line.lines().count() == 1);
    }
}
