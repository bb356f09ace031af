//! Cards that were made already, told from images.

use bramble_card::first_boot::{BootPartition, Made, made};
use bramble_cluster::Cluster;

use super::{
    after, armbian, bookworm, cidata, dietpi, garden, garden_of_dietpi, partition, trixie, ubuntu,
    written,
};

/// All formats, each with a cluster that it serves.
fn formats() -> [(BootPartition, Cluster); 6] {
    [
        (trixie(), garden()),
        (ubuntu(), garden()),
        (cidata(), garden()),
        (bookworm(), garden()),
        (dietpi(), garden_of_dietpi()),
        (armbian(), garden()),
    ]
}

#[test]
fn a_card_of_any_format_says_whose_it_is() {
    for (image, cluster) in formats() {
        assert_eq!(made(&image), None, "{image:?}");
        let card = after(&image, &written(&image, &cluster, "node3"));
        let node = Some("node3".parse().unwrap());
        assert_eq!(made(&card), Some(Made { node }), "{image:?}");
    }
}

#[test]
fn a_card_that_was_in_its_board_is_still_one_without_its_keys() {
    // cloud-init's files stay; what reads the others takes them away, but for what the
    // boot loader needs.
    let image = trixie();
    let mut card = after(&image, &written(&image, &garden(), "node3"));
    card.texts.remove("user-data");
    assert!(made(&card).unwrap().node.is_some());
    let config = "dtparam=audio=on\n# bramble: from here on, written by `bramble card`\n[all]\n\
                  dtoverlay=pps-gpio\n# bramble: until here\n";
    let card = partition("bootfs", &[("config.txt", config)]);
    assert_eq!(made(&card), Some(Made { node: None }));
}

#[test]
fn what_others_write_is_no_mark_of_ours() {
    let files = [
        ("meta-data", "instance-id: rpi-imager-1760000000000\n"),
        ("firstrun.sh", "#!/bin/bash\n\nset +e\n"),
        ("config.txt", "# bramble: until here\n"),
        ("armbian_first_run.txt", "FR_net_change_defaults=1\n"),
    ];
    assert_eq!(made(&partition("bootfs", &files)), None);
    // A name that could never be a node's is not shown to anybody.
    let seed = "instance-id: bramble-x-y-0-0011\nlocal-hostname: \u{1b}[2J\n";
    let card = partition("bootfs", &[("meta-data", seed)]);
    assert_eq!(made(&card), Some(Made { node: None }));
}
