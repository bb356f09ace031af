//! Every format: how it is found, and what is written for a head and a worker.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bramble_card::first_boot::{BootPartition, FirstBoot, Reach};

use super::{
    after, armbian, bookworm, cidata, dietpi, fitted, garden, garden_of_dietpi, partition, trixie,
    ubuntu, written,
};

/// All files, with scripts as what they do rather than how.
fn shown(files: &BTreeMap<String, String>) -> String {
    let part = |(name, text): (&String, &String)| {
        let text = text.split_once("# data\n").map_or_else(
            || text.clone(),
            |(_, lines)| lines.lines().map(line).collect(),
        );
        format!("== {name}\n{text}\n")
    };
    files.iter().map(part).collect()
}

/// A line of a script, with its last field read if that is a file.
fn line(line: &str) -> String {
    let content = line
        .starts_with("file ")
        .then(|| line.rsplit_once(' '))
        .or_else(|| line.starts_with("own ").then(|| line.rsplit_once(' ')))
        .flatten();
    content.map_or_else(
        || format!("{line}\n"),
        |(start, content)| {
            let text = String::from_utf8(STANDARD.decode(content).unwrap()).unwrap();
            let text = text
                .lines()
                .fold(String::new(), |all, line| all + "  | " + line + "\n");
            format!("{start}\n{text}")
        },
    )
}

#[test]
fn a_format_is_found_by_what_the_boot_partition_holds() {
    let found = |partition: &BootPartition| FirstBoot::found_in(partition).map(FirstBoot::name);
    assert_eq!(found(&trixie()), Some("cloud-init"));
    assert_eq!(found(&ubuntu()), Some("Ubuntu's cloud-init"));
    assert_eq!(found(&cidata()), Some("cloud-init's CIDATA volume"));
    assert_eq!(found(&bookworm()), Some("Raspberry Pi OS's firstrun.sh"));
    assert_eq!(found(&dietpi()), Some("DietPi"));
    assert_eq!(found(&armbian()), Some("Armbian's first run"));
    let first_trixie = partition("bootfs", &[("cmdline.txt", super::TRIXIE)]);
    assert_eq!(found(&first_trixie), Some("Raspberry Pi OS's firstrun.sh"));
}

#[test]
fn an_image_that_nothing_fits_is_left_as_it_is() {
    let debian = [
        ("cmdline.txt", "root=LABEL=RASPIROOT rw rootwait\n"),
        ("sysconf.txt", ""),
    ];
    let khadas = partition("BOOT", &[("uenv.txt", "rootdev=UUID=1\n")]);
    for plain in [
        partition("RASPIFIRM", &debian),
        khadas,
        BootPartition::default(),
    ] {
        assert_eq!(FirstBoot::found_in(&plain), None);
    }
}

#[test]
fn a_format_says_how_far_it_reaches_and_who_says_so() {
    for (partition, reach) in [
        (trixie(), Reach::Everything),
        (bookworm(), Reach::Everything),
        (armbian(), Reach::Address),
    ] {
        let found = FirstBoot::found_in(&partition).unwrap();
        assert_eq!(found.reach(), reach);
        assert!(!found.documents().is_empty());
        assert_eq!(found.note().is_some(), reach == Reach::Address, "{found:?}");
    }
}

#[test]
fn raspberry_pi_os_trixie() {
    insta::assert_snapshot!("trixie_head", shown(&written(&trixie(), &garden(), "head")));
    insta::assert_snapshot!(
        "trixie_worker",
        shown(&fitted(&trixie(), &garden(), "node3"))
    );
}

#[test]
fn raspberry_pi_os_bookworm() {
    insta::assert_snapshot!(
        "bookworm_head",
        shown(&written(&bookworm(), &garden(), "head"))
    );
    insta::assert_snapshot!(
        "bookworm_worker",
        shown(&fitted(&bookworm(), &garden(), "node3"))
    );
}

#[test]
fn ubuntu_and_cidata_differ_from_raspberry_pi_os_in_their_network_only() {
    let [pi, ubuntu, cidata] =
        [trixie(), ubuntu(), cidata()].map(|it| written(&it, &garden(), "head"));
    assert_eq!(pi["user-data"], ubuntu["user-data"]);
    assert_eq!(pi["user-data"], cidata["user-data"]);
    insta::assert_snapshot!("ubuntu_network", ubuntu["network-config"]);
    assert_eq!(pi["network-config"], cidata["network-config"]);
    assert_eq!(
        cidata.keys().collect::<Vec<_>>(),
        ["meta-data", "network-config", "user-data"]
    );
}

#[test]
fn dietpi_takes_a_worker() {
    let cluster = garden_of_dietpi();
    insta::assert_snapshot!(
        "dietpi_worker",
        shown(&fitted(&dietpi(), &cluster, "node3"))
    );
    let without_password = written(&dietpi(), &cluster, "node3");
    assert!(!without_password.contains_key("Automation_Custom_Script.sh"));
}

#[test]
fn armbian_takes_an_address() {
    insta::assert_snapshot!(
        "armbian_worker",
        shown(&written(&armbian(), &garden(), "node3"))
    );
}

#[test]
fn a_card_made_twice_is_the_same_card() {
    for (partition, cluster) in [
        (trixie(), garden()),
        (bookworm(), garden()),
        (ubuntu(), garden()),
        (dietpi(), garden_of_dietpi()),
        (armbian(), garden()),
    ] {
        let once = written(&partition, &cluster, "node1");
        let again = after(&partition, &once);
        let twice = after(&again, &written(&again, &cluster, "node1"));
        assert_eq!(again, twice);
    }
}

#[test]
fn nothing_has_a_carriage_return_that_the_image_did_not_have() {
    for (partition, cluster) in [
        (trixie(), garden()),
        (bookworm(), garden()),
        (dietpi(), garden_of_dietpi()),
        (armbian(), garden()),
    ] {
        for (name, text) in fitted(&partition, &cluster, "node1") {
            assert!(!text.contains('\r'), "{name}");
        }
    }
}

#[test]
fn what_is_printed_shows_nothing_secret() {
    let desk = super::Desk::of(garden());
    let files = super::files(&bookworm(), &desk.order("head")).unwrap();
    let shown = format!("{files:?}");
    assert!(shown.contains("firstrun.sh") && !shown.contains("PRIVATE"));
    assert!(!shown.contains("data"), "{shown}");
}
