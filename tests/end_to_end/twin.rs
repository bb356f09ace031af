//! The twin that the scenarios share: made by `bramble try` when the first of
//! them asks for it. Not in here: whether that went as it should.

use std::sync::OnceLock;

use crate::cluster_file::ClusterFile;
use crate::host::{self, Traces};
use crate::ran::Ran;

/// The cluster of the example, and how it came up.
pub(crate) struct Shared {
    pub(crate) cluster: ClusterFile,
    pub(crate) journey: Ran,
    /// The network of this machine before.
    pub(crate) network: String,
    /// What this machine had before of all that a twin is made of.
    pub(crate) traces: Traces,
}

const EXAMPLE: &str = include_str!("../../examples/002-recipe/bramble.toml");

/// A head and one worker, at the addresses of the example.
pub(crate) const SMALL: &str = r#"
[cluster]
name = "garden"
user = "pi"
[network]
subnet = "10.55.0.0/24"
access = "gateway"
internet = "on-demand"
[storage]
shared = [{ on = "head", path = "/srv/home", mount = "/home/shared" }]
[scheduler]
engine = "slurm"
[head]
name = "head"
board = "rpi4b"
ram = "4GB"
uplink = { wifi = "HomeWifi" }
roles = ["gateway", "time", "storage", "scheduler"]
[[nodes]]
names = "node1"
board = "rpi3bplus"
roles = ["worker"]
"#;

pub(crate) const WORKERS: [&str; 5] = ["node1", "node2", "node3", "node4", "node5"];
pub(crate) const NODES: [&str; 6] = ["head", "node1", "node2", "node3", "node4", "node5"];

/// The shared twin, also where `try` failed.
pub(crate) fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        let (network, traces) = (host::network(), Traces::now());
        let cluster = ClusterFile::new(EXAMPLE);
        let file = cluster.path.to_str().unwrap();
        let journey = Ran::of(&mut cluster.bramble(&["try", file, "--yes", "--json"]));
        Shared {
            cluster,
            journey,
            network,
            traces,
        }
    })
}

/// The cluster of the shared twin, which must have come up.
#[track_caller]
pub(crate) fn cluster() -> &'static ClusterFile {
    let shared = shared();
    shared.journey.exits(0);
    &shared.cluster
}
