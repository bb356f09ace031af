//! Slurm's controller.

mod machines;

use bramble_converge::resource::{Directory, File, Packages, Service};

use crate::context::{Context, Wants};
use crate::role::Role;
use crate::template::fill;
use machines::Machines;

pub(crate) const ROLE: Role = Role {
    name: "scheduler",
    assigned: true,
    about: include_str!("role.md"),
    wants,
};

/// What Slurm needs to hold jobs to their cores and memory.
const CONTROLLERS: [&str; 3] = ["cpu", "cpuset", "memory"];

fn wants(context: &Context<'_>, wants: &mut Wants) {
    if context.cluster.scheduler.is_none() || !context.provides(ROLE.name) {
        return;
    }
    if context.cluster.with_role("worker").next().is_none() {
        wants.note("there is no worker, so Slurm has nothing to schedule and is left out");
        return;
    }
    wants.add(Packages::new(["slurmctld", "slurm-client"]));
    let machines = Machines::of(context);
    let cgroups = machines.all_have(&CONTROLLERS);
    if !cgroups {
        wants.note(
            "kernels here lack cgroup controllers for cores and memory: Slurm counts them, \
             and holds no job to them",
        );
    }
    wants.add(Directory::new(
        "/var/lib/slurm/slurmctld",
        0o700,
        "slurm:slurm",
    ));
    let reads = [
        wants.add(File::new(
            "/etc/slurm/cgroup.conf",
            cgroup_conf(context, cgroups),
        )),
        wants.add(File::new(
            "/etc/slurm/slurm.conf",
            slurm_conf(context, &machines, cgroups),
        )),
    ];
    // A reload hands the new configuration to the workers and keeps every job.
    wants.add(Service::running("slurmctld.service").reads(reads).reloads());
}

fn slurm_conf(context: &Context<'_>, machines: &Machines<'_>, cgroups: bool) -> String {
    let (track, task) = if cgroups {
        ("proctrack/cgroup", "task/cgroup,task/affinity")
    } else {
        ("proctrack/linuxproc", "task/none")
    };
    let overrides = if machines.kernel_shows_less() {
        "\n# The kernels show less than the boards have.\nSlurmdParameters=config_overrides"
    } else {
        ""
    };
    fill(
        include_str!("templates/slurm.conf"),
        &[
            ("header", &context.header()),
            ("cluster", context.cluster.name.as_str()),
            ("head", context.node.name.as_str()),
            ("address", &context.node.address.to_string()),
            ("track", track),
            ("task", task),
            ("overrides", overrides),
            ("memory-per-core", &machines.memory_per_core().to_string()),
            ("nodes", &machines.node_lines()),
            ("workers", &machines.names()),
        ],
    )
}

fn cgroup_conf(context: &Context<'_>, cgroups: bool) -> String {
    let settings = if cgroups {
        "CgroupPlugin=autodetect\nConstrainCores=yes\nConstrainRAMSpace=yes\n"
    } else {
        "CgroupPlugin=disabled\n"
    };
    format!("# {}\n{settings}", context.header())
}
