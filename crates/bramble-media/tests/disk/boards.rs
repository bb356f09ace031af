//! What disks are: card readers, cards, soldered memory, SSDs. Not in here: what uses
//! them.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;

use bramble_media::disk::{Bus, Content, MmcKind, find};

use crate::tree::{GB, NVME, SD, Tree, USB};

/// A card reader with two slots, of which the second is empty.
fn reader() -> Tree {
    let tree = Tree::new();
    let second = USB.replace("6:0:0:0", "6:0:0:1");
    tree.disk(USB, "sda", "8:0", 32 * GB)
        .attribute("sda", "removable", "1")
        .disk(&second, "sdb", "8:16", 0);
    let usb = "sys/devices/pci0000:00/0000:00:14.0/usb1/1-2";
    tree.file(&format!("{usb}/idVendor"), "14cd\n")
        .file(&format!("{usb}/manufacturer"), "Makers\n")
        .file(&format!("{usb}/product"), "Reader\n")
        .file(&format!("{usb}/serial"), "000000001532\n")
        .file(&format!("sys/devices/{USB}/vendor"), "Generic \n")
        .file(&format!("sys/devices/{USB}/model"), "STORAGE DEVICE  \n");
    tree
}

#[test]
fn an_empty_slot_of_a_card_reader_is_no_disk() {
    let tree = reader();
    assert_eq!(tree.names(), ["sda"]);
    let error = tree.find("sdb").unwrap_err().to_string();
    assert!(
        error.ends_with("sdb: there is nothing in it: put a card in"),
        "{error}"
    );
}

#[test]
fn a_card_reader_says_its_slots_name_and_its_own_serial_number() {
    let disk = reader().found("sda");
    assert_eq!(disk.vendor.as_deref(), Some("Generic"));
    assert_eq!(disk.model.as_deref(), Some("STORAGE DEVICE"));
    assert_eq!(disk.serial.as_deref(), Some("000000001532"));
    assert_eq!((disk.bus, disk.size, disk.sector), (Bus::Usb, 32 * GB, 512));
    assert_eq!(disk.number, (8, 0));
    assert!(disk.removable);
    assert!(disk.uses.is_empty());
}

#[test]
fn the_telling_links_of_a_disk_come_first() {
    let tree = reader();
    let id = "disk/by-id/usb-Generic_STORAGE_DEVICE_000000001532-0:0";
    tree.link("disk/by-id/nvme-eui.0025", "../../sda")
        .link(id, "../../sda")
        .link("disk/by-id/gone", "../../sdx");
    let disk = tree.found("sda");
    assert_eq!(
        disk.by_id,
        [tree.node(id), tree.node("disk/by-id/nvme-eui.0025")]
    );
    assert_eq!(find(&tree.world, &tree.node(id)).unwrap(), disk);
    assert!(disk.is_named_by_id(&tree.node(id)));
    assert!(!disk.is_named_by_id(&disk.path));
}

/// A board with soldered memory and a slot with a card.
fn board() -> Tree {
    let tree = Tree::new();
    let emmc = "platform/fe310000.mmc/mmc_host/mmc1/mmc1:0001";
    tree.disk(SD, "mmcblk0", "179:0", 64 * GB)
        .disk(emmc, "mmcblk1", "179:32", 16 * GB);
    let text = |way: &str, name: &str, text: &str| {
        tree.file(&format!("sys/devices/{way}/{name}"), &format!("{text}\n"));
    };
    text(SD, "type", "SD");
    text(SD, "name", "SD64G");
    text(SD, "manfid", "0x000003");
    text(SD, "serial", "0x4a3b2c1d");
    text(SD, "cid", "035344534436344780_4a3b2c1d0135");
    text(emmc, "type", "MMC");
    text(emmc, "name", "BJTD4R");
    text(emmc, "manfid", "0x000015");
    // Its boot areas hang below it, without being partitions.
    tree.part("mmcblk1boot0", "179:64", 4_194_304);
    let boot = format!("sys/devices/{emmc}/block/mmcblk1/mmcblk1boot0/partition");
    std::fs::remove_file(tree.world.sys.parent().unwrap().join(boot)).unwrap();
    tree
}

#[test]
fn a_card_and_soldered_memory_are_told_apart() {
    let tree = board();
    assert_eq!(tree.names(), ["mmcblk0", "mmcblk1"]);
    let card = tree.found("mmcblk0");
    let cid = Some("035344534436344780_4a3b2c1d0135".to_owned());
    assert_eq!(
        card.bus,
        Bus::Mmc {
            kind: MmcKind::Sd,
            cid
        }
    );
    assert_eq!(card.vendor.as_deref(), Some("SanDisk"));
    assert_eq!(card.model.as_deref(), Some("SD64G"));
    assert_eq!(card.serial.as_deref(), Some("0x4a3b2c1d"));
    assert!(!card.is_emmc());
    let soldered = tree.found("mmcblk1");
    assert!(soldered.is_emmc());
    assert_eq!(soldered.vendor.as_deref(), Some("Samsung"));
    assert!(soldered.parts.is_empty());
}

#[test]
fn what_does_not_say_that_it_is_a_card_is_taken_for_soldered_memory() {
    let tree = Tree::new();
    tree.disk(SD, "mmcblk0", "179:0", 64 * GB);
    assert!(tree.found("mmcblk0").is_emmc());
}

#[test]
fn a_boot_area_of_soldered_memory_is_no_disk() {
    let tree = board();
    let error = tree.find("mmcblk1boot0").unwrap_err().to_string();
    assert!(
        error.contains("an image needs the whole disk: name "),
        "{error}"
    );
}

#[test]
fn a_card_in_a_slot_on_usb_is_a_card() {
    let tree = Tree::new();
    let way = "pci0000:00/usb2/2-1/2-1:1.0/rtsx_usb_sdmmc.1.auto/mmc_host/mmc0/mmc0:aaaa";
    tree.disk(way, "mmcblk0", "179:0", 64 * GB);
    tree.file(&format!("sys/devices/{way}/type"), "SD\n");
    let bus = tree.found("mmcblk0").bus;
    assert_eq!(
        bus,
        Bus::Mmc {
            kind: MmcKind::Sd,
            cid: None
        }
    );
}

#[test]
fn connections_are_told_apart() {
    let tree = Tree::new();
    let head = "virtual/nvme-subsystem/nvme-subsys1";
    tree.disk(NVME, "nvme0n1", "259:0", 512 * GB)
        .disk(head, "nvme1n1", "259:5", 512 * GB)
        .disk(NVME, "nvme1c0n1", "259:6", 512 * GB)
        .attribute("nvme1c0n1", "hidden", "1")
        .disk(
            "pci0000:00/ata3/host2/target2:0:0/2:0:0:0",
            "sdc",
            "8:32",
            GB,
        )
        .disk("pci0000:00/0000:00:02.0/virtio1", "vda", "254:0", GB)
        .disk("vbd-51712", "xvda", "202:0", GB)
        .made("loop3", "7:3", &[])
        .attribute("loop3", "loop/backing_file", "/tmp/card.img");
    assert_eq!(
        tree.names(),
        ["loop3", "nvme0n1", "nvme1n1", "sdc", "vda", "xvda"]
    );
    let bus = |name: &str| tree.found(name).bus;
    assert_eq!(bus("nvme0n1"), Bus::Nvme);
    assert_eq!(bus("nvme1n1"), Bus::Nvme);
    assert_eq!(bus("sdc"), Bus::Ata);
    assert_eq!(bus("vda"), Bus::Virtio);
    assert_eq!(bus("xvda"), Bus::Other);
    let backing = Some("/tmp/card.img".into());
    assert_eq!(bus("loop3"), Bus::Loop { backing });
}

#[test]
fn optical_disks_flash_and_what_the_kernel_makes_are_no_disks() {
    let tree = Tree::new();
    let flash = "platform/fe204000.spi/spi_master/spi0/spi0.0/mtd/mtd0";
    tree.disk(
        "pci0000:00/ata1/host0/target0:0:0/0:0:0:0",
        "sr0",
        "11:0",
        GB,
    )
    .disk(flash, "mtdblock0", "31:0", GB)
    .made("zram0", "252:0", &[])
    .made("md0", "9:0", &[]);
    assert!(tree.names().is_empty());
    for name in ["sr0", "mtdblock0", "zram0", "md0"] {
        let error = tree.find(name).unwrap_err().to_string();
        assert!(error.contains("name the disk itself"), "{error}");
    }
}

#[test]
fn what_is_on_a_disk_is_known_from_udev_or_from_its_first_blocks() {
    let tree = reader();
    tree.part("sda1", "8:1", GB)
        .part("sda2", "8:2", 4 * GB)
        .part("sda10", "8:10", GB)
        .file(
            "run/udev/data/b8:1",
            "S:disk/by-label/bootfs\nE:ID_FS_TYPE=vfat\nE:ID_FS_LABEL=bootfs\n",
        )
        .on("sda2", 0x438, b"\x53\xef")
        .on("sda2", 0x460, b"\x40")
        .on("sda2", 0x478, b"root\x1b[2Jfs\0");
    let content = |kind: &str, label: &str| Content {
        kind: Some(kind.to_owned()),
        label: Some(label.to_owned()),
        unread: false,
    };
    let disk = tree.found("sda");
    let parts: Vec<_> = disk
        .parts
        .iter()
        .map(|part| (part.name.as_str(), part.size))
        .collect();
    assert_eq!(parts, [("sda1", GB), ("sda2", 4 * GB), ("sda10", GB)]);
    assert_eq!(disk.parts[0].content, content("vfat", "bootfs"));
    assert_eq!(disk.parts[1].content, content("ext4", "root\u{fffd}[2Jfs"));
    assert_eq!(disk.parts[2].content, Content::default());
}

#[test]
fn partitions_that_the_kernel_does_not_list_are_read_from_the_table() {
    let tree = Tree::new();
    tree.disk(USB, "sda", "8:0", 8 << 20);
    let entry = |kind: u8, start: u32, count: u32| {
        let mut entry = [0; 16];
        entry[4] = kind;
        entry[8..12].copy_from_slice(&start.to_le_bytes());
        entry[12..].copy_from_slice(&count.to_le_bytes());
        entry
    };
    let bytes: [(u64, &[u8]); 5] = [
        (446, &entry(0x0c, 2048, 8192)),
        (462, &entry(0x83, 10240, 4096)),
        (510, b"\x55\xaa"),
        ((1 << 20) + 82, b"FAT32   "),
        ((1 << 20) + 71, b"bootfs     "),
    ];
    let device = File::options().write(true).open(tree.node("sda")).unwrap();
    device.set_len(8 << 20).unwrap();
    for (at, bytes) in bytes {
        device.write_all_at(bytes, at).unwrap();
    }

    let parts = tree.found("sda").parts;

    let found: Vec<_> = parts
        .iter()
        .map(|part| (part.name.as_str(), part.size, part.content.label.as_deref()))
        .collect();
    let expected = [
        ("sda1", 8192 * 512, Some("bootfs")),
        ("sda2", 4096 * 512, None),
    ];
    assert_eq!(found, expected);
}

#[test]
fn where_nobody_can_look_it_is_not_said_that_nothing_is_there() {
    let tree = Tree::new();
    tree.disk(USB, "sda", "8:0", GB);
    assert!(!tree.found("sda").content.unread);
    fs::remove_file(tree.node("sda")).unwrap();
    fs::create_dir(tree.node("sda")).unwrap();
    assert!(tree.found("sda").content.unread);
}

#[test]
fn a_disk_cannot_rewrite_the_terminal_by_its_name() {
    let tree = Tree::new();
    tree.disk(USB, "sda", "8:0", GB);
    tree.file(
        &format!("sys/devices/{USB}/model"),
        "good\u{202e}live\u{1b}]0;x\u{7}\n",
    );
    let model = tree.found("sda").model.unwrap();
    assert_eq!(model, "good\u{fffd}live\u{fffd}]0;x\u{fffd}");
}
