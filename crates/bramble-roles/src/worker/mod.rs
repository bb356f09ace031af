//! Slurm's node daemon.

use bramble_converge::resource::{Absent, File, Packages, Service};

use crate::context::{Context, Wants};
use crate::role::Role;

pub(crate) const ROLE: Role = Role {
    name: "worker",
    assigned: true,
    about: include_str!("role.md"),
    wants,
};

fn wants(context: &Context<'_>, wants: &mut Wants) {
    let Some(controller) = context.cluster.provider("scheduler") else {
        return;
    };
    if context.cluster.scheduler.is_none() || !context.node.has_role(ROLE.name) {
        return;
    }
    wants.add(Packages::new(["slurmd"]));
    let mut options = String::new();
    if controller.name != context.node.name {
        wants.add(Absent::new("/etc/slurm/slurm.conf"));
        options = format!("--conf-server {}", controller.name);
    }
    let options = format!("# {}\nSLURMD_OPTIONS=\"{options}\"\n", context.header());
    let options = wants.add(File::new("/etc/default/slurmd", options));
    wants.add(Service::running("slurmd.service").reads([options]));
}
