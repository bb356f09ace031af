//! Seeds and other files of a first boot: by eye, by a YAML reader, and by the programs
//! that read them.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot test"
)]

mod awkward;
mod first_boot;
mod programs;
mod seeds;

use bramble_card::Seed;
use bramble_card::order::Outside;
use bramble_cluster::{Cluster, Secret};
use bramble_testkit::secrets;

fn home(password: Option<&str>) -> Outside {
    Outside::Real {
        wifi_password: password.map(|password| Secret::new(password.to_owned())),
    }
}

/// What the twin has outside.
fn virtual_world() -> Outside {
    Outside::Virtual {
        node: "100.64.0.2/30".parse().unwrap(),
        gateway: [100, 64, 0, 1].into(),
        dns: [100, 64, 0, 1].into(),
    }
}

/// The seed of `node`, file by file.
fn seed(cluster: &Cluster, node: &str, outside: &Outside) -> Vec<(&'static str, String)> {
    let node = cluster.node(&node.parse().unwrap()).unwrap();
    let seed = Seed::of(cluster, node, &secrets(cluster), outside).unwrap();
    let file = |file: bramble_card::SeedFile| (file.name, file.content.expose().clone());
    seed.files.into_iter().map(file).collect()
}

/// The content of one file of a seed.
fn file(files: &[(&str, String)], name: &str) -> String {
    let found = files.iter().find(|(found, _)| *found == name);
    found.unwrap().1.clone()
}
