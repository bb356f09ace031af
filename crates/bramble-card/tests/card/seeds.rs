//! Seeds of the recipe and its variants.

use bramble_card::Seed;
use bramble_card::order::Outside;
use bramble_cluster::Cluster;
use bramble_testkit::{RECIPE, cluster, recipe, secrets};

use crate::{file, home, seed, virtual_world};

fn all(cluster: &Cluster, node: &str, outside: &Outside) -> String {
    let part = |(name, content): (&str, String)| format!("== {name}\n{content}\n");
    let files = seed(cluster, node, outside);
    files.into_iter().map(part).collect()
}

fn uplink(uplink: &str) -> Cluster {
    cluster(&RECIPE.replace("{ wifi = \"HomeWifi\" }", uplink))
}

fn network(cluster: &Cluster, node: &str, outside: &Outside) -> String {
    file(&seed(cluster, node, outside), "network-config")
}

#[test]
fn a_head_on_a_wireless_network_with_a_pass_phrase() {
    insta::assert_snapshot!(all(&recipe(), "head", &home(Some("correct horse"))));
}

#[test]
fn a_worker_knows_its_way_through_the_head() {
    insta::assert_snapshot!(all(&recipe(), "node3", &home(None)));
}

#[test]
fn a_head_on_an_open_wireless_network() {
    insta::assert_snapshot!(network(&recipe(), "head", &home(None)));
}

#[test]
fn a_head_on_a_second_cable() {
    let cluster = uplink("{ ethernet = \"eth1\" }");
    insta::assert_snapshot!(network(&cluster, "head", &home(None)));
}

#[test]
fn a_virtual_head_has_a_wire_that_is_called_like_its_radio() {
    insta::assert_snapshot!(network(&recipe(), "head", &virtual_world()));
}

#[test]
fn a_virtual_worker_differs_in_nothing_from_a_board() {
    let [board, twin] =
        [home(None), virtual_world()].map(|outside| seed(&recipe(), "node1", &outside));
    assert_eq!(board, twin);
}

#[test]
fn every_file_is_yaml_and_says_who_the_node_is() {
    let cluster = recipe();
    for node in &cluster.nodes {
        let files = seed(&cluster, node.name.as_str(), &home(Some("x")));
        assert_eq!(
            files.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            ["user-data", "network-config", "meta-data"]
        );
        let read = |name| -> serde_yaml_ng::Value {
            serde_yaml_ng::from_str(&file(&files, name))
                .unwrap_or_else(|error| panic!("{name}: {error}"))
        };
        assert_eq!(read("user-data")["hostname"], node.name.as_str());
        assert_eq!(read("meta-data")["local-hostname"], node.name.as_str());
        let address = format!("{}/24", node.address);
        assert_eq!(
            read("network-config")["ethernets"]["eth0"]["addresses"][0],
            address.as_str()
        );
        assert!(file(&files, "user-data").starts_with("#cloud-config\n"));
    }
}

#[test]
fn the_host_key_arrives_as_it_was_made() {
    let cluster = recipe();
    let files = seed(&cluster, "node1", &home(None));
    let user: serde_yaml_ng::Value = serde_yaml_ng::from_str(&file(&files, "user-data")).unwrap();
    let keys = &secrets(&cluster).hosts[&"node1".parse().unwrap()].made;
    assert_eq!(
        user["ssh_keys"]["ed25519_private"],
        keys.private.expose().as_str()
    );
    assert_eq!(user["ssh_keys"]["ed25519_public"], keys.public.trim());
}

#[test]
fn the_instance_is_another_if_and_only_if_the_content_is() {
    let meta =
        |cluster: &Cluster, password| file(&seed(cluster, "head", &home(password)), "meta-data");
    let one = meta(&recipe(), Some("a"));
    assert_eq!(one, meta(&recipe(), Some("a")));
    let renamed = cluster(&RECIPE.replace("user = \"pi\"", "user = \"ada\""));
    for (what, other) in [
        ("another pass phrase", meta(&recipe(), Some("b"))),
        ("no pass phrase", meta(&recipe(), None)),
        ("another account", meta(&renamed, Some("a"))),
    ] {
        assert_ne!(one, other, "{what}");
    }
}

#[test]
fn a_node_without_a_host_key_has_no_seed() {
    let cluster = recipe();
    let mut secrets = secrets(&cluster);
    secrets.hosts.clear();
    assert_eq!(
        Seed::of(&cluster, cluster.head(), &secrets, &home(None)),
        None
    );
}

#[test]
fn a_seed_shows_nothing_secret_when_it_is_printed() {
    let cluster = recipe();
    let outside = home(Some("correct horse"));
    let seed = Seed::of(&cluster, cluster.head(), &secrets(&cluster), &outside);
    let shown = format!("{seed:?} {outside:?}");
    assert!(
        !shown.contains("horse") && !shown.contains("PRIVATE"),
        "{shown}"
    );
}
