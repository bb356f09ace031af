//! The key that Slurm's daemons trust each other by.

use bramble_converge::resource::{File, Packages, Service};

use crate::context::{Context, Wants};
use crate::role::Role;

pub(crate) const ROLE: Role = Role {
    name: "munge",
    assigned: false,
    about: include_str!("role.md"),
    wants,
};

fn wants(context: &Context<'_>, wants: &mut Wants) {
    let takes_part = context.node.has_role("scheduler") || context.node.has_role("worker");
    if context.cluster.scheduler.is_none() || !takes_part {
        return;
    }
    wants.add(Packages::new(["munge"]));
    let key = File::secret("/etc/munge/munge.key", context.secrets.munge.clone());
    let key = wants.add(key.mode(0o400).owner("munge:munge"));
    wants.add(Service::running("munge.service").reads([key]));
}
