//! What goes into an image: packages, and what is made of them. Not in here: files
//! that depend on the image's id (`files`), and putting it together.

use std::path::Path;

use super::order::{Firmware, ImageOrder};
use crate::Architecture;
use crate::base::{OPTIONS, SEEDED, listed, packages};

const OF_ALL: &str = include_str!("packages.txt");
const OF_KERNEL: &str = include_str!("kernel.txt");

/// What a Raspberry Pi starts with, and what its radio does.
const OF_RASPBERRY_PI: &[&str] = &["raspi-firmware", "firmware-brcm80211"];

/// What UEFI starts, which starts the kernel.
const OF_UEFI: &[&str] = &["systemd-boot-efi"];

/// Interfaces keep the names that the kernel gives them, as on Raspberry Pi OS: a seed
/// says `eth0`, whatever slot a board has its Ethernet on. The initial file system has
/// to know, so it is said before that is made.
const PLAIN_INTERFACES: &[&str] = &[
    "--essential-hook=mkdir -p \"$1/etc/systemd/network\"",
    "--essential-hook=ln -s /dev/null \"$1/etc/systemd/network/99-default.link\"",
];

/// What lies beside the hooks, for them to use.
pub(super) const BESIDE: &[(&str, &str)] = &[
    ("boot-copy", include_str!("boot-copy.sh")),
    ("spared", include_str!("spared.sh")),
];

/// Options of mmdebstrap, save those about files. What lies beside the hooks is in
/// `folder`.
pub(super) fn options(order: &ImageOrder, folder: &Path) -> Vec<String> {
    let mut options: Vec<_> = OPTIONS.iter().map(|&option| option.to_owned()).collect();
    options.push(format!("--architectures={}", order.architecture));
    options.push(format!("--include={}", included(order).join(",")));
    options.push(format!("--components={}", components(order.firmware)));
    options.extend(PLAIN_INTERFACES.iter().map(|&option| option.to_owned()));
    if !order.architecture.is_native() {
        let script = quoted(&folder.join("spared"));
        options.push(format!("--essential-hook=sh {script} begin \"$1\""));
        options.push(format!("--customize-hook=sh {script} end \"$1\""));
    }
    options
}

/// As one word of a shell.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', r"'\''"))
}

/// The scripts that run at the end, in their order.
pub(super) fn hooks(firmware: Firmware) -> &'static [&'static str] {
    const BARE: &[&str] = &[SEEDED, include_str!("customise.sh")];
    const STARTING: &[&str] = &[
        SEEDED,
        include_str!("starting.sh"),
        include_str!("customise.sh"),
    ];
    match firmware {
        Firmware::None => BARE,
        Firmware::Uefi | Firmware::RaspberryPi => STARTING,
    }
}

fn included(order: &ImageOrder) -> Vec<&str> {
    let of_firmware = match order.firmware {
        Firmware::None => &[],
        Firmware::Uefi => OF_UEFI,
        Firmware::RaspberryPi => OF_RASPBERRY_PI,
    };
    let mut included: Vec<&str> = packages().chain(listed(OF_ALL)).collect();
    if order.firmware != Firmware::None {
        included.extend(listed(OF_KERNEL).chain([kernel(order.architecture)]));
    }
    included.extend(of_firmware);
    included.extend(order.include.iter().map(super::PackageName::as_str));
    included
}

fn kernel(architecture: Architecture) -> &'static str {
    match architecture {
        Architecture::Amd64 => "linux-image-amd64",
        Architecture::Arm64 => "linux-image-arm64",
    }
}

/// The parts of Debian that packages are taken from. Firmware of a Raspberry Pi may be
/// passed on and not changed, and is in a part of its own.
fn components(firmware: Firmware) -> &'static str {
    match firmware {
        Firmware::None | Firmware::Uefi => "main",
        Firmware::RaspberryPi => "main,non-free-firmware",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(architecture: Architecture, firmware: Firmware) -> ImageOrder {
        ImageOrder {
            architecture,
            suite: "trixie".parse().unwrap(),
            size: None,
            include: vec!["htop".parse().unwrap()],
            firmware,
            disk_id: 0x0123_4567,
            output: "debian.img".into(),
        }
    }

    #[test]
    fn an_image_has_all_that_a_virtual_node_has() {
        let order = order(Architecture::Amd64, Firmware::None);
        let included = included(&order);
        assert!(packages().all(|package| included.contains(&package)));
        assert!(included.contains(&"htop"));
        assert!(!included.contains(&"linux-image-amd64"));
    }

    #[test]
    fn what_an_image_starts_with_decides_its_kernel_and_firmware() {
        let uefi = order(Architecture::Arm64, Firmware::Uefi);
        assert!(included(&uefi).contains(&"linux-image-arm64"));
        assert!(included(&uefi).contains(&"systemd-boot-efi"));
        let board = order(Architecture::Arm64, Firmware::RaspberryPi);
        assert!(included(&board).contains(&"raspi-firmware"));
        let options = options(&board, Path::new("it's"));
        assert!(options.contains(&"--components=main,non-free-firmware".to_owned()));
        assert!(options.contains(&"--architectures=arm64".to_owned()));
        let foreign = r#"--essential-hook=sh 'it'\''s/spared' begin "$1""#.to_owned();
        assert_eq!(options.contains(&foreign), !Architecture::Arm64.is_native());
    }
}
