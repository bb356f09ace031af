//! What disks are used for, through everything that Linux lays on them. Not in here: what
//! follows from it.

use bramble_media::disk::{Holding, Use};

use crate::tree::{GB, NVME, Tree, USB};

fn system(at: &str) -> Use {
    Use::SystemDisk { at: at.into() }
}

fn mounted(at: &str) -> Use {
    Use::Mounted {
        at: at.into(),
        process: None,
    }
}

fn held(what: Holding, name: &str) -> Use {
    Use::Holder {
        what,
        name: name.to_owned(),
    }
}

/// A USB disk with two partitions.
fn stick() -> Tree {
    let tree = Tree::new();
    tree.disk(USB, "sda", "8:0", 32 * GB)
        .part("sda1", "8:1", GB)
        .part("sda2", "8:2", 30 * GB);
    tree
}

/// An SSD with three partitions, beside the USB disk.
fn laptop() -> Tree {
    let tree = stick();
    tree.disk(NVME, "nvme0n1", "259:0", 512 * GB)
        .part("nvme0n1p1", "259:1", GB)
        .part("nvme0n1p2", "259:2", GB)
        .part("nvme0n1p3", "259:3", 510 * GB);
    tree
}

#[test]
fn a_system_on_a_usb_disk_is_the_system() {
    let tree = stick();
    tree.mounts(
        "1 0 8:2 / / rw - ext4 /dev/root rw\n\
         2 1 8:1 / /boot/firmware rw - vfat /dev/sda1 rw\n",
    );
    assert_eq!(
        tree.found("sda").uses,
        [system("/"), system("/boot/firmware")]
    );
}

#[test]
fn a_system_through_encryption_and_volumes_is_the_ssds() {
    let tree = laptop();
    tree.mapped("dm-0", "253:0", ("vg-secret", "LVM-x"), &["nvme0n1p3"])
        .mapped("dm-1", "253:1", ("root", "CRYPT-LUKS2-x"), &["dm-0"])
        .mounts(
            "1 0 253:1 / / rw - ext4 /dev/mapper/root rw\n\
             2 1 259:1 / /boot/efi rw - vfat /dev/nvme0n1p1 rw\n",
        );
    let uses = [
        system("/"),
        system("/boot/efi"),
        held(Holding::Crypt, "root"),
        held(Holding::Lvm, "vg-secret"),
    ];
    assert_eq!(tree.found("nvme0n1").uses, uses);
    let carries = [(253, 0), (253, 1), (259, 0), (259, 1), (259, 2), (259, 3)];
    assert_eq!(tree.found("nvme0n1").carries, carries);
    assert!(tree.found("sda").uses.is_empty());
}

#[test]
fn an_array_is_all_of_its_disks() {
    let tree = laptop();
    tree.made("md127", "9:127", &["sda2", "nvme0n1p3"])
        .attribute("md127", "md/level", "raid1")
        .mounts("1 0 0:2 / / rw - rootfs rootfs rw\n2 1 9:127 / /data rw - ext4 /dev/md/data rw\n")
        .file("run/udev/data/b8:2", "E:ID_FS_TYPE=linux_raid_member\n");
    let array = held(Holding::Raid, "md127");
    let member = Use::RaidMember {
        device: "sda2".to_owned(),
    };
    assert_eq!(
        tree.found("sda").uses,
        [mounted("/data"), array.clone(), member]
    );
    assert_eq!(tree.found("nvme0n1").uses, [mounted("/data"), array]);
}

#[test]
fn members_are_known_without_udev_and_without_being_in_use() {
    let tree = stick();
    tree.on("sda1", 0x218, b"nothing")
        .on("sda1", 512, b"LABELONE")
        .on("sda2", 4096, b"\xfc\x4e\x2b\xa9");
    let volume = Use::LvmMember {
        device: "sda1".to_owned(),
    };
    let array = Use::RaidMember {
        device: "sda2".to_owned(),
    };
    assert_eq!(tree.found("sda").uses, [volume, array]);
}

#[test]
fn a_whole_disk_can_be_a_member() {
    let tree = Tree::new();
    tree.disk(USB, "sda", "8:0", GB)
        .on("sda", 132 << 10, &0x00ba_b10c_u64.to_le_bytes());
    let pool = Use::ZfsMember {
        device: "sda".to_owned(),
        pool: None,
    };
    assert_eq!(tree.found("sda").uses, [pool]);
}

#[test]
fn a_system_in_a_pool_is_on_its_disks() {
    let tree = laptop();
    tree.file(
        "run/udev/data/b259:3",
        "E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=rpool\n",
    )
    .file(
        "run/udev/data/b8:2",
        "E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=backup\n",
    )
    .mounts("1 0 0:27 / / rw - zfs rpool/ROOT/debian rw,xattr\n");
    let member = |device: &str, pool: &str| Use::ZfsMember {
        device: device.to_owned(),
        pool: Some(pool.to_owned()),
    };
    assert_eq!(
        tree.found("nvme0n1").uses,
        [system("/"), member("nvme0n1p3", "rpool")]
    );
    assert_eq!(tree.found("sda").uses, [member("sda2", "backup")]);
}

#[test]
fn swap_is_found_on_partitions_volumes_and_in_files() {
    let tree = laptop();
    tree.made("zram0", "252:0", &[])
        .mapped("dm-0", "253:0", ("vg-swap", "LVM-x"), &["nvme0n1p3"])
        .mounts(
            "1 0 0:2 / / rw - rootfs rootfs rw\n2 1 259:2 / /data rw - ext4 /dev/nvme0n1p2 rw\n",
        )
        .file(
            "proc/swaps",
            "Filename Type Size Used Priority\n\
             /dev/zram0 partition 1 0 100\n/dev/sda1 partition 1 0 -2\n\
             /dev/dm-0 partition 1 0 -3\n/data/swap\\040file file 1 0 -4\n",
        );
    let swap = |area: &str| Use::Swap { area: area.into() };
    assert_eq!(tree.found("sda").uses, [swap("/dev/sda1")]);
    let uses = [
        mounted("/data"),
        swap("/dev/dm-0"),
        swap("/data/swap file"),
        held(Holding::Lvm, "vg-swap"),
    ];
    assert_eq!(tree.found("nvme0n1").uses, uses);
}

#[test]
fn what_only_other_processes_see_mounted_is_mounted() {
    let tree = stick();
    let card = "9 1 8:1 / /media/card rw - vfat /dev/disk/by-label/bootfs rw\n";
    let elsewhere = "9 1 8:2 / / rw - ext4 /dev/sda2 rw\n";
    tree.mounts(&format!("1 0 0:2 / / rw - rootfs rootfs rw\n{card}"))
        .process("1", "mnt:[1]", elsewhere)
        .process("71", "mnt:[2]", &format!("{card}{elsewhere}"))
        .process(
            "72",
            "mnt:[2]",
            "3 1 8:2 / /never/read rw - ext4 /dev/sda2 rw\n",
        );
    let root = Use::Mounted {
        at: "/".into(),
        process: Some(71),
    };
    assert_eq!(tree.found("sda").uses, [mounted("/media/card"), root]);
}

#[test]
fn what_the_first_process_has_for_its_system_is_the_system() {
    let tree = stick();
    tree.process("1", "mnt:[9]", "1 0 8:2 / / rw - ext4 /dev/sda2 rw\n");
    assert_eq!(tree.found("sda").uses, [system("/")]);
}

#[test]
fn a_btrfs_whose_number_is_no_devices_is_found_by_its_name() {
    let tree = laptop();
    tree.mounts(
        "1 0 0:25 /@ / rw - btrfs /dev/sda2 rw,subvol=/@\n\
         2 1 0:25 /@home /home rw - btrfs /dev/sda2 rw,subvol=/@home\n",
    );
    let disk = tree.found("sda");
    assert_eq!(disk.uses, [system("/"), system("/home")]);
    assert_eq!(disk.carries, [(0, 25), (8, 0), (8, 1), (8, 2)]);
    assert!(tree.found("nvme0n1").uses.is_empty());
}

#[test]
fn a_btrfs_is_on_all_of_its_devices() {
    let tree = laptop();
    let id = "sys/fs/btrfs/1b2c/devices";
    tree.file(&format!("{id}/sda2"), "")
        .file(&format!("{id}/nvme0n1p3"), "");
    tree.mounts("1 0 0:25 / / rw - btrfs /dev/nvme0n1p3 rw\n");
    assert_eq!(tree.found("sda").uses, [system("/")]);
}

#[test]
fn a_root_that_overlays_a_disk_is_on_it() {
    let tree = laptop();
    tree.mounts(
        "1 0 0:30 / / rw - overlay overlayroot rw,lowerdir=/media/root-ro,upperdir=/media/root-rw/up,workdir=/w\n\
         2 1 8:2 / /media/root-ro ro - ext4 /dev/sda2 ro\n\
         3 1 0:31 / /media/root-rw rw - tmpfs tmpfs-root rw\n",
    );
    let disk = tree.found("sda");
    assert_eq!(disk.uses, [system("/"), mounted("/media/root-ro")]);
    assert!(disk.carries.contains(&(0, 30)));
    assert!(tree.found("nvme0n1").uses.is_empty());
}

#[test]
fn a_container_knows_the_machines_disk_by_the_files_it_gets_from_it() {
    let tree = laptop();
    let layers = vec!["/var/lib/docker/overlay2/l/X"; 100].join(":");
    tree.mounts(&format!(
        "1 0 0:30 / / rw - overlay overlay rw,lowerdir={layers},upperdir=/var/lib/docker/up,workdir=/w\n\
         2 1 259:3 /docker/hosts /etc/hosts rw - ext4 /dev/nvme0n1p3 rw\n",
    ));
    assert_eq!(tree.found("nvme0n1").uses, [system("/etc/hosts")]);
}

#[test]
fn a_live_system_is_on_the_disk_that_has_its_file() {
    let tree = stick();
    tree.made("loop0", "7:0", &[])
        .attribute("loop0", "loop/backing_file", "/run/live/medium/live/filesystem.squashfs")
        .mounts(
            "1 0 0:30 / / rw - overlay overlay rw,lowerdir=/run/live/rootfs,upperdir=/cow,workdir=/w\n\
             2 1 7:0 / /run/live/rootfs ro - squashfs /dev/loop0 ro\n\
             3 1 8:1 / /run/live/medium ro - iso9660 /dev/sda1 ro\n",
        );
    let uses = [
        system("/"),
        mounted("/run/live/rootfs"),
        mounted("/run/live/medium"),
        held(Holding::Loop, "loop0"),
    ];
    assert_eq!(tree.found("sda").uses, uses);
    assert_eq!(
        tree.found("loop0").uses,
        [system("/"), mounted("/run/live/rootfs")]
    );
}

#[test]
fn a_disk_attached_to_a_loop_device_is_in_use() {
    let tree = stick();
    tree.made("loop0", "7:0", &[])
        .attribute("loop0", "loop/backing_file", "/dev/sda");
    assert_eq!(tree.found("sda").uses, [held(Holding::Loop, "loop0")]);
    assert!(tree.found("loop0").uses.is_empty());
}

#[test]
fn a_bind_mount_is_a_mount_and_what_lies_in_another_comes_first() {
    let tree = stick();
    tree.mounts(
        "1 0 0:2 / / rw - rootfs rootfs rw\n\
         2 1 8:2 / /mnt rw - ext4 /dev/sda2 rw\n\
         3 2 8:1 / /mnt/boot rw - vfat /dev/sda1 rw\n\
         4 1 8:2 /sub/folder /bound rw - ext4 /dev/sda2 rw\n\
         5 1 8:2 / /mnt rw - ext4 /dev/sda2 rw\n",
    );
    assert_eq!(
        tree.found("sda").uses,
        [mounted("/mnt/boot"), mounted("/mnt"), mounted("/bound")]
    );
}

#[test]
fn a_mapped_device_is_known_by_its_name_where_there_are_no_links() {
    let tree = stick();
    tree.mapped("dm-0", "253:0", ("vg-data", "LVM-x"), &["sda2"]);
    std::fs::remove_dir_all(tree.node("mapper")).unwrap();
    tree.mounts("1 0 0:25 / /data rw - btrfs /dev/mapper/vg-data rw\n");
    assert_eq!(tree.found("sda").uses[0], mounted("/data"));
}

#[test]
fn the_disk_that_the_kernel_or_the_loader_came_from_is_known_when_nothing_is_mounted() {
    let by_line = stick();
    by_line.link("disk/by-partuuid/4f6a-02", "../../sda2").file(
        "proc/cmdline",
        "console=tty1 root=PARTUUID=4F6A-02 rootwait\n",
    );
    assert_eq!(by_line.found("sda").uses, [Use::Booted]);

    let by_node = stick();
    by_node.file("proc/cmdline", "root=/dev/sda2\n");
    assert_eq!(by_node.found("sda").uses, [Use::Booted]);

    let by_loader = stick();
    let text = "4F6A-01\0".chars().flat_map(|unit| [unit, '\0']);
    let units: String = "\u{6}\0\0\0".chars().chain(text).collect();
    let name = "LoaderDevicePartUUID-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
    by_loader
        .link("disk/by-partuuid/4f6a-01", "../../sda1")
        .file(&format!("sys/firmware/efi/efivars/{name}"), &units);
    assert_eq!(by_loader.found("sda").uses, [Use::Booted]);
}

#[test]
fn a_process_that_writes_to_a_disk_is_known_and_one_that_reads_is_not() {
    let tree = stick();
    let open = |process: &str, node: &str, flags: &str| {
        let fd = format!("{process}/fd");
        std::fs::create_dir_all(tree.world.proc.join(&fd)).unwrap();
        std::os::unix::fs::symlink(node, tree.world.proc.join(fd).join("3")).unwrap();
        tree.file(
            &format!("proc/{process}/fdinfo/3"),
            &format!("pos:\t0\nflags:\t{flags}\n"),
        );
    };
    open("40", "/dev/sda", "0100000");
    open("41", "/dev/sda1", "0100001");
    open("42", "/dev/null", "0100002");
    tree.file("proc/41/comm", "dd\u{1b}\n");
    let writer = Use::OpenBy {
        process: 41,
        program: "dd\u{fffd}".to_owned(),
    };
    assert_eq!(tree.found("sda").uses, [writer]);
}
