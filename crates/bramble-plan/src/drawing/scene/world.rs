//! What is around the cluster: the home router, the internet, the owner's machine.
//! Not in here: the cluster.

use bramble_cluster::cluster::{Access, Cluster, Internet, Medium, Uplink};

use super::Numbers;
use crate::site::Site;

/// What is around the cluster.
#[derive(Debug)]
pub(crate) struct World {
    /// The home router.
    pub(crate) router: Sight,
    pub(crate) internet: Sight,
    /// The owner's machine.
    pub(crate) machine: Sight,
    /// The head's own way to the router.
    pub(crate) uplink: Option<Way>,
    /// Findings about the ways out.
    pub(crate) findings: Numbers,
}

/// Something with a few words.
#[derive(Debug)]
pub(crate) struct Sight {
    pub(crate) name: &'static str,
    pub(crate) detail: String,
}

/// The head's way to the router.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) by_air: bool,
    pub(crate) name: String,
    pub(crate) reach: String,
}

pub(super) fn world(site: &Site<'_>) -> World {
    let cluster = site.cluster;
    World {
        router: Sight {
            name: "home router",
            detail: cluster
                .network
                .router
                .map_or_else(String::new, |router| router.to_string()),
        },
        internet: Sight {
            name: "internet",
            detail: internet(cluster).to_owned(),
        },
        machine: Sight {
            name: "your machine",
            detail: access(cluster),
        },
        uplink: cluster.head().uplink.as_ref().map(way),
        findings: Vec::new(),
    }
}

fn internet(cluster: &Cluster) -> &'static str {
    match cluster.network.internet {
        Internet::Always => "workers: always",
        Internet::OnDemand => "workers: when asked",
        Internet::Never => "workers: never",
    }
}

fn access(cluster: &Cluster) -> String {
    match cluster.network.access {
        Access::Gateway => format!("SSH through {}", cluster.head().name),
        Access::Direct => "SSH to every node".to_owned(),
        Access::Routed => "SSH to every node, routed".to_owned(),
    }
}

fn way(uplink: &Uplink) -> Way {
    let (by_air, name) = match &uplink.medium {
        Medium::Wifi(name) => (true, format!("Wi-Fi {name}")),
        Medium::Ethernet(interface) => (false, interface.clone()),
    };
    Way {
        by_air,
        name,
        reach: uplink.reach.clone().unwrap_or_default(),
    }
}
