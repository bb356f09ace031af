//! Host name, `/etc/hosts` and time zone.

use bramble_converge::resource::{File, Hostname, Link};

use crate::context::{Context, Wants};
use crate::role::Role;

pub(crate) const ROLE: Role = Role {
    name: "names",
    assigned: false,
    about: include_str!("role.md"),
    wants,
};

fn wants(context: &Context<'_>, wants: &mut Wants) {
    wants.add(Hostname::new(context.node.name.clone()));
    wants.add(File::new("/etc/hosts", context.cluster.hosts_file()));
    let zone = format!("/usr/share/zoneinfo/{}", context.cluster.timezone);
    wants.add(Link::new("/etc/localtime", zone));
}
