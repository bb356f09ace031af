//! Orders that no card can be written for, and why.

use bramble_card::first_boot::BootFile;
use bramble_card::order::{Order, OrderError};
use bramble_cluster::Secret;

use super::{Desk, armbian, bookworm, dietpi, files, garden, garden_of_dietpi, trixie};

/// The message.
fn said(result: Result<Vec<BootFile>, OrderError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn a_password_that_is_not_hashed_is_not_repeated() {
    let desk = Desk::of(garden());
    for password in ["hunter2", "$", "$y$a:b", "$y$a b", "$y$\n"] {
        let hash = Secret::new(password.to_owned());
        let order = Order {
            password_hash: Some(&hash),
            ..desk.order("head")
        };
        let said = said(files(&trixie(), &order));
        assert!(
            said.contains("not hashed") && !said.contains("hunter2"),
            "{said}"
        );
    }
}

#[test]
fn a_pass_phrase_that_no_radio_takes_is_refused_before_the_card_is_written() {
    let with = |phrase: &str| {
        let desk = Desk {
            outside: crate::home(Some(phrase)),
            ..Desk::of(garden())
        };
        files(&trixie(), &desk.order("head"))
    };
    assert_eq!(
        said(with("short")),
        "the pass phrase of the wireless network `HomeWifi` has 5 characters: it has 8 to 63, \
         of those on a keyboard"
    );
    assert!(with(&"x".repeat(64)).is_err());
    assert!(with("gr\u{fc}n und rot").is_err());
    assert!(with(&"a".repeat(64)).is_ok(), "the key itself");
    assert!(with("correct horse").is_ok());
}

#[test]
fn a_node_without_a_host_key_gets_no_card() {
    let mut desk = Desk::of(garden());
    desk.secrets.hosts.clear();
    let none = Err(OrderError::NoHostKey("head".parse().unwrap()));
    for partition in [trixie(), bookworm()] {
        assert_eq!(files(&partition, &desk.order("head")), none);
    }
}

#[test]
fn a_format_that_knows_one_network_takes_no_head_with_two() {
    for (partition, cluster) in [(dietpi(), garden_of_dietpi()), (armbian(), garden())] {
        let desk = Desk::of(cluster);
        let said = said(files(&partition, &desk.order("head")));
        assert!(
            said.contains("use an image with cloud-init for it"),
            "{said}"
        );
    }
}

#[test]
fn the_account_of_dietpi_keeps_its_name() {
    let desk = Desk::of(garden());
    assert_eq!(
        said(files(&dietpi(), &desk.order("node1"))),
        "node1: DietPi has an account of its own, `dietpi`, with the number that the cluster's \
         needs; write `user = \"dietpi\"` in `[cluster]`, or use another image"
    );
}
