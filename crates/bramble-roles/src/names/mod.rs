//! Host name, `/etc/hosts` and time zone.

use bramble_cluster::Cluster;
use bramble_converge::resource::{File, Hostname, Link};

use crate::context::{Context, Wants};
use crate::registry::Role;
use crate::template::fill;

pub(crate) const ROLE: Role = Role {
    name: "names",
    assigned: false,
    about: include_str!("role.md"),
    wants,
};

fn wants(context: &Context<'_>, wants: &mut Wants) {
    wants.add(Hostname::new(context.node.name.clone()));
    let hosts = fill(
        include_str!("templates/hosts"),
        &[
            ("header", &context.header()),
            ("nodes", &nodes(context.cluster)),
        ],
    );
    wants.add(File::new("/etc/hosts", hosts));
    let zone = format!("/usr/share/zoneinfo/{}", context.cluster.timezone);
    wants.add(Link::new("/etc/localtime", zone));
}

fn nodes(cluster: &Cluster) -> String {
    let line = |node: &bramble_cluster::Node| {
        format!(
            "{} {name}.{} {name}\n",
            node.address,
            cluster.network.domain,
            name = node.name
        )
    };
    cluster.nodes.iter().map(line).collect()
}
