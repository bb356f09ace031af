//! The seeds, judged by cloud-init and netplan as the nodes have them.

use bramble_card::order::Outside;
use bramble_cluster::Cluster;
use bramble_testkit::{BaseImage, RECIPE, cluster, recipe, skipped};

use crate::{home, seed, virtual_world};

/// What `script` says of the seed of `node`, which lies in `/seed`.
fn judge(cluster: &Cluster, node: &str, outside: &Outside, script: &str) {
    let image = match BaseImage::find() {
        Ok(image) => image,
        Err(reason) => return skipped(&reason),
    };
    let files: Vec<_> = seed(cluster, node, outside)
        .into_iter()
        .map(|(name, content)| (format!("/seed/{name}"), content))
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let ran = image.run(&files, script);
    assert!(ran.succeeded, "{node}: {}", ran.said);
}

/// With all ways to the world that a head can have.
fn seeds(script: &str) {
    let cable = cluster(&RECIPE.replace("{ wifi = \"HomeWifi\" }", "{ ethernet = \"eth1\" }"));
    judge(&recipe(), "head", &home(Some("correct \"horse\"")), script);
    judge(&recipe(), "head", &home(None), script);
    judge(&recipe(), "head", &virtual_world(), script);
    judge(&cable, "head", &home(None), script);
    judge(&recipe(), "node1", &home(None), script);
}

#[test]
fn cloud_init_takes_every_users_data() {
    seeds("cloud-init schema -c /seed/user-data");
}

#[test]
fn netplan_takes_every_network() {
    seeds(
        "mkdir -p /out/etc/netplan && { echo network:; sed 's/^/  /' /seed/network-config; } \
         >/out/etc/netplan/seed.yaml && chmod 600 /out/etc/netplan/seed.yaml \
         && netplan generate --root-dir /out && ls /out/run/systemd/network/*eth0*",
    );
}
