//! Files that an image has already, and of which only something is changed.

use bramble_card::first_boot::BootPartition;
use proptest::prelude::*;

use super::{Desk, after, bookworm, dietpi, files, garden, garden_of_dietpi, trixie, written};

/// The image's file `name` as the card has it, if it held `text` before.
fn edited(partition: &BootPartition, name: &str, text: &[u8]) -> Vec<u8> {
    let mut partition = partition.clone();
    partition.texts.insert(name.to_owned(), text.to_vec());
    let desk = Desk::of(garden());
    let files = files(&partition, &desk.order("head")).unwrap();
    let found = files.into_iter().find(|file| file.name == name);
    found.map_or(text.to_vec(), |file| file.content.expose().clone())
}

fn cmdline(text: &[u8]) -> Vec<u8> {
    edited(&trixie(), "cmdline.txt", text)
}

fn told(text: &str) -> String {
    String::from_utf8(cmdline(text.as_bytes())).unwrap()
}

/// Without the instance, which is another for other content.
fn without_instance(text: &str) -> String {
    let word = |word: &str| match word.split_once(";i=") {
        Some((source, _)) => format!("{source};i=*"),
        None => word.to_owned(),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn words_are_added_once_and_the_line_ends_as_it_did() {
    let line = |text: &str| without_instance(told(text).trim_end());
    let added = "cgroup_enable=memory cfg80211.ieee80211_regdom=GB ds=nocloud;i=*";
    assert_eq!(line("a b=c"), format!("a b=c {added}"));
    assert_eq!(line(&told("a b=c\n")), format!("a b=c {added}"));
    assert_eq!(line(""), added);
    for end in ["", "\n", "\r\n"] {
        let text = told(&format!("a{end}"));
        assert_eq!(text.trim_end().len() + end.len(), text.len());
        assert!(text.ends_with(end));
    }
}

#[test]
fn what_is_told_otherwise_is_told_right_in_its_place() {
    let line = |text: &str| without_instance(&told(text));
    assert_eq!(
        line("ds=none cfg80211.ieee80211_regdom=DE a ds=other"),
        "ds=nocloud;i=* cfg80211.ieee80211_regdom=GB a cgroup_enable=memory"
    );
    assert!(
        line("cgroup_enable=memory cgroup_disable=memory").ends_with(
            "cgroup_enable=memory cgroup_disable=memory cgroup_enable=memory \
         cfg80211.ieee80211_regdom=GB ds=nocloud;i=*"
        )
    );
    assert!(line("dsx=1 xds=2").starts_with("dsx=1 xds=2 "));
    assert!(line("a=\"b ds=c\"").starts_with("a=\"b ds=c\" "));
    // An open quote takes all that follows.
    assert!(line("a b=\"c d").ends_with(" ds=nocloud;i=* b=\"c d"));
}

#[test]
fn only_the_first_line_counts() {
    assert!(told("\r\n a \r\nb=c\r\n").starts_with("a cgroup_enable=memory "));
    assert!(!told("a\nb=c\n").contains("b=c"));
}

#[test]
fn the_script_is_run_once_however_often_the_card_is_made() {
    let files = written(&bookworm(), &garden(), "node1");
    let again = after(&bookworm(), &files);
    assert_eq!(files["cmdline.txt"].matches("systemd.run=").count(), 1);
    assert!(!written(&again, &garden(), "node1").contains_key("cmdline.txt"));
}

proptest! {
    #[test]
    fn a_command_line_stays_one_line_and_keeps_its_words(text in prop::collection::vec(any::<u8>(), 0..200)) {
        let once = cmdline(&text);
        let line = once.strip_suffix(b"\n").unwrap_or(&once);
        prop_assert!(!line.contains(&b'\n'));
        prop_assert_eq!(&cmdline(&once), &once);
        let plain = String::from_utf8_lossy(&text).into_owned();
        if !plain.contains(['"', '\n', '=']) && plain.is_ascii() {
            let now = String::from_utf8(once).unwrap();
            let words: Vec<_> = now.split_ascii_whitespace().collect();
            for word in plain.split_ascii_whitespace() {
                prop_assert!(words.contains(&word), "{} in {}", word, now);
            }
        }
    }

    #[test]
    fn the_part_in_the_configuration_is_replaced_and_the_rest_stays(
        text in "([a-z\\[\\]# =\\r]{0,20}\\n){0,5}[a-z]{0,5}"
    ) {
        let button = bramble_testkit::cluster(
            &bramble_testkit::RECIPE.replace("[power]", "[power]\nbutton = true"),
        );
        let mut partition = trixie();
        partition.texts.insert("config.txt".to_owned(), text.clone().into_bytes());
        let files = written(&partition, &button, "node1");
        let config = &files["config.txt"];
        prop_assert!(config.starts_with(&text));
        prop_assert_eq!(config.matches("gpio-shutdown").count(), 1);
        let again = after(&partition, &files);
        prop_assert!(!written(&again, &button, "node1").contains_key("config.txt"));
        // Without a button, what was there before is there again, and an end to its line.
        let without = written(&again, &garden(), "node1");
        let bare = |text: &str| text.trim_end_matches(['\r', '\n']).to_owned();
        prop_assert_eq!(bare(&without["config.txt"]), bare(&text));
    }
}

#[test]
fn other_marks_in_the_configuration_are_somebodys_own() {
    let button = "[power]\nbutton = true";
    let cluster = bramble_testkit::cluster(&bramble_testkit::RECIPE.replace("[power]", button));
    let begin = "# bramble: from here on, written by `bramble card`\n";
    let mut partition = trixie();
    let text = format!("{begin}mine=1\n").into_bytes();
    partition.texts.insert("config.txt".to_owned(), text);
    let once = after(&partition, &written(&partition, &cluster, "node1"));
    let twice = after(&once, &written(&once, &cluster, "node1"));
    assert_eq!(once, twice);
    let config = String::from_utf8(twice.texts["config.txt"].clone()).unwrap();
    assert!(config.contains("mine=1"), "{config}");
}

#[test]
fn a_file_without_a_boot_loaders_file_gets_none() {
    let mut partition = trixie();
    partition.texts.remove("config.txt");
    partition.texts.remove("cmdline.txt");
    let files = written(&partition, &garden(), "head");
    assert!(!files.contains_key("config.txt") && !files.contains_key("cmdline.txt"));
}

#[test]
fn settings_of_dietpi_keep_their_places_and_line_ends() {
    let mut partition = dietpi();
    let text = super::DIETPI.replace('\n', "\r\n") + "AUTO_SETUP_NET_HOSTNAME=second\r\nLAST=1";
    let text = text.into_bytes();
    partition.texts.insert("dietpi.txt".to_owned(), text);
    let cluster = garden_of_dietpi();
    let files = written(&partition, &cluster, "node2");
    let settings = &files["dietpi.txt"];
    assert!(settings.starts_with("# settings, applied once\r\nAUTO_SETUP_GLOBAL_PASSWORD="));
    assert_eq!(settings.matches("HOSTNAME=").count(), 1);
    assert!(settings.contains("AUTO_SETUP_NET_HOSTNAME=node2\r\nAUTO_SETUP_SSH_PUBKEY=ssh-"));
    assert_eq!(settings.matches("AUTO_SETUP_SSH_PUBKEY=").count(), 2);
    assert!(settings.contains("CONFIG_NTP_MODE=2\r\nLAST=1\r\n"));
    assert!(!settings.replace("\r\n", "").contains(['\r', '\n']));
    assert!(!settings.contains("PASSWORD=dietpi"));
    let other = written(&partition, &cluster, "node1");
    let password = |text: &str| text.lines().nth(1).unwrap().to_owned();
    assert_ne!(password(&other["dietpi.txt"]), password(settings));
}
