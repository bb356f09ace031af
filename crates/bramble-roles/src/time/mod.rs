//! chrony: one server, all others its clients.

use bramble_cluster::cluster::TimeSource;
use bramble_converge::resource::{File, Packages, Service};

use crate::context::{Context, Wants};
use crate::role::Role;
use crate::template::fill;

pub(crate) const ROLE: Role = Role {
    name: "time",
    assigned: true,
    about: include_str!("role.md"),
    wants,
};

fn wants(context: &Context<'_>, wants: &mut Wants) {
    let Some(server) = context.cluster.provider(ROLE.name) else {
        return;
    };
    wants.add(Packages::new(["chrony"]));
    let (sources, serve) = if context.provides(ROLE.name) {
        (sources(context.cluster.time).to_owned(), serve(context))
    } else {
        (
            format!("server {} iburst minpoll 4 maxpoll 8", server.name),
            String::new(),
        )
    };
    let configuration = fill(
        include_str!("templates/chrony.conf"),
        &[
            ("header", &context.header()),
            ("sources", &sources),
            ("serve", &serve),
        ],
    );
    let mut reads = vec![wants.add(File::new("/etc/chrony/chrony.conf", configuration))];
    if context.own_facts().is_some_and(|facts| !facts.sets_clock) {
        reads.extend(follow_only(context, wants));
    }
    wants.add(Service::running("chrony.service").reads(reads));
}

/// A container has its host's clock. chronyd then measures and serves, and sets
/// nothing; Debian's unit would not start it at all.
fn follow_only(context: &Context<'_>, wants: &mut Wants) -> [bramble_converge::Key; 2] {
    let header = context.header();
    let unit = format!("# {header}\n[Unit]\nConditionCapability=\n");
    let options = format!("# {header}\nDAEMON_OPTS=\"-F 1 -x\"\n");
    [
        wants.add(File::new(
            "/etc/systemd/system/chrony.service.d/bramble.conf",
            unit,
        )),
        wants.add(File::new("/etc/default/chrony", options)),
    ]
}

fn sources(source: TimeSource) -> &'static str {
    match source {
        TimeSource::Internet => "pool 2.debian.pool.ntp.org iburst",
        // gpsd puts the receiver's time there. Its sentences are up to 0.2 s late.
        TimeSource::Gps => "refclock SHM 0 refid GPS offset 0.2 delay 0.2",
        TimeSource::None => "# No source: the nodes agree with each other only.",
    }
}

fn serve(context: &Context<'_>) -> String {
    format!(
        "allow {}\n# Without any source the nodes still agree with this one.\n\
         local stratum 10 orphan\n",
        context.cluster.network.subnet
    )
}
