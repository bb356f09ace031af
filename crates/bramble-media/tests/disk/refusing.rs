//! Which disks are refused, with which words, and what is to be done. Not in here: how
//! it is found out what uses them.

use std::path::Path;

use bramble_media::disk::{
    Bus, Content, Disk, Holding, MmcKind, Reason, Refusal, Use, Wish, note, refusal,
};

use crate::tree::GB;

const ID: &str = "/dev/disk/by-id/usb-Maker_Card_42-0:0";

fn card() -> Disk {
    let tree = crate::tree::Tree::new();
    tree.disk(crate::tree::USB, "sdb", "8:16", 32 * GB);
    Disk {
        path: "/dev/sdb".into(),
        by_id: vec![ID.into()],
        removable: true,
        ..tree.found("sdb")
    }
}

fn wish(disk: &Disk) -> Wish<'_> {
    Wish {
        disk,
        given: &disk.path,
        needs: 4 * GB,
        source: None,
        yes: false,
    }
}

fn refused(disk: &Disk) -> Refusal {
    refusal(&wish(disk)).unwrap()
}

fn used(uses: Vec<Use>) -> Refusal {
    refused(&Disk { uses, ..card() })
}

fn mounted(at: &str, process: Option<u32>) -> Use {
    Use::Mounted {
        at: at.into(),
        process,
    }
}

#[test]
fn a_free_card_is_not_refused() {
    assert_eq!(refusal(&wish(&card())), None);
    assert_eq!(note(&card()), None);
}

#[test]
fn the_systems_disk_is_refused_whatever_is_said() {
    let at = |at: &str| Use::SystemDisk { at: at.into() };
    let uses = vec![at("/"), at("/boot"), mounted("/mnt", None)];
    let disk = Disk { uses, ..card() };
    let wish = Wish {
        given: Path::new(ID),
        yes: true,
        ..wish(&disk)
    };
    let text = refusal(&wish).unwrap().to_string();
    assert_eq!(
        text,
        "/dev/sdb: this machine's own system is on it (/, /boot)"
    );
}

#[test]
fn the_disk_that_the_machine_was_started_from_is_refused() {
    assert_eq!(used(vec![Use::Booted]).reason, Reason::Booted);
}

#[test]
fn the_disk_that_the_image_lies_on_is_refused() {
    let disk = Disk {
        carries: vec![(8, 16), (8, 17), (253, 0)],
        ..card()
    };
    let on = |source| {
        refusal(&Wish {
            source: Some(source),
            ..wish(&disk)
        })
    };
    assert_eq!(on((253, 0)).unwrap().reason, Reason::Source);
    assert_eq!(on((8, 1)), None);
}

#[test]
fn a_mounted_card_is_refused_with_the_commands_that_unmount_it() {
    let refusal = used(vec![
        mounted("/media/me/my card", None),
        mounted("/media/it's", None),
        mounted("/mnt", Some(71)),
        mounted("/media/\u{1b}[2J", None),
    ]);
    assert_eq!(
        refusal.to_string(),
        "/dev/sdb: it is mounted at '/media/me/my card', '/media/it'\\''s', \
         /mnt (as process 71 sees it), $'/media/\\x1b[2J'",
    );
    assert_eq!(
        refusal.hints,
        [
            "umount '/media/me/my card'",
            "umount '/media/it'\\''s'",
            "nsenter --mount --target 71 umount /mnt",
            "umount $'/media/\\x1b[2J'",
        ]
    );
}

#[test]
fn swap_is_refused_with_the_command_that_ends_it() {
    let refusal = used(vec![Use::Swap {
        area: "/dev/sdb3".into(),
    }]);
    assert_eq!(refusal.reason, Reason::Swap);
    assert_eq!(refusal.hints, ["swapoff /dev/sdb3"]);
}

#[test]
fn what_others_are_made_of_is_refused_with_the_commands_that_take_them_apart() {
    let held = |what, name: &str| Use::Holder {
        what,
        name: name.to_owned(),
    };
    let refusal = used(vec![
        held(Holding::Crypt, "secret"),
        held(Holding::Lvm, "vg-lv"),
        held(Holding::Raid, "md127"),
        held(Holding::Bcache, "bcache0"),
        held(Holding::Loop, "loop7"),
        held(Holding::Mapped, "odd; name"),
        Use::LvmMember {
            device: "sdb1".to_owned(),
        },
    ]);
    let text = refusal.to_string();
    assert!(
        text.starts_with("/dev/sdb: it is part of the encrypted volume secret, the logical"),
        "{text}"
    );
    assert_eq!(
        refusal.hints,
        [
            "cryptsetup close secret",
            "lvchange --activate n /dev/mapper/vg-lv",
            "mdadm --stop /dev/md127",
            "echo 1 > /sys/block/bcache0/bcache/stop",
            "losetup --detach /dev/loop7",
            "dmsetup remove 'odd; name'",
        ]
    );
}

#[test]
fn members_are_refused() {
    let device = || "sdb1".to_owned();
    for (member, text) in [
        (Use::LvmMember { device: device() }, "a volume group"),
        (Use::RaidMember { device: device() }, "an array"),
        (
            Use::ZfsMember {
                device: device(),
                pool: None,
            },
            "a ZFS pool",
        ),
    ] {
        let refusal = used(vec![member]);
        assert_eq!(
            refusal.to_string(),
            format!("/dev/sdb: sdb1 on it belongs to {text}")
        );
        assert!(
            refusal.hints[0].ends_with(": wipefs --all /dev/sdb1"),
            "{:?}",
            refusal.hints
        );
    }
}

#[test]
fn a_disk_that_is_being_written_is_refused() {
    let refusal = used(vec![Use::OpenBy {
        process: 41,
        program: "dd".to_owned(),
    }]);
    assert_eq!(
        refusal.to_string(),
        "/dev/sdb: it is being written by dd (process 41)"
    );
}

#[test]
fn a_locked_card_is_refused() {
    let locked = refused(&Disk {
        read_only: true,
        ..card()
    });
    assert_eq!(locked.to_string(), "/dev/sdb: it is locked against writing");
    assert!(locked.hints[0].contains("slider"), "{:?}", locked.hints);
}

#[test]
fn a_card_that_is_a_sector_too_small_is_refused() {
    let disk = Disk {
        size: 4 * GB - 512,
        ..card()
    };
    assert_eq!(
        refused(&disk).to_string(),
        "/dev/sdb: it is too small: the image needs 4 GB (4000000000 bytes), \
         and it has 4 GB (3999999488 bytes)",
    );
    assert_eq!(
        refusal(&wish(&Disk {
            size: 4 * GB,
            ..card()
        })),
        None
    );
}

/// What is refused unless it is named exactly.
fn doubtful() -> Vec<(Disk, Reason)> {
    let emmc = Bus::Mmc {
        kind: MmcKind::Emmc,
        cid: None,
    };
    let fixed = |bus| {
        (
            Disk {
                bus,
                removable: false,
                ..card()
            },
            Reason::Fixed,
        )
    };
    let size = 512 * GB;
    vec![
        (
            Disk {
                bus: emmc,
                removable: false,
                ..card()
            },
            Reason::Emmc,
        ),
        fixed(Bus::Nvme),
        fixed(Bus::Ata),
        fixed(Bus::Virtio),
        fixed(Bus::Other),
        (Disk { size, ..card() }, Reason::Large { size }),
    ]
}

#[test]
fn soldered_built_in_and_large_disks_are_refused_unless_named_exactly() {
    for (disk, reason) in doubtful() {
        let refusal_ = refused(&disk);
        assert_eq!(refusal_.reason, reason);
        assert_eq!(
            refusal_.hints,
            [format!("if it is meant, name it so: {ID}")]
        );
        for yes in [false, true] {
            let by_id = Wish {
                given: Path::new(ID),
                yes,
                ..wish(&disk)
            };
            assert_eq!(refusal(&by_id), None);
        }
    }
}

#[test]
fn a_card_sold_as_256_gb_is_no_large_disk() {
    let disk = Disk {
        size: 256_060_514_304,
        ..card()
    };
    assert_eq!(refusal(&wish(&disk)), None);
}

#[test]
fn a_usb_disk_that_does_not_say_that_it_is_removable_is_a_card() {
    assert_eq!(
        refusal(&wish(&Disk {
            removable: false,
            ..card()
        })),
        None
    );
}

#[test]
fn without_a_question_a_disk_has_to_be_named_by_its_id() {
    let disk = card();
    let unasked = Wish {
        yes: true,
        ..wish(&disk)
    };
    assert_eq!(refusal(&unasked).unwrap().reason, Reason::Unnamed);
    assert_eq!(
        refusal(&Wish {
            given: Path::new(ID),
            ..unasked
        }),
        None
    );
    let nameless = Disk {
        by_id: Vec::new(),
        serial: Some("0x42".to_owned()),
        ..card()
    };
    let refusal_ = refusal(&Wish {
        yes: true,
        ..wish(&nameless)
    })
    .unwrap();
    assert_eq!(
        refusal_.hints,
        ["if it is meant, give its serial number too: 0x42"]
    );
}

#[test]
fn a_free_loop_device_is_not_refused_and_one_in_use_is() {
    let bus = || Bus::Loop { backing: None };
    let free = Disk {
        bus: bus(),
        removable: false,
        by_id: Vec::new(),
        ..card()
    };
    assert_eq!(
        refusal(&Wish {
            yes: true,
            ..wish(&free)
        }),
        None
    );
    let locked = Disk {
        read_only: true,
        ..free.clone()
    };
    assert!(!refused(&locked).hints[0].contains("slider"));
    let used = Disk {
        uses: vec![mounted("/mnt", None)],
        ..free
    };
    assert!(matches!(refused(&used).reason, Reason::Mounted { .. }));
}

#[test]
fn what_somebody_would_lose_is_told_before_what_does_not_fit() {
    let uses = vec![
        mounted("/mnt", None),
        Use::Swap {
            area: "/dev/sdb2".into(),
        },
    ];
    let disk = Disk {
        uses,
        read_only: true,
        size: GB,
        ..card()
    };
    assert!(matches!(refused(&disk).reason, Reason::Mounted { .. }));
}

#[test]
fn what_an_old_partition_table_cannot_count_is_said() {
    let disk = Disk {
        size: 4_000 * GB,
        ..card()
    };
    assert_eq!(
        note(&disk).unwrap().to_string(),
        "with an image that has an MBR, only 2.2 TB of it can be used",
    );
    assert_eq!(
        note(&Disk {
            sector: 4096,
            ..disk
        }),
        None
    );
    assert_eq!(card().content, Content::default());
}
