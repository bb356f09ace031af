//! `bramble card` on image files, which need neither root nor devices.

mod asked;
mod compared;
mod kept;
mod refused;
mod slips;

use std::fs;
use std::path::Path;
use std::process::Command;

use bramble_testkit::RECIPE;
use serde_json::Value;

use crate::typed::{Ended, Place};

/// Where the boot partition begins, in bytes, and how long it is.
const BOOT: u64 = 8 << 20;
const BOOT_LENGTH: u64 = 40 << 20;
const ROOT_LENGTH: u64 = 24 << 20;

/// A cluster of which no node has a wireless network to be asked for.
fn place() -> Place {
    Place::with(RECIPE.replace(
        "uplink = { wifi = \"HomeWifi\" }",
        "uplink = { ethernet = \"eth1\" }",
    ))
}

/// Runs a program that makes images.
fn make(folder: &Path, program: &str, args: &[&str]) {
    let path = format!("/usr/sbin:/sbin:{}", std::env::var("PATH").unwrap());
    let done = Command::new(program)
        .args(args)
        .env("PATH", path)
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{program} {args:?}: {said}");
}

/// An image in the layout of Raspberry Pi OS, with cloud-init's files to fill in.
fn image(folder: &Path) {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write(
        "cmdline.txt",
        "console=tty1 root=PARTUUID=1234abcd-02 rootwait resize\n",
    );
    write("config.txt", "dtparam=audio=on\n");
    write("meta-data", "instance_id: rpios-image\n");
    write("user-data", "#cloud-config\n");
    write("network-config", "# nothing yet\n");
    let (boot, root) = (BOOT_LENGTH.to_string(), ROOT_LENGTH.to_string());
    make(folder, "truncate", &["-s", &boot, "boot"]);
    make(
        folder,
        "mkfs.fat",
        &["-F", "32", "-s", "1", "-n", "bootfs", "boot"],
    );
    make(
        folder,
        "mcopy",
        &[
            "-i",
            "boot",
            "cmdline.txt",
            "config.txt",
            "meta-data",
            "user-data",
            "network-config",
            "::",
        ],
    );
    make(folder, "truncate", &["-s", &root, "root"]);
    make(
        folder,
        "mke2fs",
        &["-q", "-F", "-t", "ext4", "-L", "rootfs", "root"],
    );
    let mut image = vec![0; usize::try_from(BOOT).unwrap()];
    let entry = |kind: u8, start: u64, length: u64| {
        let sectors = |bytes: u64| u32::try_from(bytes / 512).unwrap().to_le_bytes();
        [
            &[0, 0, 0, 0, kind, 0, 0, 0][..],
            &sectors(start),
            &sectors(length),
        ]
        .concat()
    };
    image[446..462].copy_from_slice(&entry(0x0c, BOOT, BOOT_LENGTH));
    image[462..478].copy_from_slice(&entry(0x83, BOOT + BOOT_LENGTH, ROOT_LENGTH));
    image[510..512].copy_from_slice(&[0x55, 0xaa]);
    image.extend(fs::read(folder.join("boot")).unwrap());
    image.extend(fs::read(folder.join("root")).unwrap());
    fs::write(folder.join("system.img"), image).unwrap();
}

/// What a file of the boot partition of a card holds.
fn of_boot(folder: &Path, card: &str, name: &str) -> String {
    let at = format!("{card}@@{BOOT}");
    let name = format!("::{name}");
    let done = Command::new("mtype")
        .args(["-i", &at, &name])
        .current_dir(folder)
        .output()
        .unwrap();
    String::from_utf8(done.stdout).unwrap()
}

fn well(ended: &Ended) -> &str {
    assert_eq!(ended.status, 0, "{}{}", ended.output, ended.complaint);
    &ended.output
}

#[test]
fn each_node_gets_an_image_of_its_own_from_one_that_is_packed() {
    let place = place();
    let folder = place.folder();
    image(folder);
    make(folder, "xz", &["-k", "-1", "system.img"]);

    let ended = place.types(&[
        "card",
        "image",
        "node[1-2]",
        "--image",
        "system.img.xz",
        "-o",
        "cards",
    ]);

    well(&ended);
    assert!(
        ended.complaint.contains("cloud-init"),
        "{}",
        ended.complaint
    );
    for node in ["node1", "node2"] {
        let card = format!("cards/{node}.img");
        let meta = of_boot(folder, &card, "meta-data");
        assert!(
            meta.contains(&format!("local-hostname: {node}\n")),
            "{meta}"
        );
        let cmdline = of_boot(folder, &card, "cmdline.txt");
        assert_eq!(cmdline.matches('\n').count(), 1, "{cmdline}");
        assert!(
            cmdline.contains(&format!("ds=nocloud;i=bramble-garden-{node}-0-")),
            "{cmdline}"
        );
        let bytes = fs::read(folder.join(&card)).unwrap();
        let boot =
            &bytes[usize::try_from(BOOT).unwrap()..][..usize::try_from(BOOT_LENGTH).unwrap()];
        fs::write(folder.join("back"), boot).unwrap();
        make(folder, "fsck.fat", &["-n", "back"]);
    }
    let left: Vec<_> = fs::read_dir(folder.join("cards")).unwrap().collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn a_card_is_written_recorded_and_compared() {
    let place = place();
    let folder = place.folder();
    image(folder);
    let size = (BOOT + BOOT_LENGTH + ROOT_LENGTH + (20 << 20)).to_string();
    make(folder, "truncate", &["-s", &size, "one", "two"]);
    let image = ["--image", "system.img"];
    let pairs = ["node1=one", "node2=two"];

    let written = place.types(&[&["card", "write", "--yes"], &pairs[..], &image].concat());
    assert_eq!(well(&written).matches("done  node").count(), 2);

    let verify = [&["card", "verify"], &pairs[..], &image].concat();
    assert_eq!(well(&place.types(&verify)).matches("same  node").count(), 2);
    let records = fs::read_to_string(folder.join(".bramble/cards.jsonl")).unwrap();
    let records: Vec<Value> = records
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(records.len(), 2);
    assert_eq!(records[0]["node"], "node1");
    assert_eq!(records[0]["failure"], Value::Null);

    // A card that is written anew is another instance to cloud-init.
    place.types(&[
        "card",
        "write",
        "--yes",
        "node1=one",
        "--image",
        "system.img",
    ]);
    assert!(of_boot(folder, "one", "meta-data").contains("-node1-1-"));
    well(&place.types(&verify));
}

#[test]
fn what_cannot_be_is_refused_before_the_first_byte() {
    let place = place();
    let folder = place.folder();
    image(folder);
    make(folder, "truncate", &["-s", "16M", "small"]);
    make(folder, "truncate", &["-s", "100M", "card"]);
    fs::write(folder.join("page.img"), "<!DOCTYPE html><html>").unwrap();
    let refused = |args: &[&str]| {
        let ended = place.types(&[&["card"], args].concat());
        assert_eq!((ended.status, ended.output.as_str()), (2, ""), "{args:?}");
        ended.complaint
    };
    let small = refused(&["write", "--yes", "node1=small", "--image", "system.img"]);
    assert!(
        small.contains("small") && small.contains("needs"),
        "{small}"
    );
    let twice = refused(&[
        "write",
        "--yes",
        "node1=card",
        "node2=./card",
        "--image",
        "system.img",
    ]);
    assert!(twice.contains("twice"), "{twice}");
    let unknown = refused(&["write", "--yes", "node9=card", "--image", "system.img"]);
    assert!(unknown.contains("node9"), "{unknown}");
    let page = refused(&["image", "node1", "--image", "page.img", "-o", "cards"]);
    assert!(page.contains("page.img"), "{page}");
    let none = refused(&["image", "node1", "-o", "cards"]);
    assert!(none.contains("--image"), "{none}");
    let nobody = refused(&["write", "node1=card", "--image", "system.img"]);
    assert!(nobody.contains("--yes"), "{nobody}");
}

#[test]
fn an_image_that_is_not_what_it_should_be_makes_no_bootable_card() {
    let place = place();
    let folder = place.folder();
    image(folder);
    make(folder, "truncate", &["-s", "100M", "card"]);
    let wrong = "0".repeat(64);
    fs::write(
        folder.join("system.img.sha256"),
        format!("{wrong}  system.img\n"),
    )
    .unwrap();

    let ended = place.types(&[
        "card",
        "write",
        "--yes",
        "node1=card",
        "--image",
        "system.img",
    ]);

    assert_eq!(ended.status, 2, "{}", ended.output);
    assert!(ended.complaint.contains(&wrong), "{}", ended.complaint);
    let card = fs::read(folder.join("card")).unwrap();
    assert!(card[..4096].iter().all(|byte| *byte == 0));
}
