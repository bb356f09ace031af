//! The way out: forwarding, masquerading, names; and what boards without cards boot
//! from.

mod network_boot;
mod way_out;

use bramble_cluster::cluster::{Access, Internet};
use bramble_converge::resource::{File, Packages, Service, Sysctl};

use crate::context::{Context, Wants};
use crate::role::Role;
use crate::template::fill;

pub use way_out::{WayOut, WayState};

pub(crate) const ROLE: Role = Role {
    name: "gateway",
    assigned: true,
    about: include_str!("role.md"),
    wants,
};

fn wants(context: &Context<'_>, wants: &mut Wants) {
    // Without an uplink there is nothing to be the gateway to.
    match context.cluster.gateway() {
        Some(gateway) if gateway.name == context.node.name => way_to_the_world(context, wants),
        None if context.provides("gateway") => network_boot::alone(context, wants),
        _ => {}
    }
}

fn way_to_the_world(context: &Context<'_>, wants: &mut Wants) {
    wants.add(Packages::new(["nftables", "dnsmasq"]));
    wants.add(Sysctl::new("net.ipv4.ip_forward", "1"));
    let rules = wants.add(File::new("/etc/bramble/gateway.nft", rules(context)));
    let unit = fill(
        include_str!("templates/bramble-gateway.service"),
        &[("header", &context.header())],
    );
    let unit = wants.add(File::new(
        "/etc/systemd/system/bramble-gateway.service",
        unit,
    ));
    wants.add(Service::running("bramble-gateway.service").reads([rules, unit]));

    let names = fill(
        include_str!("templates/dnsmasq.conf"),
        &[
            ("header", &context.header()),
            ("interface", context.cluster_interface()),
            ("domain", &context.cluster.network.domain),
        ],
    );
    let names = wants.add(File::new("/etc/dnsmasq.d/bramble.conf", names));
    let options = fill(
        include_str!("templates/dnsmasq.default"),
        &[("header", &context.header())],
    );
    let options = wants.add(File::new("/etc/default/dnsmasq", options));
    let hosts = bramble_converge::Key::new("file", "/etc/hosts");
    let boot = network_boot::wants(context, wants);
    let reads = [names, options, hosts].into_iter().chain(boot);
    wants.add(Service::running("dnsmasq.service").reads(reads));
}

fn rules(context: &Context<'_>) -> String {
    let network = &context.cluster.network;
    let subnet = network.subnet.to_string();
    let open = match network.internet {
        Internet::Always => format!("\n\t\telements = {{ {subnet} }}"),
        Internet::OnDemand | Internet::Never => String::new(),
    };
    let inward = match network.access {
        Access::Routed => "accept",
        Access::Direct | Access::Gateway => "ct state established,related accept",
    };
    fill(
        include_str!("templates/gateway.nft"),
        &[
            ("header", &context.header()),
            ("interface", context.cluster_interface()),
            ("subnet", &subnet),
            ("open", &open),
            ("inward", inward),
        ],
    )
}
