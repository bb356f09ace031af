//! What a twin of a cluster is made of: a pure decision. Not in here: making it,
//! and what the nodes hold.

use std::net::Ipv4Addr;

use bramble_cluster::cluster::{Access, Cluster, Medium, Network, Share, Uplink};
use bramble_cluster::unit::{BitRate, Memory};
use bramble_cluster::{Node, NodeName};
use ipnet::Ipv4Net;
use serde::Serialize;

use crate::LabError;

/// Where the operator's machine and the world are, to the cluster's eyes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outside {
    /// The head's address on the way out, with the prefix of that network: on
    /// its uplink if it has one, else its own in the subnet.
    pub head: Ipv4Net,
    /// The router to the internet, in the network of `head`.
    pub gateway: Ipv4Addr,
    /// Who resolves names.
    pub dns: Ipv4Addr,
}

/// The virtual machine room: all that is to be built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Layout {
    /// The cluster's own network.
    pub subnet: Ipv4Net,
    /// The address of this machine on the cluster's switch; `None` where the
    /// head alone is reached.
    pub on_switch: Option<Ipv4Addr>,
    /// The way out.
    pub outside: Outside,
    /// Every node: the head first.
    pub nodes: Vec<VirtualNode>,
    /// Directories that nodes share.
    pub shares: Vec<Share>,
    access: Access,
    world: World,
}

/// One virtual board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VirtualNode {
    /// Its host name.
    pub name: NodeName,
    /// Its address on the switch.
    pub address: Ipv4Addr,
    /// Cores of the board, which the node cannot see by itself.
    pub cores: u32,
    /// Memory of the board, likewise; also the most it gets.
    pub memory: Memory,
    /// What its Ethernet carries.
    pub ethernet: Option<BitRate>,
    /// The name of its second interface, if it has one.
    pub uplink: Option<String>,
}

/// The address ranges of the part that stands for the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct World {
    /// Between the head's uplink and the router.
    pub(crate) uplink: Ipv4Net,
    /// Between the router and slirp4netns.
    pub(crate) exit: Ipv4Net,
}

/// Shared address space (RFC 6598): no home or campus network uses it.
const WORLD: World = World {
    uplink: Ipv4Net::new_assert(Ipv4Addr::new(100, 64, 0, 0), 30),
    exit: Ipv4Net::new_assert(Ipv4Addr::new(100, 64, 1, 0), 24),
};

/// For a cluster that does use it: the range of network benchmarks (RFC 2544).
const OTHER_WORLD: World = World {
    uplink: Ipv4Net::new_assert(Ipv4Addr::new(198, 18, 0, 0), 30),
    exit: Ipv4Net::new_assert(Ipv4Addr::new(198, 18, 1, 0), 24),
};

impl World {
    fn beside(subnet: Ipv4Net) -> Self {
        let meets = |other: Ipv4Net| other.contains(&subnet) || subnet.contains(&other);
        if meets(WORLD.uplink) || meets(WORLD.exit) {
            OTHER_WORLD
        } else {
            WORLD
        }
    }

    /// The router's address on the head's uplink.
    pub(crate) fn router(self) -> Ipv4Addr {
        nth(self.uplink, 1)
    }

    fn head(self) -> Ipv4Addr {
        nth(self.uplink, 2)
    }

    /// Where slirp4netns answers questions about names: always the third address.
    fn dns(self) -> Ipv4Addr {
        nth(self.exit, 3)
    }
}

fn nth(net: Ipv4Net, offset: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(net.network().to_bits() + offset)
}

impl Layout {
    /// The twin of `cluster`.
    pub fn of(cluster: &Cluster) -> Self {
        let Network { subnet, access, .. } = cluster.network;
        let world = World::beside(subnet);
        let on_switch = match access {
            Access::Gateway => None,
            Access::Direct | Access::Routed => cluster
                .network
                .router
                .or_else(|| highest_free(subnet, &cluster.nodes)),
        };
        let nodes: Vec<_> = cluster.nodes.iter().map(virtual_node).collect();
        Self {
            subnet,
            on_switch,
            outside: outside(subnet, &nodes[0], on_switch, world),
            nodes,
            shares: cluster.shares.clone(),
            access,
            world,
        }
    }

    /// Where `node` is reached from [`crate::Twin::network`]: with
    /// `access = "gateway"` the head at its uplink, and the others, at these
    /// addresses, only through it.
    pub fn reach(&self, node: &NodeName) -> Option<Ipv4Addr> {
        let found = self.nodes.iter().find(|known| &known.name == node)?;
        let by_uplink = self.access == Access::Gateway && found.uplink.is_some();
        Some(if by_uplink {
            self.outside.head.addr()
        } else {
            found.address
        })
    }

    /// Whether it can be built: with `access` other than `gateway` this machine
    /// needs an address of its own in the subnet.
    pub(crate) fn check(&self) -> Result<(), LabError> {
        if self.access != Access::Gateway && self.on_switch.is_none() {
            return Err(LabError::SubnetFull(self.subnet));
        }
        Ok(())
    }

    pub(crate) fn world(&self) -> World {
        self.world
    }
}

fn outside(
    subnet: Ipv4Net,
    head: &VirtualNode,
    on_switch: Option<Ipv4Addr>,
    world: World,
) -> Outside {
    let by_switch = on_switch.filter(|_| head.uplink.is_none());
    let (address, prefix, gateway) = match by_switch {
        Some(router) => (head.address, subnet.prefix_len(), router),
        None => (world.head(), world.uplink.prefix_len(), world.router()),
    };
    Outside {
        head: Ipv4Net::new_assert(address, prefix),
        gateway,
        dns: world.dns(),
    }
}

fn virtual_node(node: &Node) -> VirtualNode {
    let hardware = &node.hardware;
    VirtualNode {
        name: node.name.clone(),
        address: node.address,
        cores: hardware.cores,
        memory: hardware.memory,
        ethernet: hardware.board.ethernet_speed(),
        uplink: node.uplink.as_ref().map(interface),
    }
}

/// What Linux calls the interface of `uplink` on a board with one radio.
fn interface(uplink: &Uplink) -> String {
    match &uplink.medium {
        Medium::Wifi(_) => "wlan0".to_owned(),
        Medium::Ethernet(name) => name.clone(),
    }
}

fn highest_free(subnet: Ipv4Net, nodes: &[Node]) -> Option<Ipv4Addr> {
    let taken: Vec<_> = nodes.iter().map(|node| node.address).collect();
    let first = subnet.network().to_bits() + 1;
    let last = subnet.broadcast().to_bits().saturating_sub(1);
    (first..=last)
        .rev()
        .map(Ipv4Addr::from_bits)
        .find(|address| !taken.contains(address))
}

#[cfg(test)]
pub(crate) mod tests {
    use bramble_cluster::catalogue::Catalogue;
    use bramble_cluster::file::{self, Vocabulary};

    use super::*;

    /// The layout of a head, an unlike worker, and what `network` and `head` say.
    pub(crate) fn layout(network: &str, head: &str) -> Layout {
        let text = format!(
            "[cluster]\nname = \"garden\"\n[network]\n{network}\n\
             [head]\nname = \"head\"\nboard = \"rpi4b\"\nram = \"4GB\"\n{head}\n\
             [[nodes]]\nnames = \"node1\"\nboard = \"rpi3bplus\"\n"
        );
        let roles = &["gateway", "time", "storage", "scheduler", "worker"];
        let vocabulary = Vocabulary {
            catalogue: &Catalogue::builtin(),
            roles,
        };
        let reading = file::read(&text, &vocabulary);
        Layout::of(
            &reading
                .cluster
                .unwrap_or_else(|| panic!("{:#?}", reading.diagnostics)),
        )
    }

    pub(crate) fn behind_a_gateway() -> Layout {
        layout(
            "subnet = \"10.55.0.0/24\"\naccess = \"gateway\"",
            "uplink = { wifi = \"Home\" }",
        )
    }

    pub(crate) fn on_the_lan() -> Layout {
        layout("subnet = \"10.55.0.0/24\"\naccess = \"direct\"", "")
    }

    fn reach(layout: &Layout, node: &str) -> String {
        layout.reach(&node.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn behind_a_gateway_only_the_uplink_is_reached() {
        let layout = behind_a_gateway();
        assert_eq!(layout.on_switch, None);
        assert_eq!(reach(&layout, "head"), "100.64.0.2");
        assert_eq!(reach(&layout, "node1"), "10.55.0.2");
        insta::assert_debug_snapshot!(layout);
    }

    #[test]
    fn on_a_lan_this_machine_is_the_router_at_the_highest_address() {
        let layout = on_the_lan();
        assert_eq!(layout.on_switch, Some(Ipv4Addr::new(10, 55, 0, 254)));
        assert_eq!(layout.outside.gateway, Ipv4Addr::new(10, 55, 0, 254));
        assert_eq!(layout.outside.head.to_string(), "10.55.0.1/24");
        assert_eq!(reach(&layout, "head"), "10.55.0.1");
    }

    #[test]
    fn the_routers_address_is_no_nodes() {
        let layout = layout(
            "subnet = \"10.55.0.0/29\"\naccess = \"routed\"",
            "address = \"10.55.0.6\"",
        );
        assert_eq!(layout.on_switch, Some(Ipv4Addr::new(10, 55, 0, 5)));
    }

    #[test]
    fn a_subnet_full_of_nodes_cannot_be_a_lan_of_this_machine() {
        let layout = layout("subnet = \"10.55.0.0/30\"\naccess = \"direct\"", "");
        assert!(matches!(layout.check(), Err(LabError::SubnetFull(_))));
    }

    #[test]
    fn the_world_makes_way_for_a_cluster_in_its_range() {
        let layout = layout(
            "subnet = \"100.64.0.0/24\"",
            "uplink = { ethernet = \"eth1\" }",
        );
        assert_eq!(layout.outside.head.to_string(), "198.18.0.2/30");
        assert_eq!(layout.nodes[0].uplink.as_deref(), Some("eth1"));
    }
}
