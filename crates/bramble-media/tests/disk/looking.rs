//! Disks looked for by what somebody typed. Not in here: what disks are.

use bramble_media::disk::{DiskError, World, disks, find, lies_on};

use crate::tree::{GB, Tree, USB};

#[test]
fn a_partition_is_not_taken_for_its_disk() {
    let tree = Tree::new();
    tree.disk(USB, "sda", "8:0", GB).part("sda1", "8:1", GB / 2);
    tree.link("disk/by-id/usb-x-part1", "../../sda1");
    for name in ["sda1", "disk/by-id/usb-x-part1"] {
        match tree.find(name).unwrap_err() {
            DiskError::Part { given, disk } => {
                assert_eq!((given, disk), (tree.node(name), tree.node("sda")));
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn what_is_no_disk_is_told_what_it_is() {
    let tree = Tree::new();
    tree.file("dev/sdz", "a file made by a slip");
    let error = tree.find("sdz").unwrap_err();
    assert!(matches!(error, DiskError::NotADevice { .. }), "{error}");
    let error = find(&tree.world, &tree.world.dev).unwrap_err();
    assert!(matches!(error, DiskError::NotADevice { .. }), "{error}");
    let error = tree.find("sdy").unwrap_err();
    assert!(matches!(error, DiskError::NotThere { .. }), "{error}");
}

#[test]
fn nodes_in_folders_are_found() {
    let tree = Tree::new();
    tree.disk("pci0000:00/cciss0", "cciss!c0d0", "104:0", GB);
    let node = tree.node("cciss/c0d0");
    tree.file("dev/cciss/c0d0", "");
    assert_eq!(find(&tree.world, &node).unwrap().path, node);
}

#[test]
fn a_machine_that_tells_nothing_of_disks_or_of_mounts_is_an_error() {
    let tree = Tree::new();
    let nothing = tree.node("nothing");
    let no_disks = World {
        sys: nothing.clone(),
        ..tree.world.clone()
    };
    let error = disks(&no_disks).unwrap_err().to_string();
    assert!(error.contains("nothing/class/block: "), "{error}");
    let no_mounts = World {
        proc: nothing,
        ..tree.world.clone()
    };
    let error = disks(&no_mounts).unwrap_err().to_string();
    assert!(error.contains("nothing/self/mountinfo: "), "{error}");
}

#[test]
fn nonsense_in_every_file_is_no_disk_and_no_panic() {
    let tree = Tree::new();
    tree.disk(USB, "sda", "8:0", GB)
        .attribute("sda", "size", "99999999999999999999999")
        .disk(USB, "sdb", "8:16", GB)
        .attribute("sdb", "dev", "8")
        .disk(USB, "sdc", "8:32", GB)
        .attribute("sdc", "size", "18446744073709551615")
        .attribute("sdc", "queue/logical_block_size", "-1")
        .attribute("sdc", "diskseq", "many");
    tree.mounts("\n - \n1 2\n1 2 8:32\n1 2 8:x / / - \n\\777 \\ - a b c d - e\n")
        .file("proc/swaps", "\n\n \\04")
        .file(
            "proc/cmdline",
            "root= root=UUID root=UUID=../../sda root=LABEL=",
        )
        .file(
            "run/udev/data/b8:32",
            "E:ID_FS_TYPE\nE:=\nE:ID_FS_TYPE=\u{7}\n",
        )
        .file("sys/devices/pci0000:00/vpd", "")
        .file("proc/1/fd/x", "")
        .file("proc/1/comm", "");
    assert_eq!(tree.names(), ["sdc"]);
    assert_eq!(tree.found("sdc").size, u64::MAX);
}

#[test]
fn a_file_lies_on_a_device_of_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("image");
    std::fs::write(&file, "x").unwrap();
    assert_eq!(lies_on(&file).unwrap(), lies_on(folder.path()).unwrap());
    assert!(lies_on(&folder.path().join("none")).is_err());
}
