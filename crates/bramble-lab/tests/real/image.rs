//! Images for cards, made for real, and nodes that boot from cards; skipped without
//! root. Not in here: the decisions, which are tested beside the code.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use bramble_lab::image::{Firmware, ImageOrder, build_image};
use bramble_lab::{Architecture, CardError, LabError, WrittenCard};

use crate::support::{
    Running, in_another_process, is_root, layout, output, seeds, told_file, twin,
};

/// The least that has all an image must have.
fn order(image: &Path) -> ImageOrder {
    ImageOrder {
        architecture: Architecture::native().unwrap(),
        suite: "trixie".parse().unwrap(),
        size: Some("3GB".parse().unwrap()),
        include: vec!["file".parse().unwrap()],
        firmware: Firmware::None,
        disk_id: 0x0b5a_71e1,
        output: image.to_owned(),
    }
}

fn run(program: &str, words: &[&str]) -> String {
    output(Command::new(program).args(words)).unwrap_or_else(|error| panic!("{program}: {error}"))
}

/// What a file of the root partition holds.
fn in_root(image: &str, request: &str) -> String {
    run(
        "debugfs",
        &["-R", request, &format!("{image}?offset=545259520")],
    )
}

fn left(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn an_image_is_like_raspberry_pi_os_and_nodes_boot_from_cards_made_of_it() {
    if !is_root() {
        return;
    }
    let directory = tempfile::tempdir_in("/var/tmp").unwrap();
    let path = directory.path().join("debian.img");
    let image = path.to_str().unwrap();

    let built = build_image(
        &order(&path),
        &mut |event| println!("{event:?}"),
        &AtomicBool::new(false),
    )
    .unwrap();

    let mut made = left(directory.path());
    made.sort();
    assert_eq!(made, ["debian.img", "debian.img.sha256"]);
    assert_eq!(fs::metadata(&path).unwrap().len(), built.length);
    let told = directory.path().join("debian.img.sha256");
    let told = fs::read_to_string(told).unwrap();
    assert_eq!(told, format!("{}  debian.img\n", built.sha256));
    assert!(run("sha256sum", &[image]).starts_with(&built.sha256));
    is_divided_and_filled(directory.path(), image);
    boots(directory.path(), image);
}

fn is_divided_and_filled(directory: &Path, image: &str) {
    insta::assert_snapshot!(
        "the_table",
        run("sfdisk", &["-d", image]).replace(image, "debian.img")
    );
    let boot = format!("{image}@@8388608");
    let part = directory.join("part");
    let part = part.to_str().unwrap();
    let cut = |skip: &str, count: &str| {
        let (from, to) = (format!("if={image}"), format!("of={part}"));
        run(
            "dd",
            &[
                &from,
                &to,
                "bs=1M",
                skip,
                count,
                "conv=sparse",
                "status=none",
            ],
        );
    };
    cut("skip=8", "count=512");
    run("fsck.fat", &["-n", part]);
    cut("skip=520", "count=100000");
    run("e2fsck", &["-fn", part]);
    insta::assert_snapshot!(
        "the_boot_partition",
        run("mdir", &["-b", "-i", &boot, "::/"])
    );
    let words = run("mtype", &["-i", &boot, "::/cmdline.txt"]);
    assert!(words.contains("root=PARTUUID=0b5a71e1-02"), "{words}");
    let fstab = in_root(image, "cat /etc/fstab");
    assert!(
        fstab.contains("PARTUUID=0b5a71e1-01 /boot/firmware"),
        "{fstab}"
    );
    assert_eq!(in_root(image, "cat /etc/machine-id"), "");
    assert!(!in_root(image, "ls /etc/ssh").contains("ssh_host"));
    assert!(in_root(image, "ls /usr/bin").contains("growpart"));
    assert!(in_root(image, "stat /usr/bin/file").contains("Type: regular"));
    assert!(in_root(image, "stat /boot/firmware").contains("Mode:  0755"));
    let kept = in_root(image, "ls /etc/apt/apt.conf.d");
    assert!(!kept.contains("99mmdebstrap"), "{kept}");
}

/// One node boots from a card and one does not; the card stays as it is.
fn boots(directory: &Path, image: &str) {
    let layout = layout("direct", "node1");
    let card = directory.join("node1.img");
    let card = card.to_str().unwrap();
    run("cp", &["--sparse=always", image, card]);
    let node1 = "node1".parse().unwrap();
    for file in &seeds(&layout)[&node1].files {
        let seed = directory.join(file.name);
        fs::write(&seed, file.content.expose()).unwrap();
        let volume = format!("{card}@@8388608");
        run(
            "mcopy",
            &["-o", "-i", &volume, seed.to_str().unwrap(), "::/"],
        );
    }
    let before = run("sha256sum", &[card]);
    let found = WrittenCard::open(&node1, card.as_ref()).unwrap();
    let written = BTreeMap::from([(node1, found)]);
    let file = directory.join("bramble.toml");

    let running = Running::up_with(&file, layout, &written).unwrap();

    assert_eq!(running.on("node1", "hostname"), "node1");
    assert_eq!(running.on("head", "hostname"), "head");
    let addresses = running.on("node1", "ip -4 -brief address show eth0");
    assert!(addresses.contains("10.55.0.2/24"), "{addresses}");
    let mode = running.on("node1", "stat -c %a /boot/firmware/user-data");
    assert_eq!(mode, "600");
    // The card's system, and not the one that the others share.
    assert!(running.on("node1", "file /bin/sh").contains("link"));
    assert!(running.try_on("head", "command -v file").is_err());
    let failed = running.on("node1", "systemctl --failed --no-legend");
    assert_eq!(failed, "");
    running.on("node1", "echo kept > /root/file");
    assert_ne!(run("losetup", &["-j", card]), "");
    running.twin.down(&mut |_| {}).unwrap();
    assert_eq!(running.twin.leftovers(), Vec::<String>::new());
    assert_eq!(run("losetup", &["-j", card]), "");
    assert_eq!(run("sha256sum", &[card]), before);
}

/// A card with both partitions and a seed for `node`, and no system on it.
fn empty_card(directory: &Path, node: &str) -> PathBuf {
    let card = directory.join("node1.img");
    let path = card.to_str().unwrap();
    run("truncate", &["-s", "64M", path]);
    let table = "echo '2048,32768,c\n34816,,83' | sfdisk -q \"$1\"";
    run("sh", &["-c", table, "sh", path]);
    run("mkfs.fat", &["--offset", "2048", path, "16384"]);
    run("mke2fs", &["-Fq", "-E", "offset=17825792", path, "40M"]);
    for (name, said) in [
        ("user-data", "#cloud-config\n".to_owned()),
        ("meta-data", format!("local-hostname: {node}\n")),
    ] {
        let seed = directory.join(name);
        fs::write(&seed, said).unwrap();
        let volume = format!("{path}@@1048576");
        run("mcopy", &["-i", &volume, seed.to_str().unwrap(), "::/"]);
    }
    card
}

#[test]
fn a_card_of_another_node_is_told_by_what_is_on_it_before_anything_boots() {
    if !is_root() {
        return;
    }
    let directory = tempfile::tempdir_in("/var/tmp").unwrap();
    let card = empty_card(directory.path(), "node2");

    let refused = WrittenCard::open(&"node1".parse().unwrap(), &card).unwrap_err();

    let LabError::Card(CardError::Anothers { node, other, .. }) = refused else {
        panic!("{refused}");
    };
    assert_eq!((node.as_str(), other.as_str()), ("node1", "node2"));
    assert!(WrittenCard::open(&"node2".parse().unwrap(), &card).is_ok());
}

#[test]
fn a_card_that_no_node_can_boot_from_is_refused_and_nothing_stays() {
    if !is_root() {
        return;
    }
    let directory = tempfile::tempdir_in("/var/tmp").unwrap();
    let (node1, card) = (
        "node1".parse().unwrap(),
        empty_card(directory.path(), "node1"),
    );
    let found = WrittenCard::open(&node1, &card).unwrap();
    let file = directory.path().join("bramble.toml");

    let written = BTreeMap::from([(node1, found)]);
    let refused = Running::up_with(&file, layout("direct", "node1"), &written);

    let error = refused.err().unwrap();
    assert!(
        matches!(error, LabError::Card(CardError::Unfit { .. })),
        "{error}"
    );
    assert!(
        error.to_string().contains("it has no /usr/lib/systemd"),
        "{error}"
    );
    assert_eq!(twin(&file).leftovers(), Vec::<String>::new());
}

#[test]
fn an_interrupted_image_leaves_nothing() {
    if !is_root() {
        return;
    }
    let directory = tempfile::tempdir_in("/var/tmp").unwrap();
    let path = directory.path().join("debian.img");
    fs::write(&path, "what was there").unwrap();
    let stop = AtomicBool::new(false);
    let mut watch = |_| stop.store(true, Ordering::Relaxed);

    let outcome = build_image(&order(&path), &mut watch, &stop);

    assert!(matches!(outcome, Err(LabError::Interrupted)), "{outcome:?}");
    assert_eq!(left(directory.path()), ["debian.img"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "what was there");
}

/// Killed by the next test while it works; alone it does nothing.
#[test]
fn victim() {
    if let Some(image) = told_file() {
        build_image(&order(&image), &mut |_| {}, &AtomicBool::new(false)).unwrap();
    }
}

#[test]
fn an_image_whose_maker_was_killed_is_swept_by_the_next() {
    if !is_root() {
        return;
    }
    let directory = tempfile::tempdir_in("/var/tmp").unwrap();
    let path = directory.path().join("debian.img");
    let mut maker = in_another_process("image::victim", &path)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(Duration::from_secs(3));
    maker.kill().unwrap();
    maker.wait().unwrap();
    assert_eq!(left(directory.path()), [".debian.img.being-made"]);

    // The programs of the killed one end with it, a moment later.
    let start = Instant::now();
    let stop = AtomicBool::new(true);
    loop {
        match build_image(&order(&path), &mut |_| {}, &stop) {
            Err(LabError::Interrupted) => break,
            other => assert!(start.elapsed() < Duration::from_secs(5), "{other:?}"),
        }
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(left(directory.path()), Vec::<String>::new());
}
